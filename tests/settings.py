"""Settings of the tests: those of the site, with what only slows a test taken away."""

import os

from initiatives.settings import *  # noqa: F403
from initiatives.settings import CACHES, DATABASES, MIDDLEWARE, STORAGES, VAR_DIR

if DATABASES["default"]["ENGINE"] == "initiatives.runtime.sqlite":
    # A file, as in production: in memory all threads would share one connection, and two people
    # could not be told apart. As fast, measured.
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / f"test-{os.getpid()}.sqlite3"}
MIDDLEWARE = [name for name in MIDDLEWARE if "staticfiles" not in name]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {**CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
PAGES_IN_MEMORY = COUNTS_IN_MEMORY = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CONTACT_EMAIL = "contact@example.org"
