"""The cache that all workers share: failures to log in are counted there, and codes that were used."""

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac


def unreadable(key: str, prefix: str, version: int) -> str:
    """Some keys hold the address of a visitor: the table holds none."""
    return salted_hmac("initiatives.caching.shared", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()


class SharedCache(DatabaseCache):
    """Django's database cache, which keeps nothing that has expired and does not hide that the database is away.

    Django's takes a write that failed for a value that is there already: staff would read « trop d’essais ».
    """

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        database = router.db_for_write(self.cache_model_class)
        with transaction.atomic(using=database):
            self._forget(connections[database])
            return super()._base_set(mode, key, value, timeout)

    def _forget(self, connection):
        now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
        table = connection.ops.quote_name(self._table)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 -- a name of the settings
