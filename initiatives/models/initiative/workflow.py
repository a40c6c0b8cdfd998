"""The workflow of an entry: its verbs, which alone change the status."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from initiatives.text.french import of

from ..mail import OutgoingMail
from .fields import InitiativeFields


class IllegalMove(ValidationError):
    """A verb that the entry's status does not allow; the message says why, in French."""


class Workflow:
    """The verbs of Initiative. Each raises IllegalMove where the stored entry does not allow it."""

    _stored_status = InitiativeFields.Status.DRAFT
    _is_moving = False

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._stored_status = instance.__dict__.get("status")
        return instance

    def save(self, **kwargs):
        if self.status != self._stored_status and not self._is_moving:
            raise IllegalMove("Le statut ne change que par les actions de modération.")
        super().save(**kwargs)
        self._stored_status = self.status

    @property
    def was_published(self) -> bool:
        """Whether the public saw the entry before this change of it."""
        return self._stored_status == self.Status.PUBLISHED

    # The verbs

    def submit(self, *, by, at: datetime | None = None):
        """Hand the entry to whoever reviews."""
        self._move("soumettre", {"draft", "changes_requested"}, "submitted", at=at, submitted=by)

    def publish(self, *, by, at: datetime | None = None):
        """Show the entry to the public; refused while something required is missing.

        Entries of one loading share one moment `at`, so that none of them is more recent than another.
        """
        self._move("publier", {"submitted"}, "published", at=at, check=_is_publishable, reviewed=by, published=by)

    def request_changes(self, *, by, message: str):
        """Send the entry back with what to complete, and tell the declarant where there is an address."""
        with transaction.atomic():
            self._move("demander des compléments", {"submitted"}, "changes_requested", message=message, reviewed=by)
            if self.declarant_email:
                OutgoingMail.objects.write("mail/changes_requested.txt", to=self.declarant_email, initiative=self)

    def reject(self, *, by, reason: str):
        """Refuse the entry, and say why."""
        self._move("refuser", {"submitted", "changes_requested"}, "rejected", message=reason, reviewed=by)

    def archive(self, *, by):
        """Take the entry off the public site without losing it."""
        self._move("archiver", {"published"}, "archived", reviewed=by)

    def restore(self, *, by):
        """Put an archived or rejected entry back among those to review."""
        self._move("rétablir", {"archived", "rejected"}, "submitted", submitted=by)

    def _move(
        self, verb: str, allowed: set[str], target: str, *, message: str | None = None, at=None, check=None, **acts
    ):
        """Go to `target` if the stored entry is among `allowed` and passes the check; acts get their who and when."""
        if message is not None and not message.strip():
            raise IllegalMove(f"Pour {verb}, écrivez un message : il dit pourquoi.")
        now = at or timezone.now()
        with transaction.atomic():
            stored = type(self).objects.select_for_update().get(pk=self.pk)
            if stored.status not in allowed:
                raise IllegalMove(
                    f"Impossible {of(verb)} : le statut de « {self} » est « {stored.get_status_display()} »."
                    f"{_way_to_a_review(stored.status) if 'submitted' in allowed else ''}"
                )
            if check:
                check(stored, by=next(iter(acts.values())))
            self._stored_status = stored.status
            changed = {"status": target}
            if message is not None:
                changed["review_message"] = message.strip()
            for act, by in acts.items():
                changed |= {f"{act}_at": now, f"{act}_by": by}
            for name, value in changed.items():
                setattr(self, name, value)
            self._is_moving, self._history_user, self._change_reason = True, next(iter(acts.values())), verb
            try:
                self.save(update_fields=list(changed))
            finally:
                del self._is_moving, self._history_user, self._change_reason


def _way_to_a_review(status: str) -> str:
    """What makes an entry of this status one to review, as a sentence; none where it has been reviewed."""
    if status in {"draft", "changes_requested"}:
        return " Soumettez-la d’abord."
    return " Rétablissez-la d’abord." if status in {"rejected", "archived"} else ""


def _is_publishable(stored, *, by):
    """The rules of publishing, asked of what the database holds and not of what someone still reads."""
    if missing := stored.missing_to_publish():
        names = ", ".join(f"« {stored._meta.get_field(name).verbose_name} »" for name in missing)
        raise IllegalMove(f"« {stored} » ne peut pas être publiée : il manque {names}.")
    if stored.needs_other_eyes(by):
        raise IllegalMove(
            f"« {stored} » ne peut pas être publiée par la personne qui en a écrit le dernier texte : une autre"
            " personne de la modération doit la relire."
        )
