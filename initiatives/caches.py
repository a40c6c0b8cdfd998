"""The cache that all workers share: failures to log in are counted there, and codes that were used."""

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import router, transaction


class SharedCache(DatabaseCache):
    """Django's takes a database that is away for a value that is there already: staff would read « trop d’essais »."""

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        with transaction.atomic(using=router.db_for_write(self.cache_model_class)):
            return super()._base_set(mode, key, value, timeout)
