"""Exports of survey tools, as each writes them: what comes in, what is asked, what is none of ours."""

import csv
import io

import pytest

from initiatives.models import Audience
from tests.support import factories
from tests.support.imports import faults, kinds, post, sent

pytestmark = pytest.mark.ignore_template_errors

GOOGLE_FORMS = """\
Horodateur,Adresse e-mail,Quelle est votre commune ?,Titre de votre initiative,Dans quel champ d’action ?,\
Quels publics ? (plusieurs réponses possibles)
2021/02/03 10:22:11 AM UTC+1,x@exemple.fr,Beauvais,Essai,Cohésion sociale,"Seniors, Familles"
"""
FRAMAFORMS = """\
Numéro de série,SID,Heure,Brouillon,Adresse IP,UID,Nom d’utilisateur,Nom de votre commune,Intitulé du projet,\
Champ d’action,Publics visés [Seniors],Publics visés [Familles],Publics visés [Agents]
1,8412,"mer, 03/02/2021 - 10:22",Non,192.0.2.1,0,,Beauvais,Essai,Cohésion sociale,X,X,
"""
LIMESURVEY = """\
"ID de la réponse","Date de soumission","Dernière page","Langue de départ","Tête de série","Date de lancement",\
"Date de la dernière action","Quelle est votre commune ?","Titre de l’initiative","Catégorie",\
"Publics visés [Seniors]","Publics visés [Familles]","Publics visés [Agents]","Temps total"
"7","2021-02-03 10:22:11","4","fr","1804289383","2021-02-03 10:11:00","2021-02-03 10:22:11","Beauvais","Essai",\
"Cohésion sociale","Oui","Oui","Non","671.2"
"""
LIMESURVEY_WITH_CODES = """\
id,submitdate,lastpage,startlanguage,seed,startdate,datestamp,G01Q01. Commune,G01Q02. Titre,axe. Catégorie,\
publics[SQ001]. Publics visés [Seniors],publics[SQ002]. Publics visés [Familles],\
publics[SQ003]. Publics visés [Agents],G2Q1 Temps
7,2021-02-03 10:22:11,4,fr,1804289383,2021-02-03 10:11:00,2021-02-03 10:22:11,Beauvais,Essai,Cohésion sociale,Y,Y,N,3.2
"""
DEMARCHES_SIMPLIFIEES = """\
ID,Email,FranceConnect ?,Établissement SIRET,Établissement NAF,Établissement localité,\
Établissement code INSEE localité,Entreprise SIREN,Entreprise date de création,Archivé,État du dossier,\
Dernière mise à jour le,Déposé le,Traité le,Instructeurs,Commune,Commune (Code INSEE),Commune (Département),\
Titre du projet,Domaine,Publics visés
7,x@exemple.fr,Non,21600057000014,84.11Z,BEAUVAIS,60057,216000570,1900-01-01,Non,accepté,2021-02-03 10:22,\
2021-02-03 10:22,2021-02-04 10:22,y@exemple.fr,Beauvais,60057,Oise,Essai,Cohésion sociale,"seniors, familles"
"""
GRIST = """\
id,manualSort,Commune_Code_INSEE,Nom_du_projet,Categorie,Publics_vises,Cree_le,Modifie_le
7,7,60057,Essai,Cohésion sociale,"seniors, familles",2021-02-03,2021-02-03
"""
AIRTABLE = """\
Nom du projet,Nom (from Communes),Code INSEE (from Communes),Catégorie,Publics visés,Created time
Essai,Beauvais,60057,Cohésion sociale,"seniors,familles",2/3/2021 10:22am
"""
SPHINX = """\
CLE;DATE_SAISIE;DATE_ENREG;TEMPS_SAISIE;ORIGINE_SAISIE;PROGRESSION;1. Commune;2. Titre;3. Catégorie;\
4. Publics visés / Seniors;4. Publics visés / Familles;4. Publics visés / Agents
a1;03/02/2021;03/02/2021;671;Web;100;Beauvais;Essai;Cohésion sociale;1;1;0
"""
SURVEYMONKEY = """\
Respondent ID,Collector ID,Date Created,Date Modified,IP Address,Quelle est votre commune ? [Open-Ended Response],\
Titre [Réponse libre],Catégorie [Response],Publics visés [Seniors],Publics visés [Familles],Publics visés [Agents]
7,114,02/03/2021 10:22:11 AM,02/03/2021 10:22:11 AM,192.0.2.1,Beauvais,Essai,Cohésion sociale,Seniors,Familles,
"""
MICROSOFT_FORMS = """\
ID,Heure de début,Heure de fin,Adresse de messagerie,Heure de la dernière modification,Votre commune,\
Nom de votre projet,Catégorie,Public cible
7,2/3/21 10:11:00,2/3/21 10:22:11,x@exemple.fr,2/3/21 10:22:11,Beauvais,Essai,Cohésion sociale,seniors;familles;
"""
OFFICE = """\
N° de réponse;Commune / EPCI;Nom du projet;Axe;Public 1;Public 2
7;Beauvais;Essai;Cohésion sociale;seniors;familles
"""
TOOLS = [GOOGLE_FORMS, FRAMAFORMS, LIMESURVEY, LIMESURVEY_WITH_CODES, DEMARCHES_SIMPLIFIEES, GRIST, AIRTABLE, SPHINX,
         SURVEYMONKEY, MICROSOFT_FORMS, OFFICE]  # fmt: skip


