"""When something is wrong: a page in French with its status, whoever raised and wherever."""

import io
import logging
import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path

from initiatives import urls
from initiatives.models import Initiative
from initiatives.runtime.errors import SENTENCES, typed
from initiatives.runtime.logs import DiscreetFormatter

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500

SECRET = "camille@prive.example"
LOCKED = OperationalError(f"database is locked\nLINE 1: … {SECRET}")
# The admin renders its pages after its views, and queries while it does.
LAZY = engines["django"].from_string("{% for row in rows %}{{ row }}{% endfor %}")


def raising(exception):
    def view(request):
        raise exception

    return view


def parts(*things):
    """A download in parts; a part that is an exception is raised."""
    for thing in things:
        if isinstance(thing, Exception):
            raise thing
        yield thing


def streaming(*things):
    return lambda request: StreamingHttpResponse(parts(*things), content_type="text/csv")


class Broken:
    """A middleware that fails after the view, as the one that saves sessions may."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        self.get_response(request)
        raise LOCKED


urlpatterns = [
    *urls.urlpatterns,
    path("fine", lambda request: HttpResponse("fine")),
    path("locked", raising(LOCKED)),
    path("closed", raising(InterfaceError("connection already closed"))),
    path("damaged", raising(DatabaseError("database disk image is malformed"))),
    path("template", lambda request: TemplateResponse(request, LAZY, {"rows": parts(LOCKED)})),
    path("beyond", raising(DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"))),
    path("forbidden", raising(PermissionDenied(SECRET))),
    path("suspicious", raising(SuspiciousOperation(SECRET))),
    path("bug", raising(RuntimeError(SECRET))),
    path("conflict", raising(IntegrityError(f"DETAIL: Failing row contains ({SECRET})"))),
    path("stream/locked", streaming(LOCKED, b"a")),
    path("stream/bug", streaming(RuntimeError(SECRET))),
    path("stream/late", streaming(b"a", LOCKED)),
    path("stream/fine", streaming(b"a", b"b", b"c")),
    path("stream/empty", streaming()),
    path("file", lambda request: FileResponse(open(__file__, "rb"))),  # noqa: SIM115 -- the response closes it
]


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def assert_page(response, status: int):
    """A page of ours: its status, French, one heading, the headers of every page, no cookie."""
    assert response.status_code == status
    html = response.text
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert '<html lang="fr"' in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert 'class="masthead"' in html, "the page of last resort, not the site's"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert SECRET not in html


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/locked", 503),
        ("/closed", 503),
        ("/damaged", 503),
        ("/template", 503),
        ("/stream/locked", 503),
        ("/stream/bug", 500),
        ("/bug", 500),
        ("/conflict", 500),
        ("/forbidden", 403),
        ("/suspicious", 400),
        ("/beyond", 400),
        ("/nowhere", 404),
        ("/initiatives/%ff%fe/", 404),
        ("/initiatives/%00/", 404),
    ],
)
def test_fault_has_its_page_without_a_query(client, django_assert_num_queries, address, status):
    with django_assert_num_queries(0):
        response = client.get(address)
    assert_page(response, status)
    assert ("Retry-After" in response) == (status == 503)
    assert ("no-store" in response.get("Cache-Control", "")) == (status == 503)


def test_every_status_has_a_page_and_a_sentence_of_last_resort():
    assert set(SENTENCES) == {400, 403, 404, 405, 413, 429, 500, 503}


def test_fault_of_a_middleware_has_its_page(client, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.Broken"]
    assert_page(client.get("/fine"), 503)


def test_refused_method_has_its_page_and_names_those_that_are_not(settings):
    # As a browser, which has no token: the test client would be excused from one.
    settings.ROOT_URLCONF = __name__
    client = Client(enforce_csrf_checks=True)
    for address in ("/", "/initiatives/", "/sante", "/robots.txt"):
        response = client.post(address)
        assert_page(response, 405)
        assert response["Allow"] == "GET, HEAD"
    refused = client.delete("/initiatives/")
    assert refused.status_code == 405


def test_form_without_its_token_has_its_page(settings):
    assert_page(Client(enforce_csrf_checks=True).post("/admin/login/"), 403)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:99999", "a b", "-", "[::1", "x" * 3_000])
@pytest.mark.parametrize("https", [False, True])
def test_foreign_host_has_its_page(client, settings, host, https):
    settings.SECURE_SSL_REDIRECT = https
    assert_page(client.get("/initiatives/", headers={"host": host}), 400)


@pytest.mark.parametrize("data", [{"solution": "x" * 20 * 2**20}, {f"field-{n}": "" for n in range(1_001)}])
def test_form_that_is_too_long_has_its_page_and_changes_nothing(admin_client, data):
    response = admin_client.post("/admin/initiatives/initiative/add/", data)
    assert (response.status_code, "est trop long</h1>" in response.text) == (413, True)
    assert not Initiative.objects.exists()


@pytest.mark.parametrize("charset", ["base64", "raw_unicode_escape", "undefined", "utf-16", "latin-1", "x"])
def test_form_in_another_encoding_than_ours_has_its_page(client, charset):
    body = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\\ud800\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    response = client.generic("POST", "/admin/login/", body, content_type=kind)
    # Django itself reads an encoding that nobody knows as ours.
    assert response.status_code == (200 if charset == "x" else 400)


def test_too_many_parameters_have_their_page(client):
    assert_page(client.get("/initiatives/?" + "q=a&" * 1_001), 400)


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%00", "q=%ED%A0%80", "page=%", "%=%", "q=" + "%F0%9F%99%82" * 10_000])
@pytest.mark.both_databases
def test_broken_query_string_gets_a_page_that_makes_sense(client, query):
    assert client.get(f"/initiatives/?{query}").status_code in (200, 400)


def test_download_goes_on_after_its_first_part(client):
    assert b"".join(client.get("/stream/fine").streaming_content) == b"abc"
    assert b"".join(client.get("/stream/empty").streaming_content) == b""
    assert b"".join(client.get("/file").streaming_content).startswith(b'"""When')


