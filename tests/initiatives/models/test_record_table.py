"""Every field of an entry is in the table of the record, and all that its row says of it is true."""

import re

import openpyxl
import pytest
from django.urls import reverse

from initiatives.desk.entry_form import InitiativeForm, fieldsets
from initiatives.exports.columns import COLUMNS, DERIVED
from initiatives.imports.workbooks_to_fill import HIDDEN, TYPED, for_correction
from initiatives.models import Audience, Initiative
from initiatives.models.record import FIELDS, differences, stored_values, version_values, write
from initiatives.models.record_table import BY_NAME, PRINTED_FACTS, TABLE, FieldKind, Readers
from initiatives.text.french import typo
from tests.support import editions, factories, imports
from tests.support.exported import ENDINGS, download, entries

# What the house writes by itself, and no form, file or revision changes.
SYSTEM = {
    *("id", "version", "status", "created_at", "review_message", "declared_on", "declarant_erased_on"),
    *(f"{act}_{what}" for act in ("submitted", "reviewed", "published") for what in ("at", "by")),
    *("department", "is_of_town", "population_band", "uses_open_source", "sort_key", "search_text", "search_title"),
    # Rows that name an entry, and are none of its record
    *("former_slugs", "revisions"),
}
# What stands on paper for fields that do not stand there as they are
ON_PAPER = {"in_survey": "réponse à l’enquête", "origin": "réponse à l’enquête"}


def year(row) -> int:
    return 1901 + TABLE.index(row)


def text(row, field, *, number: str = "") -> str:
    """A text that only this field has, in so many letters as it takes."""
    mark = f"zz{row.name.replace('_', '')}{number}"
    if field.name == "url" or row.kind is FieldKind.ADDRESS:
        return f"https://example.org/{mark}"
    return f"{mark}@ville.example" if "email" in field.name else mark[: field.max_length]


def sample(row, entry: Initiative):
    """A value of this field, as the record has values."""
    field = Initiative._meta.get_field(row.name)
    match row.kind:
        case FieldKind.REFERENCE:
            return getattr(entry, field.attname)
        case FieldKind.ENTRY:
            return factories.published(title="Le modèle").pk
        case FieldKind.SHARED if row.name == "themes":
            return [factories.theme(slug="cybersecurite").pk]
        case FieldKind.SHARED:
            return list(Audience.objects.values_list("pk", flat=True)[:2])
        case FieldKind.OWN:
            columns = [Initiative.part_model(row.name)._meta.get_field(part) for part in row.parts]
            return [
                [one.choices[0][0] if one.choices else text(row, one, number=str(n)) for one in columns] for n in (1, 2)
            ]
        case FieldKind.CHOICE:
            return Initiative.Origin.SURVEY.value if row.name == "origin" else field.choices[1][0]
        case FieldKind.MONTH:
            return f"{year(row)}-04"
        case FieldKind.DAY:
            return f"{year(row)}-03-07"
        case FieldKind.YES_NO:
            return True
        case FieldKind.NUMBER:
            return 907
        case FieldKind.LIST:
            return "\n".join(text(row, field, number=str(n)) for n in (1, 2))
    return text(row, field)


def shown(row, entry: Initiative) -> str:
    """What a reader of files and pages finds of that value."""
    value = stored_values(entry).get(row.name, entry.reference)
    field = Initiative._meta.get_field(row.name)
    match row.kind:
        case FieldKind.REFERENCE:
            named = getattr(entry, row.name)
            return getattr(named, "name", "") or named.title
        case FieldKind.ENTRY:
            return entry.inspired_by.reference
        case FieldKind.SHARED:
            return getattr(entry, row.name).order_by("position", "pk")[0].name
        case FieldKind.OWN:
            return next(cell for cell in value[0] if "zz" in cell)
        case FieldKind.CHOICE:
            return dict(field.flatchoices)[value]
        case FieldKind.MONTH | FieldKind.DAY:
            return value[:4]
        case FieldKind.LIST:
            return value.splitlines()[0]
    return str(value)


@pytest.fixture
def full() -> Initiative:
    """A published entry that has something to say in every field of the table."""
    town = factories.town(name="Zzville", intercommunality=factories.intercommunality())
    entry = factories.draft(territory=town, reference="zzreference")
    write(entry, {row.name: sample(row, entry) for row in TABLE if row.name != "reference"})
    for verb in ("submit", "publish"):
        getattr(entry, verb)(by=factories.user())
    entry.refresh_from_db()
    return entry


