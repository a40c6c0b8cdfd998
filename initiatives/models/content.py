from datetime import datetime
from zlib import crc32

from django.db import connection, models
from django.db.models import F
from django.utils import timezone

QUESTION = "SELECT number, CAST(changed_at AS text) FROM initiatives_contentversion WHERE id = 1"


def _straight() -> tuple[str, str] | None:
    """The answer by libpq itself; None where it cannot be had so.

    A cursor takes three times as long, and asks first whether the connection lives: this question shows it.
    """
    if connection.vendor != "postgresql" or connection.connection is None or connection.in_atomic_block:
        return None
    try:
        result = connection.connection.pgconn.exec_(QUESTION.encode())
    except connection.Database.Error:
        return None
    if result.ntuples != 1:
        return None
    return result.get_value(0, 0).decode(), result.get_value(0, 1).decode()


class ContentVersion(models.Model):
    """The one row whose number changes with whatever the public may see.

    Pages, caches and conditional requests are functions of (number, address). It is raised in the
    transaction of the change itself, so that no reader meets new content under an old number for
    longer than that transaction takes to commit.
    """

    ROW = 1

    number = models.PositiveBigIntegerField("numéro", default=1)
    changed_at = models.DateTimeField("dernier changement", auto_now=True)
    # What the files give as the date of their last update, which the licence has every reuser cite.
    data_changed_at = models.DateTimeField("dernier changement des données", auto_now=True)

    class Meta:
        verbose_name = "version du contenu"
        verbose_name_plural = "version du contenu"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="content_version_is_one_row")]

    def __str__(self):
        return str(self.number)

    @classmethod
    def current(cls) -> "ContentVersion":
        return cls.objects.get(pk=cls.ROW)

    @classmethod
    def state(cls) -> str:
        """The number and a digest of its moment, by the shortest way: each request for a page asks.

        A restored database counts again from where it was: the moment tells the second 4321 from the first.
        """
        row = _straight()
        if row is None:
            with connection.cursor() as cursor:
                cursor.execute(QUESTION)
                row = cursor.fetchone()
        if row is None:
            raise cls.DoesNotExist
        # Each database writes the moment in its own way; a catalogue that goes from one to the other keeps its state.
        moment = datetime.fromisoformat(row[1]).replace(tzinfo=None).isoformat()
        return f"{row[0]}-{crc32(moment.encode()):08x}"

    @classmethod
    def bump(cls, *, of_data: bool = True):
        """Say that something public has changed; not `of_data` where the entries stand as they did."""
        now = timezone.now()
        moments = {"changed_at": now, "data_changed_at": now} if of_data else {"changed_at": now}
        cls.objects.filter(pk=cls.ROW).update(number=F("number") + 1, **moments)