def test_download_that_breaks_half_way_is_cut_not_ended(client):
    """A client that gets the end of a response believes that it has all of it."""
    response = client.get("/stream/late")
    assert response.status_code == 200
    with pytest.raises(OperationalError):
        b"".join(response.streaming_content)


def test_page_of_last_resort_answers_when_the_page_cannot(client, settings, tmp_path):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path], "APP_DIRS": False}]
    response = client.get("/bug")
    assert response.status_code == 500
    assert f"<h1>{SENTENCES[500]}</h1>" in response.text
    assert '<html lang="fr">' in response.text


def test_search_is_offered_where_a_page_is_not_found(client):
    html = client.get("/nowhere").text
    form = re.search(r"<form[^>]*>.*?</form>", html, flags=re.DOTALL).group()
    assert 'role="search"' in form
    assert 'action="/initiatives/"' in form
    assert 'name="q"' in form


class TestLog:
    def record(self, exception) -> str:
        try:
            raise exception
        except Exception as error:
            told = (type(error), error, error.__traceback__)
            return DiscreetFormatter("%(levelname)s %(message)s").format(
                logging.LogRecord("django.request", logging.ERROR, __file__, 1, "at %s", ("/x",), told)
            )

    def test_says_where_and_of_what_kind_but_no_value(self):
        text = self.record(ValueError(SECRET))
        assert "builtins.ValueError" in text
        assert f'"{__file__}"' in text
        assert SECRET not in text

    def test_says_the_cause_of_the_cause(self):
        fault = OperationalError(SECRET)
        fault.__cause__ = KeyError(SECRET)
        text = self.record(fault)
        assert "django.db.utils.OperationalError" in text
        assert "builtins.KeyError" in text
        assert SECRET not in text

    @pytest.mark.both_databases
    def test_gives_the_reason_of_a_database_that_is_away_but_not_the_statement(self, client, caplog):
        client.get("/locked")
        assert "database unavailable: OperationalError: database is locked" in caplog.text
        assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/admin/login/", {"login": "camille", "password": "huit tasses de tisane"}),
        ("/admin/imports/", {"file": io.BytesIO(b"Titre")}),
        ("/", {"q": "vélo"}),
    ],
    ids=["password", "file", "public"],
)
def test_password_and_file_are_not_given_back(rf, address, data):
    assert typed(rf.post(address, data)) == []
    assert typed(rf.post("/admin/initiatives/theme/add/", {"name": "Vélo"})) == [("name", "Vélo")]