def exported(client) -> dict:
    return next(one for one in entries(".json", download(client, ".json")) if one["reference"] == "zzreference")


def test_every_field_of_the_model_is_in_the_table_or_of_the_system():
    fields = {field.name for field in Initiative._meta.get_fields()}
    assert fields == SYSTEM | set(BY_NAME)
    assert len(BY_NAME) == len(TABLE) > 35
    assert set(FIELDS) == set(BY_NAME) - {"reference"}


def test_every_column_of_the_rows_of_its_own_is_in_the_table():
    for row in TABLE:
        if row.kind is FieldKind.OWN:
            fields = [field.name for field in Initiative.part_model(row.name)._meta.fields]
            assert fields == ["id", "initiative", *row.parts], row.name


def test_what_the_public_reads_is_exported(full, client):
    entry, read = exported(client), {path.split("__")[0] for column in DERIVED for path in column.paths}
    for row in TABLE:
        if row.is_public and row.column:
            assert shown(row, full) in str(entry[row.column]), row.name
        assert row.column or not row.is_public or row.name in read, row.name


def test_what_staff_read_is_never_public(full, client):
    edition = editions.built()
    addresses = [full.get_absolute_url(), "/initiatives/", "/api/initiatives", "/flux.atom", edition.get_absolute_url()]
    public = [editions.fetch(client, address).decode() for address in addresses]
    public += [edition.data, full.search_text, *(str(entries(ending, download(client, ending))) for ending in ENDINGS)]
    hidden = [row for row in TABLE if not row.is_public]
    assert [row.name for row in hidden if any(shown(row, full) in text for text in public)] == []
    assert len(hidden) >= 5
    assert not [column.name for column in COLUMNS for row in hidden if row.name in " ".join(column.paths)]
    assert {*(row.name for row in hidden), "review_message"} == Initiative.PRIVATE_FIELDS
    assert set(Initiative.DECLARANT) == {row.name for row in hidden if row.readers is Readers.DECLARANT}


def test_what_can_be_imported_comes_back_as_it_was(full, editor):
    """The workbook to correct as the file of a new entry: without what names the entry that it is of."""
    before = stored_values(full)
    with for_correction(Initiative.objects.filter(pk=full.pk)) as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]
    headings, cells = sheet.iter_rows(max_col=len(HIDDEN) + len(TYPED), values_only=True)
    Initiative.objects.filter(pk=full.pk).delete()
    content = imports.as_csv(headings[len(HIDDEN) :], cells[len(HIDDEN) :], encoding="utf-8")
    batch = imports.sent(editor, content=content)
    assert imports.faults(batch) == []
    imports.post(editor, batch, "confirm")
    after = stored_values(Initiative.objects.get(title=before["title"]))
    changed = {one.name: (one.before, one.after) for one in differences(before, after)}
    assert not {name: sides for name, sides in changed.items() if BY_NAME[name].is_importable}
    # What no import takes
    assert {row.name for row in TABLE if not row.is_importable} == {
        *("survey", "origin", "slug", "verified_on", "internal_note")
    }


def test_model_workbook_and_headings_name_what_can_be_imported():
    typed = {column.name for column in TYPED}
    for row in TABLE:
        if row.is_importable and row.block not in ("", "Suivi"):
            assert {row.column or row.name, *row.beside, row.name} & typed, row.name


def test_form_asks_for_each_under_its_block_with_its_help(full):
    form, blocks = InitiativeForm(instance=full), dict(fieldsets(private=True, fate=""))
    for row in TABLE:
        if row.block:
            assert row.name in blocks[row.block]["fields"], row.name
            assert typo(row.help) in form.fields[row.name].help_text, row.name
            assert row.help
        if row.is_counted:
            assert int(form.fields[row.name].widget.attrs["data-counter"]) > 0, row.name


def test_form_of_a_published_entry_shows_each_value(full, moderator):
    page = moderator.get(reverse("admin:initiatives_initiative_change", args=[full.pk])).text
    texts = [
        row
        for row in TABLE
        if row.block and row.kind in (FieldKind.LINE, FieldKind.PROSE, FieldKind.LIST, FieldKind.ADDRESS, FieldKind.OWN)
    ]
    assert [row.name for row in texts if shown(row, full) not in page] == []
    assert len(texts) > 15


