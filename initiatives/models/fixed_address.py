from django.core.exceptions import ValidationError

FIXED = "Des adresses publiques en dépendent, et peuvent être citées : ce champ ne change plus."


class FixedAddress:
    """A model whose rows make addresses: what these are made of stays as it was first saved.

    Held where a person writes, by the form and by `clean`. Migrations and fixtures, which clean nothing, may change it.
    """

    # The fields that addresses are made of.
    ADDRESS = ("slug",)

    @property
    def fixed_fields(self) -> tuple[str, ...]:
        """Those of them that do not change any more: none of a row that is not saved yet."""
        return () if self._state.adding else self.ADDRESS

    def clean(self):
        super().clean()
        stored = type(self)._default_manager.filter(pk=self.pk).values(*self.ADDRESS).first() or {}
        changed = [name for name in self.fixed_fields if name in stored and stored[name] != getattr(self, name)]
        if changed:
            raise ValidationError(dict.fromkeys(changed, FIXED))
