"""What the cells say: each value of the record, in each format, whatever people write."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from initiatives.exports import values
from initiatives.exports.csv_writers import defused, joined
from initiatives.models import ContentVersion, Initiative
from tests.support import factories
from tests.support.exported import ENDINGS, download, entries

STREAMED = [".csv", "-excel.csv", ".json", ".geojson"]
LISTS = {
    "themes",
    "publics",
    "chiffres_cles",
    "autres_sources",
    "outils",
    "outils_libres",
    "partenaires",
    "liens",
    "liens_intitules",
}


def expected(initiative: Initiative) -> dict:
    day = f"{ContentVersion.current().data_changed_at.astimezone():%d/%m/%Y}"
    return {
        "reference": "CS20-90001",
        "titre": "Prêt de tablettes",
        "resume": "Un résumé.",
        "territoire_type": "ville",
        "territoire_code": "01004",
        "territoire_nom": "Ambérieu-en-Bugey",
        "territoire_slug": "amberieu-en-bugey-01",
        "departement_code": "01",
        "departement_nom": "Ain",
        "region_code": "84",
        "region_nom": "Auvergne-Rhône-Alpes",
        "epci_siren": "240100883",
        "epci_nom": "Communauté de communes de la Plaine",
        "population": 15_365,
        "longitude": 5.3726,
        "latitude": 45.961,
        "categorie": "Cohésion sociale",
        "themes": ["inclusion numérique", "santé publique"],
        "publics": ["habitants", "agents"],
        "etat": "déployée",
        "debut": "2020",
        "fin": "2020-12",
        "service_porteur": "Direction",
        "besoin": "Un besoin.",
        "solution": "Une solution.",
        "resultats": "Des résultats.",
        "points_de_vigilance": "Une limite.",
        "conseils": "Un conseil.",
        "outils": ["Jitsi", "A|B", "Été"],
        "outils_libres": ["Jitsi", "Été"],
        "logiciel_libre": True,
        "cout_investissement": "de 1 000 à 10 000 €",
        "cout_annuel": "moins de 1 000 €",
        "delai": "quelques semaines",
        "partenaires": ["École", "Emmaüs | Connect"],
        "liens": ["https://example.org/?a%7Cb", "https://example.org/2"],
        "liens_intitules": ["Le site | la page", "Autre"],
        "inspiree_de": "CS20-90000",
        "source_titre": "Un article",
        "source_editeur": "Un journal",
        "source_url": "https://example.org/a",
        "cite_par_enquete": True,
        "origine": "saisie par l’association",
        "enquete": initiative.survey.title,
        "contact_service": "Accueil",
        "contact_courriel": "accueil@ville.example",
        "publie_le": values.day(initiative.published_at),
        "verifie_le": "2026-11-02",
        "adresse": "http://testserver/initiatives/pret-de-tablettes/",
        "citation": "Source : Villes de France, Initiatives numériques des villes,"
        f" mise à jour du {day}, Licence Ouverte 2.0",
        "licence": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "chiffres_cles": ["2 300 : demandes | par jour : en un mois", "-10 % : de papier"],
        "un_fait": "Un fait.",
        "initiative_libre": "non",
        "cout_en_clair": "12 000 € | puis rien",
        "agents_mobilises": 1200,
        "autres_sources": ["Bilan · Aqui | un an · Aqui.fr · https://example.org/b"],
    }


def in_cells(ending: str, record: dict) -> dict:
    """The record as the cells of one format say it."""
    record = dict(record)
    for name, value in record.items():
        if isinstance(value, list):
            record[name] = "|".join(item.replace("|", "¦") for item in value)
        elif isinstance(value, bool):
            record[name] = str(value).lower() if ending == ".csv" else "oui" if value else "non"
    if ending == ".xlsx":
        for name in ("publie_le", "verifie_le"):
            record[name] = datetime.combine(date.fromisoformat(record[name]), datetime.min.time())
        return record
    for name in ("population", "longitude", "latitude", "agents_mobilises"):
        record[name] = str(record[name]).replace(".", "," if ending == "-excel.csv" else ".")
    return record


@pytest.mark.both_databases
@pytest.mark.parametrize("ending", ENDINGS)
def test_each_column_says_what_the_record_holds(client, full, ending):
    _, exported = sorted(entries(ending, download(client, ending)), key=lambda entry: entry["reference"])
    wanted = expected(full)
    assert exported == (wanted if "json" in ending else in_cells(ending, wanted))
    assert all(value not in ("", None) for value in exported.values())


def test_list_in_a_cell_splits_into_as_many_values(client, full):
    exported = next(entry for entry in entries(".csv", download(client, ".csv")) if entry["titre"] != "Modèle")
    for name in LISTS:
        assert len(exported[name].split("|")) == len(expected(full)[name])


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_not_known_is_empty(client, ending):
    factories.published(started="", origin="survey", in_survey=True, need="", solution="")
    (entry,) = entries(ending, download(client, ending))
    nothing = {".json": None, ".geojson": None, ".xlsx": None}.get(ending, "")
    for name in ("besoin", "debut", "population", "longitude", "epci_siren", "logiciel_libre", "delai", "inspiree_de"):
        assert entry[name] == nothing, name
    assert entry["outils"] == ([] if "json" in ending else nothing)


HARD = {
    "title": "«\u00a0Œuvre\u00a0» d’été; \"à 5 €\", 'là' 🙂 العربية 日本 \u202e",
    "need": "  Deux  blancs\tet une tabulation ",
    "solution": "Ligne 1\r\nLigne 2\rLigne 3\n\nLigne 5",
    "results": "a\x07b\x1bc\x0bd\x1fe\ufffef",
    "caveats": "<b>&amp;</b> ]]> <!-- _x0041_ \\n \\u0041 --",
    "advice": "_x000D_ %s {0} {{ x }} | ¦",
}
WRITTEN = HARD | {
    "solution": "Ligne 1\nLigne 2\nLigne 3\n\nLigne 5",
    "results": "abcdef",
}
COLUMN_OF = {
    "title": "titre",
    "need": "besoin",
    "solution": "solution",
    "results": "resultats",
    "caveats": "points_de_vigilance",
    "advice": "conseils",
}


@pytest.mark.both_databases
@pytest.mark.parametrize("ending", ENDINGS)
def test_whatever_people_write_comes_back(client, ending):
    initiative = factories.published(**HARD)
    initiative.tools.create(name='Outil \x07; "cité",\r\nd’été | 日本')
    body = download(client, ending)
    (entry,) = entries(ending, body)
    found = {field: entry[name] for field, name in COLUMN_OF.items()}
    assert found == WRITTEN
    tool = 'Outil ; "cité",\nd’été | 日本'
    assert entry["outils"] == ([tool] if "json" in ending else tool.replace("|", "¦"))


@pytest.mark.both_databases
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL stores no NUL")
@pytest.mark.parametrize("ending", ENDINGS)
def test_nul_is_never_written(client, ending):
    initiative = factories.published(title="Avant\x00après")
    initiative.tools.create(name="Outil\x00libre")
    body = download(client, ending)
    (entry,) = entries(ending, body)
    assert entry["titre"] == "Avantaprès"
    assert entry["outils"] in ("Outillibre", ["Outillibre"])
    if ending in STREAMED:
        assert b"\x00" not in body
        assert b"\\u0000" not in body


@pytest.mark.parametrize(
    "dangerous",
    [
        "=1+1",
        "+33 1",
        "-1",
        "- un tiret",
        "@SUM(A1)",
        "\t=1",
        "\tx",
        "\rx",
        "\nx",
        "  =1",
        "\u00a0=1",
        "\u202f+1",
        "\ufeff=1",
        "\u200b@x",
        " \u200b -1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
    ],
)
def test_dangerous_cell_is_defused(dangerous):
    assert defused(dangerous) == f"'{dangerous}"


@pytest.mark.parametrize("harmless", ["", None, "a=1", "'=1", "5 €", "été", "« =1 »", "1-2", " x", "\u00a0x", "–1"])
def test_harmless_cell_stays_as_it_is(harmless):
    assert defused(harmless) == harmless


def test_excel_file_defuses_texts_codes_and_lists_but_no_number(client):
    town = factories.town(longitude=-1.5, latitude=47.2)
    initiative = factories.published(
        title="=1+1", territory=town, source_title="@x", reference="-R1", partners="+33 1\nb"
    )
    initiative.tools.create(name="=cmd|' /C calc'!A0")
    (excel,) = entries("-excel.csv", download(client, "-excel.csv"))
    assert (excel["titre"], excel["source_titre"], excel["reference"]) == ("'=1+1", "'@x", "'-R1")
    assert excel["outils"] == "'=cmd¦' /C calc'!A0"
    assert excel["partenaires"] == "'+33 1|b"
    assert excel["longitude"] == "-1,5"
    (exact,) = entries(".csv", download(client, ".csv"))
    assert (exact["titre"], exact["longitude"]) == ("=1+1", "-1.5")


@pytest.mark.parametrize("ending", [".csv", "-excel.csv"])
def test_csv_has_one_kind_of_line_end_outside_of_cells(client, ending):
    by = factories.user()
    for _ in range(3):
        factories.published(by=by, summary="Une\nligne")
    body = download(client, ending)
    assert body.startswith(b"\xef\xbb\xbf") == (ending == "-excel.csv")
    assert body.count(b"\r\n") == 4
    assert body.count(b"\r") == 4
    assert body.count(b"\n") == 7
    assert body.endswith(b"\r\n")


@pytest.mark.parametrize("ending", [".json", ".geojson"])
def test_json_says_what_it_is_before_its_entries(client, ending):
    factories.published(title="A")
    body = download(client, ending, "?tri=titre")
    data = json.loads(body)
    changed_on = f"{ContentVersion.current().data_changed_at.astimezone():%Y-%m-%d}"
    assert data["source"].startswith("Source : Villes de France, ")
    assert data["licence"] == {
        "nom": "Licence Ouverte 2.0",
        "identifiant": "etalab-2.0",
        "adresse": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    }
    assert data["date"] == changed_on
    assert data["adresse"] == "http://testserver/initiatives/?tri=titre"
    assert data["count"] == 1
    assert list(data)[-1] == ("initiatives" if ending == ".json" else "features")


def test_geojson_has_each_entry_at_the_point_of_its_territory(client):
    by = factories.user()
    epci = factories.intercommunality(longitude=2.1234567, latitude=42)
    lost = factories.intercommunality()
    town = factories.town(longitude=5, latitude=45, intercommunality=epci)
    for title, place in {
        "d’une ville": town,
        "d’un EPCI": epci,
        "sans point": factories.town(),
        "d’un EPCI sans point": lost,
    }.items():
        factories.published(by=by, title=title, territory=place)
    data = json.loads(download(client, ".geojson"))
    assert data["type"] == "FeatureCollection"
    assert {feature["type"] for feature in data["features"]} == {"Feature"}
    points = {feature["properties"]["titre"]: feature["geometry"] for feature in data["features"]}
    assert points == {
        "d’une ville": {"type": "Point", "coordinates": [5.0, 45.0]},
        "d’un EPCI": {"type": "Point", "coordinates": [2.123457, 42.0]},
        "sans point": None,
        "d’un EPCI sans point": None,
    }
    assert {feature["id"] for feature in data["features"]} == {i.reference for i in Initiative.objects.all()}


@pytest.mark.parametrize(
    ("licences", "answer"),
    [
        ([], None),
        (["yes"], True),
        (["no"], False),
        (["unknown"], None),
        (["no", "unknown"], None),
        (["no", "yes"], True),
    ],
)
def test_free_software_is_yes_no_or_not_known(client, licences, answer):
    initiative = factories.published()
    for number, licence in enumerate(licences):
        initiative.tools.create(name=f"Outil {number}", open_source=licence)
    (entry,) = entries(".json", download(client, ".json"))
    assert entry["logiciel_libre"] == answer


def test_entry_that_the_survey_does_not_cite_never_says_that_it_does(client):
    factories.published(origin="public_source", source_url="https://a.example", source_title="A", source_publisher="B")
    (entry,) = entries(".json", download(client, ".json"))
    assert entry["cite_par_enquete"] is False
    assert entry["enquete"] is None


@pytest.mark.both_databases
def test_days_are_those_of_here():
    assert values.day(datetime(2021, 6, 7, 22, 30, tzinfo=UTC)) == "2021-06-08"
    assert values.day(None) is None


def test_bar_in_a_value_never_splits_a_list():
    assert joined(["a|b", "c"]) == "a¦b|c"
    assert joined([]) == ""
