"""The entry (la fiche): one digital initiative of one town or one intercommunality."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from towns.names import fold, sort_key

from ..history import Versions
from ..record_table import OWN, SHARED
from ..web_address import with_plain_scheme
from .completeness import Completeness
from .constraints import CONSTRAINTS, INDEXES
from .fields import InitiativeFields
from .four_eyes import FourEyes
from .moves import MOVES
from .parts import SlugRedirect
from .querysets import InitiativeQuerySet
from .workflow import Workflow


class Initiative(Completeness, FourEyes, Workflow, InitiativeFields):
    """A digital initiative of one town or one intercommunality, as told by it or by a public source."""

    _stored_slug = _stored_declarant = None

    objects = InitiativeQuerySet.as_manager()
    history = Versions(
        verbose_name="version de la fiche",
        excluded_fields=[
            "department",
            "is_of_town",
            "population_band",
            "uses_open_source",
            "sort_key",
            "search_text",
            "search_title",
        ],
    )

    class Meta:
        verbose_name = "initiative"
        permissions = [
            *((move.codename, move.right) for move in MOVES.values()),
            ("import_initiative", "Peut importer des fiches"),
            ("view_declarant_initiative", "Peut lire les données du déclarant"),
            ("purge_initiative", "Peut effacer les données des déclarants"),
        ]
        indexes = INDEXES
        constraints = CONSTRAINTS

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("initiative_detail", args=[self.slug])

    # Words about one entry, without a query

    @property
    def is_published(self) -> bool:
        """The twin of InitiativeQuerySet.published()."""
        return self.status == self.Status.PUBLISHED

    @property
    def is_set_aside(self) -> bool:
        """Whether only who reviews may still change it. The twin of InitiativeQuerySet.set_aside()."""
        return self.status in self.CLOSED

    @property
    def is_from_public_source(self) -> bool:
        return self.origin == self.Origin.PUBLIC_SOURCE

    @property
    def names_a_declarant(self) -> bool:
        """The twin of InitiativeQuerySet.naming_a_declarant()."""
        return any(self.declarant)

    @property
    def declarant(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in self.DECLARANT)

    @property
    def known_state(self) -> str:
        """The state as a word; nothing where nobody knows."""
        return "" if self.state == self.State.UNKNOWN else self.get_state_display()

    @property
    def is_survey_answer(self) -> bool:
        return self.origin == self.Origin.SURVEY

    # Saving: what follows from other fields, and the address that it had before

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._stored_slug = instance.__dict__.get("slug")
        if not instance.get_deferred_fields() & {*cls.DECLARANT}:
            instance._stored_declarant = instance.declarant
        return instance

    def copy_readonly_from(self, stored: "Initiative"):
        """Copy from the stored row the fields that no form changes: the status, who did what and when."""
        for field in self._meta.concrete_fields:
            if not field.editable:
                setattr(self, field.attname, getattr(stored, field.attname))
        self._stored_status, self._stored_slug = stored._stored_status, stored._stored_slug
        self._stored_declarant = stored._stored_declarant

    def clean(self):
        self.source_url = with_plain_scheme(self.source_url)
        if self.is_survey_answer:
            self.in_survey = True
        if self.verified_on and self.verified_on > timezone.localdate():
            raise ValidationError({"verified_on": "Cette date est à venir : écrivez le jour de la vérification."})
        if self.is_published:
            self.clean_published()

    def derive(self):
        """Set what follows from other fields: département, sort key, slug and reference when new."""
        self.derive_columns()
        self.reference = self.reference or self.survey.next_reference()
        self.slug = self.slug or self._free_slug()

    def derive_columns(self):
        self.department = self.territory.department
        self.sort_key = sort_key(self.title)
        if not self.names_a_declarant:
            self.declared_on = None
        elif not self.declared_on or self._stored_declarant not in (None, self.declarant):
            self.declared_on = timezone.localdate()
        self._stored_declarant = self.declarant

    @property
    def slug_candidates(self) -> tuple[str, str]:
        base = slugify(fold(self.title).replace("'", " "))[:80].strip("-") or "initiative"
        return base, f"{base[:65]}-{slugify(self.reference)}"

    @property
    def last_slug(self) -> str:
        """For the entry whose every other address is taken."""
        return slugify(f"{self.slug_candidates[0][:60]}-{self.reference}-{timezone.now():%f}")

    def _free_slug(self) -> str:
        for candidate in self.slug_candidates:
            if not Initiative.objects.filter(slug=candidate).exists() and not (
                SlugRedirect.objects.filter(slug=candidate).exclude(initiative=self.pk).exists()
            ):
                return candidate
        return self.last_slug

    @classmethod
    def part_model(cls, name: str) -> type[models.Model]:
        """That of the rows of a field of OWN."""
        return cls._meta.get_field(name).related_model

    @classmethod
    def sharing(cls, name: str) -> tuple[type[models.Model], str]:
        """The model of what leads to the rows of a field of SHARED, and the name that it has for each of them."""
        field = cls._meta.get_field(name)
        return field.remote_field.through, field.m2m_reverse_field_name()

    @classmethod
    def parts_of(cls, keys: list[int]) -> dict[int, dict]:
        """What hangs on each of the entries, for their history: keys of rows that are shared, values of their own."""
        found = {key: {name: [] for name in (*SHARED, *OWN, "former_slugs")} for key in keys}
        rows = {"former_slugs": SlugRedirect.objects.order_by("pk").values_list("initiative", "slug")}
        for name in SHARED:
            through, one = cls.sharing(name)
            rows[name] = through.objects.order_by(one).values_list("initiative", one)
        for name, columns in OWN.items():
            rows[name] = cls.part_model(name).objects.order_by("pk").values_list("initiative", *columns)
        for name, query in rows.items():
            for key, *values in query.filter(initiative__in=keys):
                found[key][name].append(values[0] if len(values) == 1 else values)
        return found

    @transaction.atomic
    def save(self, *, update_fields=None, **kwargs):
        if not self._state.adding:
            locked = Initiative.objects.select_for_update().values_list("version", flat=True)
            self.version = locked.get(pk=self.pk) + 1
            update_fields = update_fields and [*update_fields, "version"]
        if update_fields is None:
            self.derive()
            if self.pk:
                # A theme belongs to one category: those of the former category go with it.
                self.themes.through.objects.filter(initiative=self.pk).exclude(
                    theme__category=self.category_id
                ).delete()
        super().save(update_fields=update_fields, **kwargs)
        if self._stored_slug and self._stored_slug != self.slug:
            SlugRedirect.objects.filter(slug=self.slug).delete()
            SlugRedirect.objects.update_or_create(slug=self._stored_slug, defaults={"initiative": self})
        self._stored_slug = self.slug
