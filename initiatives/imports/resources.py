"""The table of columns of the import: which field of an entry each is, and what translates its cells."""

from initiatives.models import Audience, Category, Initiative

from .fields import ChildrenColumn, Column, RelatedColumn, TerritoryColumn
from .resource_base import EntryImport
from .territory_widgets import Links, TerritoryWidget, Tools
from .widgets import Address, Band, Choice, Day, Entry, Lines, OneOf, SomeOf, Text, Themes, YearOrMonth, YesNo


class InitiativeResource(EntryImport):
    """Entries from a survey file, from public sources or from our own export. The headings are in headings.py."""

    reference = Column("reference")
    territory = TerritoryColumn("territory", TerritoryWidget(), required=True)
    carrying_service = Column("carrying_service")
    # En bref
    title = Column("title", required=True)
    summary = Column("summary", Text(lines=True))
    category = Column("category", OneOf(Category, "slug", "name", "short_name"), required=True)
    themes = RelatedColumn("themes", Themes())
    audiences = RelatedColumn("audiences", SomeOf(Audience, "name", "slug"))
    state = Column("state", Choice(Initiative.State, empty=Initiative.State.UNKNOWN))
    started = Column("started", YearOrMonth())
    ended = Column("ended", YearOrMonth())
    # Récit
    need = Column("need", Text(lines=True))
    solution = Column("solution", Text(lines=True))
    results = Column("results", Text(lines=True))
    caveats = Column("caveats", Text(lines=True))
    advice = Column("advice", Text(lines=True))
    # Pour refaire
    tools = ChildrenColumn("tools", Tools())
    investment_cost = Column("investment_cost", Band(Initiative.Cost))
    yearly_cost = Column("yearly_cost", Band(Initiative.Cost))
    lead_time = Column("lead_time", Band(Initiative.LeadTime))
    partners = Column("partners", Lines(longest=1000))
    links = ChildrenColumn("links", Links())
    inspired_by = Column("inspired_by", Entry())
    # Source
    source_title = Column("source_title")
    source_publisher = Column("source_publisher")
    source_url = Column("source_url", Address())
    in_survey = Column("in_survey", YesNo())
    # Contact: the service is public, the declarant is not
    contact_service = Column("contact_service")
    contact_email = Column("contact_email")
    declarant_name = Column("declarant_name")
    declarant_role = Column("declarant_role")
    declarant_email = Column("declarant_email")
    licence_agreed_on = Column("licence_agreed_on", Day())
