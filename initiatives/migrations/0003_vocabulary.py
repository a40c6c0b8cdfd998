"""The vocabulary of the survey: its categories and themes, in the words of the call for testimonies."""

from datetime import date

from django.db import migrations
from django.utils.text import slugify

CATEGORIES = [
    (
        "service-public",
        "Organisation de la fonction publique territoriale et du service public",
        "Service public",
        "Du jour au lendemain, les mairies ont dû fonctionner portes closes. Comment les agents ont travaillé, comment"
        " les démarches, l’état civil ou la vie démocratique ont continué, comment les systèmes ont été protégés.",
        [
            "cybersécurité",
            "continuité des services publics",
            "télétravail des agents",
            "mobilisation des corps intermédiaires",
        ],
    ),
    (
        "economie-locale",
        "Soutien à l’économie locale",
        "Économie locale",
        "Commerces fermés, marchés suspendus, producteurs sans débouchés : les collectivités ont ouvert des places de"
        " marché, recensé les commerces ouverts, organisé les livraisons et soutenu les entreprises.",
        [
            "circuits courts",
            "production et distribution locale",
            "livraisons à domicile",
            "mobilisation des entreprises",
        ],
    ),
    (
        "cohesion-sociale",
        "Cohésion sociale",
        "Cohésion sociale",
        "Garder le lien avec les habitants isolés, prêter une tablette, faire classe à distance, organiser l’entraide"
        " et la vaccination, continuer la culture et le sport : le numérique au service de ceux qui en ont besoin.",
        [
            "accès aux droits et à l’aide sociale",
            "inclusion numérique",
            "mobilisation des associations",
            "numérique éducatif",
            "santé publique",
            "culture, sports et loisirs",
        ],
    ),
]
AUDIENCES = [
    "habitants",
    "agents",
    "élus",
    "seniors",
    "élèves et étudiants",
    "familles",
    "entreprises",
    "commerçants",
    "associations",
    "personnes en situation de handicap",
    "professionnels de santé",
]
SYNONYMS = [
    "télétravail, travail à distance",
    "visioconférence, visio, réunion à distance",
    "commerce, commerçant, boutique, magasin",
    "place de marché, marketplace, boutique en ligne",
    "seniors, aînés, personnes âgées",
    "école, scolaire, classe",
    "click and collect, cliquez et retirez, retrait, drive",
    "cybersécurité, sécurité informatique, cyberattaque",
    "chatbot, robot conversationnel, agent conversationnel",
    "logiciel libre, open source",
    "entraide, solidarité",
    "producteur, agriculteur, maraîcher",
    "inclusion numérique, fracture numérique, illectronisme",
    "vaccination, vaccin",
    "conseil municipal, séance du conseil",
    "portage de repas, livraison de repas",
]


def fill(apps, schema_editor):
    model = {name: apps.get_model("initiatives", name) for name in ("Category", "Theme", "Audience", "Synonym")}
    for position, (slug, name, short_name, introduction, themes) in enumerate(CATEGORIES, 1):
        category = model["Category"].objects.create(
            slug=slug, name=name, short_name=short_name, introduction=introduction, position=position
        )
        for rank, theme in enumerate(themes, 1):
            address = slugify(theme.replace("’", "-"))
            model["Theme"].objects.create(category=category, name=theme, slug=address, position=rank)
    for position, name in enumerate(AUDIENCES, 1):
        model["Audience"].objects.create(name=name, slug=slugify(name), position=position)
    for terms in SYNONYMS:
        model["Synonym"].objects.create(terms=terms)
    apps.get_model("initiatives", "ContentVersion").objects.create(pk=1)
    apps.get_model("initiatives", "Survey").objects.create(
        title="Numérique et gestion de crise locale : des enseignements pour penser l’avenir des villes",
        slug="numerique-et-gestion-de-crise-2020-2021",
        prefix="CS20",
        description=(
            "Appel à témoignages de Villes de France et Villes Internet, adressé aux villes de 10 000 à 100 000 habitants"
            " et à leurs intercommunalités pendant la crise sanitaire : 97 initiatives de 26 villes et 5"
            " intercommunalités. Un recueil d’expériences, pas une statistique."
        ),
        started_on=date(2020, 11, 1),
        ended_on=date(2021, 3, 31),
        published_on=date(2021, 6, 8),
    )


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0002_search_index")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
