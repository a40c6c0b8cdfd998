"""Settings: the only module that reads the environment. The README has the table of the variables."""

from pathlib import Path
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate

from initiatives.runtime.local_secret import local_secret
from initiatives.runtime.logs import logging_of

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var").expanduser().absolute()
FIXTURE_DIR = BASE_DIR / "fixtures"

DEBUG = env.bool("DEBUG", False)

# An installation is local until it is told its public name. Local means: this machine only, plain
# HTTP, a secret of its own in var/. Anything else must bring its own secret and speak HTTPS.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [])
LOCAL = not ALLOWED_HOSTS
if LOCAL:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if not LOCAL:
        raise ImproperlyConfigured(
            "SECRET_KEY is required as soon as ALLOWED_HOSTS names a host: set it to 50 random characters or more."
        )
    SECRET_KEY = local_secret(VAR_DIR)
# Former ones, which still open what they have signed or encrypted.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])

# The second factor of the staff: compulsory as soon as the installation has a public name.
SECOND_FACTOR = env.bool("SECOND_FACTOR", not LOCAL)

INSTALLED_APPS = [
    # Before ours, which takes back what they register in the admin.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "initiatives",
    "towns",
    "initiatives.desk.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "import_export",
    "django_htmx",
]

MIDDLEWARE = [
    # Before all others, because it sends again what left them.
    "initiatives.caching.page_cache.PageCache",
    # Then these, so that even a redirect to HTTPS and a refused host carry these headers.
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "initiatives.caching.staticfiles.StaticFiles",
    "initiatives.accounts.guard.kept_private",
    "initiatives.runtime.errors.ErrorPages",
    "initiatives.runtime.middleware.only_at_the_desk",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "initiatives.accounts.lockout.device_cookies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "initiatives.accounts.guard.SecondFactorGuard",
]

ROOT_URLCONF = "initiatives.urls"
WSGI_APPLICATION = "initiatives.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["initiatives.templatetags.french"],
        },
    }
]

# Our own widgets have their templates beside the others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{quote(str(VAR_DIR / 'catalogue.sqlite3'))}")}
DATABASE = DATABASES["default"]
# Opening a connection costs more than most of our queries: keep it, and look at it before each request.
DATABASE["CONN_MAX_AGE"] = None
DATABASE["CONN_HEALTH_CHECKS"] = True
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE["ENGINE"] = "initiatives.runtime.sqlite"
    DATABASE["OPTIONS"] = {
        # Take the write lock when a transaction begins: waiting beats failing half-way.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        # Seconds. An import of 16,000 rows holds the lock for some twenty: who saves meanwhile waits, and is
        # given back what they typed should it be longer. A reader that waits meets a fault.
        "timeout": 2,
        "write_timeout": 45,
    } | DATABASE.get("OPTIONS", {})
elif DATABASE["ENGINE"] == "django.db.backends.postgresql":
    # A server that is away, or that vanishes without a word, is a 503 within seconds.
    DATABASE["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
    } | DATABASE.get("OPTIONS", {})
else:
    raise ImproperlyConfigured("DATABASE_URL begins with sqlite:/// or with postgres://.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # That of allauth: failures to log in are counted for all workers together, and outlive a restart.
    # Pushing out the count of one account takes tens of thousands of failures on other names, for a few tries more.
    "default": {
        "BACKEND": "initiatives.caching.shared.SharedCache",
        "LOCATION": "shared_cache",
        "KEY_FUNCTION": "initiatives.caching.shared.unreadable",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "pages": env.dj_cache_url("CACHE_URL", "locmem://"),
}
if CACHES["pages"]["BACKEND"].endswith("RedisCache"):
    # A server that is away is known to be within half a second: the site goes on without it.
    CACHES["pages"]["OPTIONS"] = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5} | CACHES["pages"].get(
        "OPTIONS", {}
    )
# Bytes of pages that each process keeps at hand, in front of that cache; 0: none.
PAGES_IN_MEMORY = 16 * 1024**2
# Bytes, about, of what each process has counted in the present state of the content; 0: it counts anew each time.
COUNTS_IN_MEMORY = 4 * 1024**2

vars().update(env.dj_email_url("EMAIL_URL", "console://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "catalogue@localhost")
# Where visitors report a mistake. Empty: the pages say so and offer no address.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Nothing asks for a file under its plain name, and compressing both takes twice as long.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = VAR_DIR / "media"
# Else Django's storages open what they write to all accounts of the machine; see file_modes.py.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

# HTTPS: on as soon as the installation has a public name. The proxy in front ends TLS and says so.
HTTPS = env.bool("HTTPS", not LOCAL)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# /sante is asked by the machine itself, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^sante$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# Beyond this one name only where all those below it speak HTTPS, which the association may not decide.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # these two, as they are meant
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# The cookies of the staff stay at the desk: browsers send none to the public pages.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "initiatives.runtime.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# What the site never asks a browser for; copying an address and passkeys stay allowed.
PERMISSIONS_POLICY = {
    feature: []
    for feature in (
        "accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope"
        " magnetometer microphone midi payment usb xr-spatial-tracking"
    ).split()
}

# CNIL, délibération n° 2022-100 du 21 juillet 2022, second case: with a lock-out, 50 bits, which 12
# lower-case letters have (56). ANSSI, « Recommandations relatives à l’authentification multifacteur et
# aux mots de passe » (2021): 12 characters, none that is on a list, no change without a reason.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["initiatives.accounts.backends.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
# A day of work, and no longer than the browser stays open.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# The proxy in front adds the visitor's address to X-Forwarded-For; without one nobody may.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
ACCOUNT_ADAPTER = "initiatives.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# The administrator who gives an account vouches for its address. Nobody else is written to.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The address that stands with an account is its only one: allauth's own keep those that it had in a table, beside it.
ACCOUNT_FORMS = {"reset_password": "initiatives.accounts.passwords.LostPasswordForm"}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_RATE_LIMITS = {
    # See accounts/lockout.py. Of an account, for a device that it knows or for a network; and of its second factor.
    "login_failed": "5/15m/key",
    # For devices that the account does not know: of an address, whatever the account; of an account, from anywhere.
    "login_failed_address": "30/5m/ip",
    "login_failed_account": "50/d/key",
    # Limits of an address would close the way back to whoever shares it with a stranger.
    "login": None,
    "reset_password": None,
    "reset_password_from_key": None,
    # The mails to an account, as long as the link of the last one serves: see accounts/passwords.py.
    "password_mail": "1/h/key",
}
# What a subscriber, or an office, is given.
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = 56

MFA_ADAPTER = "initiatives.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody guesses a signature: a limit would only close passkeys to whoever shares an address with a stranger.
MFA_RATE_LIMITS = {"webauthn_login": None}
# Browsers take http://localhost for safe; the library asks to be told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# « Quatre yeux »: nobody publishes a text that they were the last to change, nor corrects a published one alone.
FOUR_EYES = env.bool("FOUR_EYES", False)

# Whether `prepare` loads the vocabulary, the survey, the entries and the publication that come with the code.
INITIAL_DATA = env.bool("INITIAL_DATA", True)

# How long the data of declarants is kept after the end of their survey.
RETENTION_MONTHS = env.int("RETENTION_MONTHS", 24, validate=validate.Range(1, 1200))

# Who publishes the catalogue: printed as the licensor in every export, as the licence asks.
PUBLISHER = env.str("PUBLISHER", "Villes de France")

LOGGING = logging_of(debug=DEBUG)
