"""Two people on one entry: what the one stored, what the other typed, and which of the two is kept."""

from dataclasses import dataclass

from initiatives.models import Initiative
from initiatives.models.record import differences, label, stored_values, version_values, written

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class ConflictChoice:
    """One field on which the two differ; `chosen` is the side that changed it, nothing where both did."""

    field: str
    label: str
    theirs: str
    mine: str
    chosen: str

    @property
    def name(self) -> str:
        return f"choix-{self.field}"


class Conflict:
    """What somebody typed into a form of an older version, against what is stored now.

    Versions that the same person saved since (another tab, « précédent ») ask nothing, except about
    a field that this form would silently put back.
    """

    def __init__(self, stored: Initiative, mine: dict, *, seen: int, by):
        self.stored, self.by = stored, by
        self.theirs, self.mine = stored_values(stored), mine
        opened = stored.history.filter(version__lte=seen).order_by("-history_id").first()
        self.base = version_values(opened) if opened else {}
        since = stored.history.filter(version__gt=seen).select_related("history_user")
        self.since = list(since.order_by("-history_id"))
        self.differing = [one.name for one in differences(self.theirs, mine)]

    @property
    def changes_nothing(self) -> bool:
        """Whether the form holds nothing that its author typed and that is not stored already."""
        return all(self._is_untouched(name) for name in self.differing)

    @property
    def choices(self) -> list[ConflictChoice]:
        own = bool(self.since) and all(version.history_user == self.by for version in self.since)
        asked = [name for name in self.differing if not own or self._is_untouched(name)]
        return [self._choice(name) for name in asked]

    @property
    def sentence(self) -> str:
        last = self.since[0] if self.since else None
        who = str(last.history_user.get_full_name() or last.history_user) if last and last.history_user else ""
        return (
            f"{who or 'Quelqu’un'} a enregistré cette fiche pendant que vous la modifiiez. Rien de ce que vous avez"
            " écrit n’est perdu : choisissez pour chaque champ, puis enregistrez."
        )

    def _is_untouched(self, name: str) -> bool:
        return name in self.base and self.mine[name] == self.base[name]

    def _choice(self, name: str) -> ConflictChoice:
        theirs_changed, mine_changed = self.theirs[name] != self.base.get(name), not self._is_untouched(name)
        chosen = {(True, False): THEIRS, (False, True): MINE}.get((theirs_changed, mine_changed), "")
        if name in Initiative.DECLARANT and self.stored.declarant_erased_on:
            # The past no longer says that it was there: a form that was opened before must not bring it back.
            chosen = THEIRS
        return ConflictChoice(
            name, label(name), written(name, self.theirs[name]), written(name, self.mine[name]), chosen
        )
