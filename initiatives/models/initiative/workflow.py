"""The verbs of an entry, which alone change its status."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from initiatives.text.french import of

from ..bulk import write_columns
from ..mail import OutgoingMail
from .completeness import lacking
from .fields import InitiativeFields
from .moves import MOVES, Move


class IllegalMove(ValidationError):
    """A verb that the entry's status does not allow; the message says why, in French."""


class Workflow:
    """The verbs of Initiative. Each raises IllegalMove, and changes nothing, where the stored entry forbids it."""

    _stored_status = InitiativeFields.Status.DRAFT
    _is_moving = False

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._stored_status = instance.__dict__.get("status")
        return instance

    @property
    def was_published(self) -> bool:
        """Whether the public saw the entry before this change of it."""
        return self._stored_status == self.Status.PUBLISHED

    def allows(self, verb: str) -> bool:
        """Whether the entry has a status from which this verb leads on."""
        return self.status in MOVES[verb].origins

    def moves_for(self, user) -> list[Move]:
        """What this person may do with the entry in the state that it is in."""
        return [
            move
            for verb, move in MOVES.items()
            if self.allows(verb)
            and user.has_perm(move.permission)
            and not (verb == "publish" and self.needs_other_eyes(user))
        ]

    def save(self, **kwargs):
        """IllegalMove where something else than a verb has changed the status."""
        if self.status != self._stored_status and not self._is_moving:
            raise IllegalMove("Le statut ne change que par les actions de modération.")
        super().save(**kwargs)
        self._stored_status = self.status

    # The verbs

    def submit(self, *, by, at: datetime | None = None):
        """Hand the entry to whoever reviews. Raises IllegalMove."""
        self._move("submit", by=by, at=at)

    def publish(self, *, by, at: datetime | None = None):
        """Show the entry to the public. Raises IllegalMove, also while something needed is missing.

        One without a summary gets the first sentences of its solution. Entries of one loading share one moment `at`,
        so that none of them is more recent than another.
        """
        self._move("publish", by=by, at=at, prepare=_prepare_publishing)

    @transaction.atomic
    def request_changes(self, *, by, message: str):
        """Send the entry back with what to complete, and tell the declarant where there is an address.

        Raises IllegalMove, also where the message is empty.
        """
        self._move("request_changes", by=by, message=message)
        if self.declarant_email:
            OutgoingMail.objects.write("mail/changes_requested.txt", to=self.declarant_email, initiative=self)

    def reject(self, *, by, reason: str):
        """Refuse the entry, and say why. Raises IllegalMove, also where the reason is empty."""
        self._move("reject", by=by, message=reason)

    def archive(self, *, by):
        """Take the entry off the public site without losing it. Raises IllegalMove."""
        self._move("archive", by=by)

    def restore(self, *, by):
        """Put an archived or rejected entry back among those to review. Raises IllegalMove."""
        self._move("restore", by=by)

    def _move(self, verb: str, *, by, message: str | None = None, at: datetime | None = None, prepare=None):
        """Make the move of this verb, if the stored entry allows it; `prepare(stored, by)` refuses it, or returns the
        columns that change with it."""
        move = MOVES[verb]
        if message is not None and not message.strip():
            raise IllegalMove(f"Pour {move.reason}, écrivez un message : il dit pourquoi.")
        now = at or timezone.now()
        with transaction.atomic():
            stored = type(self).objects.select_for_update().get(pk=self.pk)
            if not stored.allows(verb):
                raise IllegalMove(
                    f"Impossible {of(move.reason)} : le statut de « {self} » est « {stored.get_status_display()} »."
                    f"{_way_to(move, stored)}"
                )
            more = prepare(stored, by) if prepare else {}
            if message is not None:
                more["review_message"] = message.strip()
            changed = self._make(move, by=by, at=now, **more)
            self._stored_status = stored.status
            self._is_moving, self._history_user, self._change_reason = True, by, move.reason
            try:
                self.save(update_fields=changed)
            finally:
                del self._is_moving, self._history_user, self._change_reason

    def _make(self, move: Move, *, by, at: datetime, **more: str) -> list[str]:
        """Make a move in memory, with `more` fields that change with it; the names of all that it sets."""
        changed = {"status": move.target} | more
        for act in move.acts:
            changed |= {f"{act}_at": at, f"{act}_by": by}
        for name, value in changed.items():
            setattr(self, name, value)
        return list(changed)

    @classmethod
    def move_many(cls, entries: Iterable, verbs: Iterable[str], *, by, at: datetime) -> list:
        """Make these moves of `submit` and `publish`, one after the other, for the entries that they lead on.

        Those that lack something to be published stay as they are, where they were to be. The entries are as they
        are stored, locked by the caller's transaction, which also asks whose text they are (« quatre yeux »).
        Returns those that were moved: their history and index are the caller's.
        """
        changed, moved = set(), []
        for entry in entries:
            moves = [MOVES[verb] for verb in verbs]
            # Of an entry that waits already, the first move is made.
            moves = moves[next((at for at, move in enumerate(moves) if entry.status in move.origins), len(moves)) :]
            if not moves or ("publish" in verbs and entry.missing_to_publish()):
                continue
            for move in moves:
                more = {"summary": entry.proposed_summary or entry.summary} if move.verb == "publish" else {}
                changed.update(entry._make(move, by=by, at=at, **more))
            entry.version += 1
            moved.append(entry)
        write_columns(moved, [*sorted(changed), "version"])
        return moved


def _way_to(move: Move, stored: Workflow) -> str:
    """The move that has to come first, as a sentence; nothing where none leads from here to this one."""
    ways = (way for way in MOVES.values() if way.first and way.target in move.origins and stored.allows(way.verb))
    return next((f" {way.first}" for way in ways), "")


def _prepare_publishing(stored: Workflow, by) -> dict[str, str]:
    """The rules of publishing, asked of what the database holds and not of what someone still reads."""
    if missing := stored.missing_to_publish():
        raise IllegalMove(f"« {stored} » ne peut pas être publiée : {lacking(missing)}.")
    if stored.needs_other_eyes(by):
        raise IllegalMove(
            f"« {stored} » ne peut pas être publiée par la personne qui en a écrit le dernier texte : une autre"
            " personne de la modération doit la relire."
        )
    return {"summary": stored.proposed_summary} if stored.proposed_summary else {}
