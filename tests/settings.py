"""Settings of the tests: those of the site, with what only slows a test taken away."""

from initiatives.settings import *  # noqa: F403
from initiatives.settings import MIDDLEWARE, STORAGES

MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CONTACT_EMAIL = "contact@example.org"
