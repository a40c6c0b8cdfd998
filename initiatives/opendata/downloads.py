"""Downloads: request in, file out."""

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from initiatives.caching.conditional import conditional, public_turn, shared
from initiatives.exports.attribution import Licence, attribution
from initiatives.exports.formats import EXPORTS
from initiatives.exports.records import Entries
from initiatives.exports.spreadsheets import MAX_ROWS
from initiatives.public.filters import InitiativeFilter
from initiatives.public.refusals import refused
from initiatives.public.selection import Selection
from initiatives.text.french import number

ADVICE = "demandez-la au format CSV ou JSON, ou choisissez un filtre de plus."


@shared
@conditional
def export(request, filename):
    if filename not in EXPORTS:
        raise Http404
    wanted = EXPORTS[filename]
    filterset = InitiativeFilter(Selection(request.GET))
    if filterset.unknown:
        return refused(request, filterset, "Cet export", status=400)
    entries = Entries(filterset.ordered_rows(), attribution(request, filterset.selection.query()))
    if wanted.is_workbook and (count := entries.count()) > MAX_ROWS:
        reason = (
            f"Cette liste compte {number(count)} fiches, un classeur en reçoit {number(MAX_ROWS)} au plus : {ADVICE}"
        )
        return refused(request, filterset, "Cet export", reasons=[reason], status=400)
    return _download(request, wanted, entries)


def _download(request, wanted, entries) -> HttpResponseBase:
    if request.method == "HEAD":
        # Who only asks about the file does not make it; streamed, so that no length is made up.
        response = StreamingHttpResponse((), content_type=wanted.content_type)
    elif wanted.is_workbook:
        with public_turn(request):
            response = FileResponse(wanted.workbook(entries), content_type=wanted.content_type)
    else:
        response = StreamingHttpResponse(wanted.stream(entries), content_type=wanted.content_type)
    return as_download(response, wanted.saved_as(entries.attribution), entries.attribution.licence)


def as_download(response, name: str, licence: Licence) -> HttpResponseBase:
    """A file to save; its licence stands in a header too (RFC 4946), for a table without a row has no other place."""
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Link"] = f'<{licence.address}>; rel="license"'
    return response
