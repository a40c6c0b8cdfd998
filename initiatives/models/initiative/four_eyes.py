"""« Quatre yeux »: who wrote the text of an entry, and who may therefore not publish it alone."""

from django.conf import settings

from .fields import InitiativeFields

# The reason of the version that an approved revision makes: its text is of whoever proposed it.
APPROVING = "approuver une révision"


class FourEyes:
    """Who wrote what the public reads of an Initiative."""

    def last_author(self):
        """Who last changed what the public reads of the entry, or would; None where a command did, or nobody knows."""
        last = None
        for version in self.history.select_related("history_user").order_by("-history_id").iterator(chunk_size=20):
            if last is not None and _text_of(version) != _text_of(last):
                break
            last = version
        if last is None:
            return None
        if last.history_change_reason == APPROVING:
            # The first that was approved from then on: the entry is locked from its text to the decision.
            approved = self.revisions.approved_since(last.history_date)
            if revision := approved.first():
                return revision.proposed_by
        return last.history_user

    def needs_other_eyes(self, by) -> bool:
        """Whether « quatre yeux » keeps this person from publishing the entry as it stands.

        Whoever submitted a text of no known author answers for it.
        """
        # The account of a loading is nobody: there are no eyes to count.
        if not settings.FOUR_EYES or not by.is_active:
            return False
        author = self.last_author()
        return by.pk == (author.pk if author else self.submitted_by_id)


def _text_of(version) -> list:
    """What the public reads of a version of an entry."""
    names = (
        field.attname
        for field in version.tracked_fields
        if field.editable and field.name not in InitiativeFields.PRIVATE_FIELDS
    )
    return [version.parts, *(getattr(version, name) for name in names)]
