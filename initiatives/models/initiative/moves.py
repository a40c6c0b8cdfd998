"""The workflow of an entry as one table: which verb leads from where to where, who may, what is asked, what is read.

The verbs of Initiative, the buttons and bulk actions of the desk, its guide and the tests of permissions read it.
"""

from dataclasses import dataclass

from .fields import InitiativeFields

Status = InitiativeFields.Status
# The groups of accounts: each has what the one before it has.
EDITORS, MODERATORS = "rédaction", "modération"


@dataclass(frozen=True)
class Message:
    """The text that a move asks for: the keyword of its verb, the label and the help of its field; and whether the
    declarant gets it by mail, where there still is an address."""

    keyword: str
    label: str
    help: str
    is_mailed: bool = False


@dataclass(frozen=True)
class Move:
    """One change of status.

    `acts` are the pairs of columns that get their who and when: `submitted` is submitted_by and submitted_at.
    `done` is what entries are then, in the singular and, where it is no plain « s », in the plural.
    `first` asks for this move where another one needs its target.
    """

    verb: str
    origins: frozenset[Status]
    target: Status
    acts: tuple[str, ...]
    group: str
    label: str
    done: str
    right: str
    first: str = ""
    asks: Message | None = None

    @property
    def codename(self) -> str:
        return f"{self.verb}_initiative"

    @property
    def permission(self) -> str:
        return f"initiatives.{self.codename}"

    @property
    def reason(self) -> str:
        """The French verb, as versions and refusals have it."""
        return self.label.lower()


MOVES = {
    move.verb: move
    for move in (
        Move(
            verb="submit",
            origins=frozenset({Status.DRAFT, Status.CHANGES_REQUESTED}),
            target=Status.SUBMITTED,
            acts=("submitted",),
            group=EDITORS,
            label="Soumettre",
            done="soumise",
            right="Peut soumettre une fiche",
            first="Soumettez-la d’abord.",
        ),
        Move(
            verb="publish",
            origins=frozenset({Status.SUBMITTED}),
            target=Status.PUBLISHED,
            acts=("reviewed", "published"),
            group=MODERATORS,
            label="Publier",
            done="publiée",
            right="Peut publier une fiche",
        ),
        Move(
            verb="request_changes",
            origins=frozenset({Status.SUBMITTED}),
            target=Status.CHANGES_REQUESTED,
            acts=("reviewed",),
            group=MODERATORS,
            label="Demander des compléments",
            done="à compléter,à compléter",
            right="Peut demander des compléments",
            asks=Message(
                "message",
                "Ce qui manque",
                "Par exemple : Quel a été le coût annuel ?",
                is_mailed=True,
            ),
        ),
        Move(
            verb="reject",
            origins=frozenset({Status.SUBMITTED, Status.CHANGES_REQUESTED}),
            target=Status.REJECTED,
            acts=("reviewed",),
            group=MODERATORS,
            label="Refuser",
            done="refusée",
            right="Peut refuser une fiche",
            asks=Message(
                "reason",
                "Raison",
                "Gardée avec la fiche, lue par vos collègues. Par exemple : Déjà dans le catalogue.",
            ),
        ),
        Move(
            verb="archive",
            origins=frozenset({Status.PUBLISHED}),
            target=Status.ARCHIVED,
            acts=("reviewed",),
            group=MODERATORS,
            label="Archiver",
            done="archivée",
            right="Peut archiver une fiche",
        ),
        Move(
            verb="restore",
            origins=frozenset({Status.ARCHIVED, Status.REJECTED}),
            target=Status.SUBMITTED,
            acts=("submitted",),
            group=MODERATORS,
            label="Rétablir",
            done="à relire,à relire",
            right="Peut rétablir une fiche",
            first="Rétablissez-la d’abord.",
        ),
    )
}
