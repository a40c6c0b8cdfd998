"""The publications and the files of their editions: request in, response out."""

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from initiatives.caching.conditional import conditional, expensive_page, fixed_page, public_page, public_turn
from initiatives.exports.attribution import attribution
from initiatives.exports.formats import EXPORTS
from initiatives.models import Edition, Initiative, Publication
from initiatives.opendata.downloads import as_download
from initiatives.public.entry_addresses import entry_at
from initiatives.public.machine_views import without_query

from . import storage
from .archive import EXPORTED
from .basket_pages import BasketPage
from .downloads import offers
from .edition import EditionContent
from .pdf import booklet
from .volumes import Volume, count


@fixed_page
def publication_list(request):
    editions = Edition.objects.without_data().select_related("publication").latest_first()
    latest: dict[int, Edition] = {}
    for edition in editions:
        latest.setdefault(edition.publication_id, edition)
    shown = sorted(latest.values(), key=lambda edition: edition.frozen_at, reverse=True)
    return render(request, "publications/publication_list.html", {"editions": shown})


@fixed_page
def publication_detail(request, slug):
    return _edition(request, get_object_or_404(Publication.objects.with_editions(), slug=slug))


@fixed_page
def edition_detail(request, slug, number):
    return _edition(request, get_object_or_404(Publication.objects.with_editions(), slug=slug), number=number)


@fixed_page
def edition_volume(request, slug, number, volume):
    publication = get_object_or_404(Publication.objects.with_editions(), slug=slug)
    if volume == 1:
        return redirect("edition_detail", slug, number, permanent=True)
    return _edition(request, publication, volume=volume, number=number)


def _edition(request, publication: Publication, *, volume: int = 1, **which) -> HttpResponse:
    edition = _find(publication, **which)
    frozen = EditionContent(edition)
    volumes = [(at, _volume_address(edition, at)) for at in range(1, count(frozen) + 1)]
    if not 0 < volume <= len(volumes):
        raise Http404
    others = publication.editions.without_data().exclude(pk=edition.pk).latest_first()
    newer = next((other for other in others if other.number > edition.number), None)
    context = {
        "edition": edition,
        "frozen": frozen,
        "volume": Volume(frozen, volume),
        "volumes": volumes,
        "offers": list(offers(edition)),
        "others": others,
        "newer": newer,
    }
    return render(request, "publications/edition_detail.html", context)


def _volume_address(edition: Edition, number: int) -> str:
    if number == 1:
        return edition.get_absolute_url()
    return reverse("edition_volume", args=[edition.publication.slug, edition.number, number])


def _find(publication: Publication, **which) -> Edition:
    edition = publication.editions.filter(**which).select_related("publication", "document").latest_first().first()
    if edition is None:
        raise Http404
    return edition


@expensive_page
@without_query
def initiative_sheet(request, slug):
    initiative = entry_at(slug, Initiative.objects.published())
    if initiative.slug != slug:
        return redirect("initiative_sheet", initiative.slug, permanent=True)
    made = booklet.booklet([initiative], attribution(request), title=initiative.title)
    return HttpResponse(made, content_type="application/pdf")


@public_page
def selection(request):
    chosen = BasketPage(request.GET)
    return render(
        request, "publications/selection.html", {"chosen": chosen}, status=400 if chosen.ticks.excess else 200
    )


@expensive_page
def selection_booklet(request):
    chosen = BasketPage(request.GET)
    if chosen.ticks.unknown or not chosen.is_printable:
        return render(request, "publications/selection.html", {"chosen": chosen}, status=400)
    made = booklet.booklet(chosen.entries, attribution(request))
    return HttpResponse(made, content_type="application/pdf")


@conditional
def edition_file(request, slug, number, filename):
    edition = _find(get_object_or_404(Publication, slug=slug), number=number)
    stored = next((file for file in edition.document.files if file["name"] == filename), None)
    if stored and storage.is_there(stored):
        response = FileResponse(storage.opened(stored), content_type=storage.content_type(filename))
        name = f"{slug}-edition-{number}{filename.removeprefix('publication')}"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response
    if filename not in EXPORTED:
        raise Http404
    export, records = EXPORTS[filename], EditionContent(edition).files
    if request.method == "HEAD":
        response = StreamingHttpResponse((), content_type=export.content_type)
    elif export.is_workbook:
        with public_turn(request):
            response = FileResponse(export.workbook(records), content_type=export.content_type)
    else:
        response = StreamingHttpResponse(export.write(records), content_type=export.content_type)
    return as_download(response, f"{slug}-edition-{number}-{filename}", records.attribution.licence)
