"""The environment configures, and nothing else: what it can say, what it must, and what a mistake gets."""

import json
import re
import stat
import sys

import pytest

from tests.run import ROOT, settings_variables
from tests.support.servers import manage, run

pytestmark = pytest.mark.no_database

PRODUCTION = {"ALLOWED_HOSTS": "initiatives.example.org", "SECRET_KEY": "9f" + "aZ3-bY7_cX1.dW5" * 4}
SHOWN = "HTTPS DEBUG ALLOWED_HOSTS SECURE_HSTS_SECONDS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT"
# As they are to be where there is a proxy in front: tests set some of them otherwise.
PROTECTING = {
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "ALLAUTH_RATE_LIMIT_IPV6_PREFIX": 56,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECURE_REDIRECT_EXEMPT": ["^sante$"],
    "SECURE_REFERRER_POLICY": "same-origin",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "X_FRAME_OPTIONS": "DENY",
    "SESSION_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": "/admin/",
    "CSRF_COOKIE_PATH": "/admin/",
    "SESSION_COOKIE_AGE": 43_200,
    "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https",
    "ACCOUNT_RATE_LIMITS": {
        "login_failed": "5/15m/key",
        "login_failed_address": "30/5m/ip",
        "login_failed_account": "50/d/key",
        "login": None,
        "reset_password": None,
        "reset_password_from_key": None,
        "password_mail": "1/h/key",
    },
    "AUTHENTICATION_BACKENDS": ["initiatives.accounts.backends.StaffBackend"],
    "PASSWORD_RESET_TIMEOUT": 259_200,
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    "MFA_RATE_LIMITS": {"webauthn_login": None},
    "FILE_UPLOAD_PERMISSIONS": 0o600,
    "FILE_UPLOAD_DIRECTORY_PERMISSIONS": 0o700,
    "PAGES_IN_MEMORY": 16 * 2**20,
    "COUNTS_IN_MEMORY": 4 * 2**20,
}


def shown(tmp_path, names=SHOWN, **variables) -> dict:
    """Settings as a process with these variables has them, of which nothing else is loaded."""
    code = (
        "import json; from django.conf import settings;"
        f" print(json.dumps([str(getattr(settings, name)) for name in {names.split()}]))"
    )
    variables = {"VAR_DIR": tmp_path, "DJANGO_SETTINGS_MODULE": "initiatives.settings"} | variables
    done = run(sys.executable, "-c", code, **variables)
    assert done.returncode == 0, done.stderr
    return dict(zip(names.split(), json.loads(done.stdout), strict=True))


def test_readme_has_the_table_of_the_variables():
    section = (ROOT / "README.md").read_text().partition("\n## Settings\n")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE))
    assert "SECRET_KEY" in documented
    assert documented == settings_variables()


def test_only_the_settings_read_the_environment():
    modules = [path for app in ("initiatives", "towns") for path in (ROOT / app).rglob("*.py")]
    readers = {
        path.name for path in modules if re.search(r"os\.environ\[|os\.environ\.get|getenv|Env\(", path.read_text())
    }
    assert len(modules) > 20
    assert readers == {"settings.py"}


def test_production_is_fit_to_deploy(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", VAR_DIR=tmp_path, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_local_installation_speaks_plain_http_to_this_machine_only(tmp_path):
    local = shown(tmp_path)
    assert local["HTTPS"] == local["DEBUG"] == local["SECURE_SSL_REDIRECT"] == "False"
    assert local["SESSION_COOKIE_SECURE"] == local["CSRF_COOKIE_SECURE"] == "False"
    assert local["SECURE_HSTS_SECONDS"] == "0"
    assert "localhost" in local["ALLOWED_HOSTS"]


def test_production_speaks_https(tmp_path):
    production = shown(tmp_path, **PRODUCTION)
    assert production["ALLOWED_HOSTS"] == "['initiatives.example.org']"
    assert production["HTTPS"] == production["SECURE_SSL_REDIRECT"] == "True"
    assert production["SESSION_COOKIE_SECURE"] == production["CSRF_COOKIE_SECURE"] == "True"
    assert int(production["SECURE_HSTS_SECONDS"]) >= 31_536_000


def test_what_protects_the_desk_and_visitors_in_production(tmp_path):
    found = shown(tmp_path, " ".join(PROTECTING), **PRODUCTION)
    assert found == {name: str(value) for name, value in PROTECTING.items()}


def test_hsts_speaks_for_this_name_only_unless_told(tmp_path):
    names = "SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_HSTS_PRELOAD"
    assert set(shown(tmp_path, names, **PRODUCTION).values()) == {"False"}
    told = {"HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}
    assert set(shown(tmp_path, names, **PRODUCTION, **told).values()) == {"True"}


def test_second_factor_is_compulsory_in_production_and_may_be_asked_for_anywhere(tmp_path):
    assert shown(tmp_path, "SECOND_FACTOR") == {"SECOND_FACTOR": "False"}
    assert shown(tmp_path, "SECOND_FACTOR", **PRODUCTION) == {"SECOND_FACTOR": "True"}
    assert shown(tmp_path, "SECOND_FACTOR", SECOND_FACTOR="true") == {"SECOND_FACTOR": "True"}


def test_secret_of_the_local_installation_is_drawn_once_and_kept_from_others(tmp_path):
    first = shown(tmp_path, "SECRET_KEY")
    secret = tmp_path / "secret_key"
    assert len(first["SECRET_KEY"]) >= 50
    assert shown(tmp_path, "SECRET_KEY") == first
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("name", ["var with spaces", "100 % é?#var"])
def test_var_may_have_any_name(tmp_path, name):
    found = shown(tmp_path, "VAR_DIR DATABASE", VAR_DIR=tmp_path / name)
    assert found["VAR_DIR"] == str(tmp_path / name)
    assert f"{name}/catalogue.sqlite3" in found["DATABASE"]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"ALLOWED_HOSTS": "example.org"}, "SECRET_KEY is required"),
        ({"DEBUG": "peut-être"}, '"DEBUG" invalid'),
        ({"DATABASE_URL": "mysql://user@host/name"}, "DATABASE_URL begins with sqlite:/// or with postgres://"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"RETENTION_MONTHS": "0"}, '"RETENTION_MONTHS" invalid'),
        ({"RETENTION_MONTHS": "deux ans"}, '"RETENTION_MONTHS" invalid'),
        ({"VAR_DIR": "/dev/null/var"}, "cannot be kept in /dev/null/var"),
    ],
    ids=str,
)
def test_mistake_gets_one_sentence(tmp_path, variables, sentence):
    done = manage("check", **{"VAR_DIR": tmp_path, **variables})
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [
        ("sqlite:////srv/data/c.sqlite3?timeout=1", "initiatives.runtime.sqlite", "/srv/data/c.sqlite3"),
        ("postgres://user:secret@db.example.org:5433/villes", "django.db.backends.postgresql", "villes"),
    ],
)
def test_database_by_its_url(tmp_path, url, engine, name):
    database = shown(tmp_path, "DATABASE", DATABASE_URL=url)["DATABASE"]
    assert f"'ENGINE': '{engine}'" in database
    assert f"'NAME': '{name}'" in database
    assert "'CONN_HEALTH_CHECKS': True" in database
    assert ("'timeout': 1" in database) == ("timeout" in url)
