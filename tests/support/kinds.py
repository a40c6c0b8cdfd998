"""One page of each kind, with an entry that has every block of the record and one that has only a title."""

from initiatives.models import Audience, Edition, Initiative

from . import editions, factories
from .logos import svg


def complete_entry() -> Initiative:
    """An entry that has every block of the record."""
    place = factories.intercommunality(name="CA du Beauvaisis", population=103_000)
    model = factories.published(
        title="Le modèle", territory=factories.town(name="Saumur", longitude=-0.0766, latitude=47.2602)
    )
    themes = [factories.theme(slug="sante-publique"), factories.theme(slug="inclusion-numerique")]
    initiative = factories.published(
        title="L'entraide : un annuaire",
        slug="entraide",
        territory=factories.town(
            name="Beauvais", population=55_550, intercommunality=place, longitude=2.0823, latitude=49.4425
        ),
        themes=themes,
        need="Trouver de l'aide.",
        solution="Un annuaire.\n\nUn standard.",
        results="2 300 demandes.",
        caveats="La relecture.",
        advice="Prévoir le téléphone.",
        carrying_service="Vie associative",
        state=Initiative.State.DEPLOYED,
        started="2020-04",
        ended="2021",
        investment_cost=Initiative.Cost.UNDER_10K,
        yearly_cost=Initiative.Cost.UNDER_1K,
        lead_time=Initiative.LeadTime.WEEKS,
        partners="Secours populaire\nCCAS",
        in_survey=True,
        origin=Initiative.Origin.SURVEY,
        source_title="Un an d'entraide",
        source_publisher="Magazine municipal",
        source_url="https://example.org/entraide",
        contact_service="Accueil",
        contact_email="accueil@ville.example",
        verified_on="2026-10-01",
        inspired_by=model,
    )
    initiative.audiences.set(Audience.objects.all()[:2])
    initiative.tools.create(name="Yakforms", open_source="yes")
    initiative.tools.create(name="Tableur")
    initiative.links.create(label="La délibération", url="https://example.org/deliberation")
    return initiative


def bare_entry() -> Initiative:
    """A published entry that says what publishing asks for and nothing else."""
    nothing = ("started", "need", "solution", "source_title", "source_publisher", "declarant_name", "declarant_email")
    facts = factories.PUBLIC_SOURCE | dict.fromkeys(nothing, "") | {"licence_agreed_on": None}
    return factories.published(title="Conseil retransmis", slug="bare", summary="Le conseil se regarde.", **facts)


def report() -> Edition:
    """The second edition of a publication with all that one can have; the first has the notice."""
    facts = {
        "subtitle": "Fiche par fiche",
        "credits": "Merci.",
        "logo": svg(),
        "logo_type": "svg",
        "logo_text": "Blason",
    }
    first = editions.built(foreword="Un **mot**.\n\n## Partie\n\n1. un\n2. deux\n\n> cité", **facts)
    first.publication.introductions.create(category=factories.category(), text="Une **introduction**.")
    return editions.built(of=first.publication)


def addresses(initiative: Initiative) -> list[str]:
    return [
        "/",
        "/initiatives/",
        "/initiatives/?q=annuaire&theme=sante-publique&tri=titre",
        "/initiatives/?q=introuvable",
        "/initiatives/?q=annuaire&theme=cybersecurite",
        "/initiatives/?region=zz",
        f"/initiatives/{initiative.slug}/?rang=1",
        "/initiatives/bare/",
        "/carte/",
        "/carte/?q=introuvable",
        "/carte/?region=32&categorie=cohesion-sociale",
        "/collectivites/",
        "/collectivites/?q=beauv",
        "/collectivites/?q=introuvable",
        "/categories/cohesion-sociale/",
        "/categories/economie-locale/",
        f"/villes/{initiative.territory.slug}/",
        f"/intercommunalites/{initiative.territory.intercommunality.slug}/",
        "/chiffres/",
        f"/chiffres/?edition={initiative.survey.slug}",
        "/chiffres/matrice/?tri=sante-publique",
        "/chiffres/comparaison/",
        "/donnees/",
        "/s-abonner/?theme=sante-publique",
        "/integrer/?theme=sante-publique&nombre=5",
        "/publications/",
        "/publications/rapport/",
        "/publications/rapport/edition-1/",
        f"/selection/?fiche={initiative.slug}&fiche=inconnue&q=modele",
        "/a-propos/",
        "/accessibilite/",
        "/mentions-legales/",
        "/donnees-personnelles/",
    ]
