"""The table of columns of the import: which field of an entry each is, and what translates its cells."""

from initiatives.models import Audience, Category, Initiative

from .fields import ChildrenColumn, ImportColumn, RelatedColumn, TerritoryColumn
from .resource_base import EntryImport
from .territory_widgets import LinksWidget, TerritoryWidget, ToolsWidget
from .widgets import (
    AddressWidget,
    BandWidget,
    ChoiceWidget,
    DayWidget,
    EntryWidget,
    LinesWidget,
    OneOfWidget,
    SomeOfWidget,
    TextWidget,
    ThemesWidget,
    YearOrMonthWidget,
    YesNoWidget,
)


class InitiativeResource(EntryImport):
    """Entries from a survey file, from public sources or from our own export. The headings are in headings.py."""

    reference = ImportColumn("reference")
    territory = TerritoryColumn("territory", TerritoryWidget(), required=True)
    carrying_service = ImportColumn("carrying_service")
    # En bref
    title = ImportColumn("title", required=True)
    summary = ImportColumn("summary", TextWidget(lines=True))
    category = ImportColumn("category", OneOfWidget(Category, "slug", "name", "short_name"), required=True)
    themes = RelatedColumn("themes", ThemesWidget())
    audiences = RelatedColumn("audiences", SomeOfWidget(Audience, "name", "slug"))
    state = ImportColumn("state", ChoiceWidget(Initiative.State, empty=Initiative.State.UNKNOWN))
    started = ImportColumn("started", YearOrMonthWidget())
    ended = ImportColumn("ended", YearOrMonthWidget())
    # Récit
    need = ImportColumn("need", TextWidget(lines=True))
    solution = ImportColumn("solution", TextWidget(lines=True))
    results = ImportColumn("results", TextWidget(lines=True))
    caveats = ImportColumn("caveats", TextWidget(lines=True))
    advice = ImportColumn("advice", TextWidget(lines=True))
    # Pour refaire
    tools = ChildrenColumn("tools", ToolsWidget())
    investment_cost = ImportColumn("investment_cost", BandWidget(Initiative.Cost))
    yearly_cost = ImportColumn("yearly_cost", BandWidget(Initiative.Cost))
    lead_time = ImportColumn("lead_time", BandWidget(Initiative.LeadTime))
    partners = ImportColumn("partners", LinesWidget(longest=1000))
    links = ChildrenColumn("links", LinksWidget())
    inspired_by = ImportColumn("inspired_by", EntryWidget())
    # Source
    source_title = ImportColumn("source_title")
    source_publisher = ImportColumn("source_publisher")
    source_url = ImportColumn("source_url", AddressWidget())
    in_survey = ImportColumn("in_survey", YesNoWidget())
    # Contact: the service is public, the declarant is not
    contact_service = ImportColumn("contact_service")
    contact_email = ImportColumn("contact_email")
    declarant_name = ImportColumn("declarant_name")
    declarant_role = ImportColumn("declarant_role")
    declarant_email = ImportColumn("declarant_email")
    licence_agreed_on = ImportColumn("licence_agreed_on", DayWidget())
