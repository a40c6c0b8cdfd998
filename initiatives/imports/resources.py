"""The table of columns of the import: which field of an entry each is, and what translates its cells.

Resource, Field, Widget and Dataset are those of django-import-export; its engine is not used, because it reads,
compares and saves row by row in one go, where a file is previewed here, corrected, and written in bulk by whoever
confirms it.
"""

from import_export.resources import Resource

from initiatives.models import Audience, Category, Initiative

from .choice_widgets import BandWidget, ChoiceWidget, EntryWidget, OneOfWidget, SomeOfWidget, ThemesWidget
from .columns import (
    ChildrenColumn,
    DayColumn,
    ImportColumn,
    KeyColumn,
    LookupColumn,
    ReferenceColumn,
    RelatedColumn,
)
from .record_widgets import RowsWidget, WholeNumberWidget
from .territory_widgets import LinksWidget, TerritoryWidget, ToolsWidget
from .widgets import AddressWidget, DayWidget, LinesWidget, TextWidget, YearOrMonthWidget, YesNoWidget


class InitiativeResource(Resource):
    """Entries from a survey file, from public sources or from our own export. The headings are in headings.py."""

    reference = ReferenceColumn("reference")
    territory = LookupColumn("territory", TerritoryWidget(), required=True)
    carrying_service = ImportColumn("carrying_service")
    # En bref
    title = ImportColumn("title", required=True)
    summary = ImportColumn("summary", TextWidget(lines=True))
    category = KeyColumn("category", OneOfWidget(Category, "slug", "name", "short_name"), required=True)
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
    key_figures = ChildrenColumn("key_figures", RowsWidget("key_figures"))
    highlight = ImportColumn("highlight")
    # Pour refaire
    tools = ChildrenColumn("tools", ToolsWidget())
    investment_cost = ImportColumn("investment_cost", BandWidget(Initiative.Cost))
    yearly_cost = ImportColumn("yearly_cost", BandWidget(Initiative.Cost))
    cost_details = ImportColumn("cost_details")
    lead_time = ImportColumn("lead_time", BandWidget(Initiative.LeadTime))
    staff_count = ImportColumn("staff_count", WholeNumberWidget())
    partners = ImportColumn("partners", LinesWidget(longest=1000))
    links = ChildrenColumn("links", LinksWidget())
    inspired_by = LookupColumn("inspired_by", EntryWidget())
    # Source
    source_title = ImportColumn("source_title")
    source_publisher = ImportColumn("source_publisher")
    source_url = ImportColumn("source_url", AddressWidget())
    more_sources = ChildrenColumn("more_sources", RowsWidget("more_sources"))
    in_survey = ImportColumn("in_survey", YesNoWidget())
    # Contact: the service is public, the declarant is not
    contact_service = ImportColumn("contact_service")
    contact_email = ImportColumn("contact_email")
    declarant_name = ImportColumn("declarant_name")
    declarant_role = ImportColumn("declarant_role")
    declarant_email = ImportColumn("declarant_email")
    licence_agreed_on = DayColumn("licence_agreed_on", DayWidget())
