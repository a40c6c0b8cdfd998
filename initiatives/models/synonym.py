from django.core.exceptions import ValidationError
from django.db import models

from initiatives.search.query import Query, words

from .history import Versions


class SynonymQuerySet(models.QuerySet):
    def search_for(self, text: str) -> Query:
        """The search for a text as typed, with these synonyms."""
        return Query(text, [synonym.alternatives for synonym in self.order_by("pk")])


class Synonym(models.Model):
    """Words that mean the same to whoever searches: « télétravail, travail à distance »."""

    terms = models.CharField(
        "mots équivalents",
        max_length=300,
        help_text="Séparés par des virgules, par exemple : télétravail, travail à distance.",
    )

    objects = SynonymQuerySet.as_manager()
    history = Versions(verbose_name="version")

    class Meta:
        verbose_name = "synonymes"
        verbose_name_plural = "synonymes"

    def __str__(self):
        return self.terms

    def clean(self):
        if len({" ".join(words(term)) for term in self.alternatives} - {""}) < 2:
            raise ValidationError({"terms": "Écrivez au moins deux mots différents, séparés par une virgule."})

    @property
    def alternatives(self) -> list[str]:
        return [term.strip() for term in self.terms.split(",") if term.strip()]