def test_versions_hold_each_value_and_its_change(full):
    now = stored_values(full)
    assert version_values(full.history.latest("history_id")) == now
    assert not [row.name for row in TABLE if row.block and not now[row.name]]
    full.archive(by=factories.user())  # a published one keeps what it needs
    lists = (FieldKind.OWN, FieldKind.SHARED)
    for row in TABLE:
        if row.block and row.kind not in (FieldKind.REFERENCE, FieldKind.CODE) and row.name != "title":
            unknown = (FieldKind.DAY, FieldKind.ENTRY, FieldKind.NUMBER)
            nothing = [] if row.kind in lists else None if row.kind in unknown else ""
            entry = Initiative.objects.get(pk=full.pk)
            if row.kind in (FieldKind.YES_NO, FieldKind.CHOICE):
                nothing = False if row.kind is FieldKind.YES_NO else Initiative._meta.get_field(row.name).choices[0][0]
            write(entry, {"origin": "staff", row.name: nothing} if row.name == "in_survey" else {row.name: nothing})
            versions = entry.history.order_by("-history_id")
            found = differences(version_values(versions[1]), version_values(versions[0]))
            assert row.name in [one.name for one in found], row.name
            assert all(one.label and one.texts[0] != one.texts[1] for one in found), row.name


def test_printed_editions_hold_what_is_printed(full, client):
    page = editions.fetch(client, editions.edition().get_absolute_url()).decode()
    (here,) = [part for part in page.split('<section class="sheet"')[1:] if 'data-initiative="zzreference"' in part]
    here = here.partition("</section>")[0]
    for row in TABLE:
        is_fact = bool(row.fact) and row.name != "links"
        printed = row.name in PRINTED_FACTS if is_fact else row.is_public
        if printed and row.name not in ("category", "slug", "survey"):
            assert typo(ON_PAPER.get(row.name, shown(row, full))) in here, row.name


def test_page_of_an_entry_holds_what_the_public_reads(full, client):
    page = client.get(full.get_absolute_url()).text
    for row in TABLE:
        if row.is_public and row.block in ("Récit", "Pour refaire", "Source"):
            said = full.inspired_by.title if row.kind is FieldKind.ENTRY else shown(row, full)
            assert typo(said) in page or said in page, row.name


def one_value(entry: Initiative):
    """Leave each list of the entry its first value."""
    values = stored_values(entry)
    lists = {row.name: values[row.name][:1] for row in TABLE if row.kind in (FieldKind.OWN, FieldKind.SHARED)}
    write(entry, lists | {"partners": values["partners"].splitlines()[0]})


@pytest.mark.parametrize("change", [None, one_value])
def test_facts_are_called_by_their_names(full, client, change):
    """As they stand in the table: several values have the plural, and a comma in a name stays."""
    if change:
        change(full)
    several = ["Chiffres clés", "Outils", "Publics visés", "Partenaires", "Liens"]
    one = ["Chiffre clé", "Outil", "Public visé", "Partenaire", "Lien"]
    usual = [
        "Service porteur",
        "Investissement",
        "Coût annuel",
        "Coût, en clair",
        "Délai",
        "Agents mobilisés",
        "Logiciel libre",
    ]
    called = {*(one if change else several), *usual, "État", "Fin", "Contact", "S’inspire de"}
    page, edition = client.get(full.get_absolute_url()), client.get(editions.edition().get_absolute_url())
    on_page = re.findall(r"<dt>(.*?)</dt>", page.text.partition("Pour refaire</h2>")[2])
    (here,) = [part for part in edition.text.split('<section class="sheet"') if 'data-initiative="zzreference"' in part]
    in_edition = re.findall(r"<dt>(.*?)</dt>", here.partition("</section>")[0])
    assert (len(on_page), len(in_edition)) == (10, len(PRINTED_FACTS))
    assert {*on_page, *in_edition} == called


def test_search_knows_what_it_says_to_know(full, client):
    for row in TABLE:
        if row.is_searched or row.searched_part:
            word = f"zz{row.name.replace('_', '')}" + ("1" if row.kind in (FieldKind.OWN, FieldKind.LIST) else "")
            assert full.slug in client.get("/initiatives/", {"q": word}).text, row.name
