from zlib import crc32

from django.db import connection, models
from django.db.models import F
from django.utils import timezone


class ContentVersion(models.Model):
    """The one row whose number changes with whatever the public may see.

    Pages, caches and conditional requests are functions of (number, address). It is raised in the
    transaction of the change itself, so that no reader meets new content under an old number for
    longer than that transaction takes to commit.
    """

    ROW = 1

    number = models.PositiveBigIntegerField("numéro", default=1)
    changed_at = models.DateTimeField("dernier changement", auto_now=True)

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
        with connection.cursor() as cursor:
            cursor.execute("SELECT number, changed_at FROM initiatives_contentversion WHERE id = 1")
            row = cursor.fetchone()
        if row is None:
            raise cls.DoesNotExist
        return f"{row[0]}-{crc32(str(row[1]).encode()):08x}"

    @classmethod
    def bump(cls):
        cls.objects.filter(pk=cls.ROW).update(number=F("number") + 1, changed_at=timezone.now())