@pytest.fixture(autouse=True)
def beauvais():
    factories.department(code="60", name="Oise")
    return factories.town(name="Beauvais", insee_code="60057", population=56_000)


@pytest.fixture
def seniors_and_families():
    return sorted(Audience.objects.filter(name__in=["seniors", "familles"]).values_list("pk", flat=True))


@pytest.mark.parametrize("export", TOOLS)
def test_export_comes_in_without_a_question(importer, beauvais, seniors_and_families, export):
    batch = sent(importer, content=export.encode())
    assert (faults(batch), batch.asks, kinds(batch)) == ([], [], ["new"])
    after = batch.rows.get().after
    assert (after["territory"], after["title"], after["audiences"]) == (beauvais.pk, "Essai", seniors_and_families)
    assert not {"started", "ended"} & after.keys()


def rows_of(*rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


HEADINGS = ["Commune", "Titre", "Catégorie"]
ENTRY = ["Beauvais", "Essai", "Cohésion sociale"]


@pytest.mark.parametrize("mark", ["Oui", "oui", "Y", "x", "X", "1", "VRAI", "Seniors", "seniors"])
@pytest.mark.parametrize("heading", ["Publics visés [{}]", "Publics visés : {}", "Publics visés - {}", "Publics ({})"])
def test_option_is_ticked_in_a_column_of_its_own(importer, heading, mark):
    names = [heading.format(name) for name in ("Seniors", "Familles", "Élus")]
    batch = sent(
        importer,
        content=rows_of([*HEADINGS, *names], [*ENTRY, mark, "Non", ""], [*ENTRY[:1], "B", ENTRY[2], "", "", ""]),
    )
    assert (batch.faults, batch.asks, kinds(batch)) == ([], [], ["new", "new"])
    seniors = Audience.objects.get(name="seniors").pk
    assert [row.after["audiences"] for row in batch.rows.order_by("line")] == [[seniors], []]


def test_text_beside_the_options_is_one_more_answer_and_never_lost(importer):
    headings = [*HEADINGS, "Publics visés [Seniors]", "Publics visés [Autre (précisez)]"]
    batch = sent(importer, content=rows_of(headings, [*ENTRY, "Oui", "pompiers"]))
    assert batch.asks == []
    assert "« pompiers » est inconnu" in faults(batch)[0]


def test_options_that_are_no_ticks_are_asked_about(importer, seniors_and_families):
    """As of a question that ranks: « [Rang 1] » has the answer itself."""
    headings = [*HEADINGS, "Publics visés [Rang 1]", "Publics visés [Rang 2]"]
    batch = sent(importer, content=rows_of(headings, [*ENTRY, "seniors", "familles"]))
    assert (batch.asks, kinds(batch)) == (["columns"], [])
    post(importer, batch, "columns", **{"colonne-3": "audiences", "colonne-4": "audiences"})
    assert batch.rows.get().after["audiences"] == seniors_and_families


@pytest.mark.parametrize("question", ["Acceptez-vous la diffusion de vos réponses ?", "Accord de diffusion (Oui/Non)"])
def test_day_that_is_said_once_is_of_those_who_agreed_and_of_nobody_who_refused(importer, question):
    rows = [[*ENTRY, "Oui"], ["Beauvais", "B", ENTRY[2], "Non"], ["Beauvais", "C", ENTRY[2], ""]]
    batch = sent(importer, content=rows_of([*HEADINGS, question], *rows))
    assert batch.asks == ["columns"]
    post(importer, batch, "columns", licence_agreed_on="2021-01-15", **{"colonne-3": "licence_agreed_on"})
    agreed = [row.after.get("licence_agreed_on") for row in batch.rows.order_by("line")]
    assert (kinds(batch), agreed) == (["new", "error", "new"], ["2021-01-15", None, "2021-01-15"])
    assert "Cette réponse refuse" in faults(batch)[0]
    post(importer, batch, "correct", accepter=f"{batch.rows.get(line=3).pk}:0:0")
    assert (kinds(batch), batch.rows.get(line=3).after["licence_agreed_on"]) == (["new"] * 3, None)


def test_only_option_of_a_choice_is_taken_and_of_two_none(importer):
    headings = [*HEADINGS, "État [Déployée]", "État [En cours]"]
    batch = sent(importer, content=rows_of(headings, [*ENTRY, "Oui", "Non"], ["Beauvais", "B", ENTRY[2], "Oui", "Oui"]))
    assert kinds(batch) == ["new", "error"]
    assert batch.rows.get(line=2).after["state"] == "deployed"


def test_what_the_words_alone_do_not_settle_is_asked_before_rows_are_judged(importer):
    headings = ["Quelle commune représentez-vous ?", *HEADINGS[1:], "Quels ont été les principaux freins ?"]
    batch = sent(importer, content=rows_of(headings, [*ENTRY, "Le temps."]))
    assert (batch.faults, batch.asks, batch.total) == ([], ["columns"], 0)
    assert [one["field"] for one in batch.headings if one["how"] == "proposée"] == ["town_name", "caveats"]
    post(importer, batch, "columns", **{"colonne-0": "town_name", "colonne-3": "caveats"})
    assert (batch.asks, kinds(batch), batch.rows.get().after["caveats"]) == ([], ["new"], "Le temps.")


def test_whether_is_not_what(importer):
    """« Avez-vous des partenaires ? Oui » names none; that somebody agreed does not say when."""
    headings = [*HEADINGS, "Avez-vous des partenaires ?", "Logiciel libre", "Accord de diffusion"]
    batch = sent(importer, content=rows_of(headings, [*ENTRY, "Oui", "Non", "Oui"]))
    assert [one["field"] for one in batch.headings[3:]] == ["", "tools_open_source", "licence_agreed_on"]
    assert (batch.asks, batch.headings[5]["how"]) == (["columns"], "proposée")
    post(importer, batch, "columns", licence_agreed_on="2021-01-15", **{"colonne-5": "-"})
    assert (kinds(batch), batch.rows.get().after["licence_agreed_on"]) == (["new"], "2021-01-15")


def test_unknown_column_alone_is_no_question(importer):
    assert sent(importer, content=rows_of([*HEADINGS, "Humeur"], [*ENTRY, "bonne"])).asks == []
    batch = sent(
        importer, content=rows_of(["Commune", "Catégorie", "Humeur"], ["Beauvais", "Cohésion sociale", "bonne"])
    )
    assert (batch.asks, batch.faults) == (["columns"], ["Il manque une colonne : Titre."])


def test_numbers_of_answers_do_not_make_a_file_of_corrections(importer):
    """Nor do those that other surveys gave: what no entry can be made without is asked for, once and not row by row."""
    rows = [["ID", "Commune", "Titre"], ["7", "Beauvais", "Essai"]]
    batch = sent(importer, content=rows_of(*rows))
    assert (batch.asks, batch.faults) == (["columns"], ["Il manque une colonne : Catégorie."])
    post(importer, batch, "columns", category="Cohésion sociale")
    post(importer, batch, "confirm")
    assert batch.state == "done"
    again = sent(importer, content=rows_of(*rows))
    assert (again.asks, kinds(again)) == ([], ["unchanged"])
    wrong = sent(importer, content=rows_of(["Référence", "Début"], ["CS20-99999", "2019"]))
    assert (wrong.asks, kinds(wrong)) == ([], ["error"])
