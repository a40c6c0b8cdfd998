"""What an entry needs to be published, and how much of it helps to do the same: of one entry, and as a condition."""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.core.exceptions import ValidationError
from django.db.models import Q

from initiatives.text.french import listed
from initiatives.text.sentences import summary_of

from ..record_table import BY_NAME, NEEDED, OWN, TO_DO_THE_SAME, Element, FieldKind

# Empty is NULL for them, and an empty text for the others.
NULLABLE = (FieldKind.DAY, FieldKind.REFERENCE)


def lacking(names: Iterable[str]) -> str:
    """« il manque le titre et une source publique ou l’accord de diffusion »; nothing where nothing is missing.

    `names` are those of missing_to_publish().
    """
    return _lacking(NEEDED[name] for name in names)


def _lacking(elements: Iterable[Element]) -> str:
    words = [one.words for one in elements]
    return f"il manque {listed(words)}" if words else ""


def publishable() -> Q:
    """The condition that nothing is missing to publish an entry."""
    return reduce(and_, (reduce(or_, map(_filled_in, one.fields)) for one in NEEDED.values()))


def _filled_in(name: str) -> Q:
    return Q(**{f"{name}__isnull": False}) if BY_NAME[name].kind in NULLABLE else ~Q(**{name: ""})


class Completeness:
    """What an Initiative says, and what it does not."""

    def missing_to_publish(self) -> list[str]:
        """The names of NEEDED that the entry does not say, without a query. Its twin: incomplete()."""
        return [
            name
            for name, one in NEEDED.items()
            if not any(getattr(self, self._meta.get_field(field).attname) for field in one.fields)
        ]

    @property
    def proposed_summary(self) -> str:
        """What publishing takes for a summary where there is none."""
        return "" if self.summary else summary_of(self.solution)

    @property
    def untold(self) -> list[Element]:
        """What it does not say to whoever would do the same. It reads the tools."""
        return [one for one in TO_DO_THE_SAME if not any(map(self._says, one.fields))]

    def _says(self, name: str) -> bool:
        return bool(getattr(self, name).all() if name in OWN else getattr(self, name))

    @property
    def told(self) -> str:
        """« 5 des 8 », of what tells how to do the same. It reads the tools."""
        return f"{len(TO_DO_THE_SAME) - len(self.untold)} des {len(TO_DO_THE_SAME)}"

    @property
    def completeness(self) -> str:
        """« 5 des 8 éléments pour refaire : il manque le coût, le délai et le contact ». It reads the tools."""
        return "\u00a0: ".join(filter(None, [f"{self.told} éléments pour refaire", _lacking(self.untold)]))

    def clean_published(self):
        """Give a published entry its summary; ValidationError, by field, where it lacks what publishing asks for."""
        self.summary = self.summary or summary_of(self.solution)
        if missing := self.missing_to_publish():
            raise ValidationError({name: f"Pour que la fiche reste publiée, {lacking([name])}." for name in missing})
