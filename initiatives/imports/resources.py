"""The table of columns of the import: which field of an entry each is, and what translates its cells.

Resource, Field, Widget and Dataset are those of django-import-export; its engine is not used, because it reads,
compares and saves row by row in one go, where a file is previewed here, corrected, and written in bulk by whoever
confirms it.
"""

from import_export.resources import DeclarativeMetaclass, Resource

from initiatives.models import Audience, Initiative
from initiatives.models.record_table import FieldKind

from .address_widgets import AddressWidget, LinksWidget, source_address
from .band_widgets import LEAD_TIMES, TIME, YEARLY, BandWidget, CostWidget, amount
from .choice_widgets import CategoryWidget, ChoiceWidget, EntryWidget, SomeOfWidget, ThemesWidget
from .columns import (
    BandColumn,
    ChildrenColumn,
    DateColumn,
    DayColumn,
    FallbackColumn,
    ImportColumn,
    KeyColumn,
    LookupColumn,
    ProseColumn,
    ReferenceColumn,
    RelatedColumn,
)
from .date_widgets import AgreementWidget, YearOrMonthWidget
from .headings import IMPORTABLE
from .record_widgets import RowsWidget, WholeNumberWidget
from .territory_widgets import TerritoryWidget
from .tool_widgets import OpenSourceWidget, ToolsWidget
from .widgets import LinesWidget, TextWidget, TitleWidget, YesNoWidget, long_title

BY_KIND = {
    FieldKind.LINE: ImportColumn,
    FieldKind.PROSE: lambda name: ProseColumn(name, TextWidget(lines=True)),
    FieldKind.LIST: lambda name: ImportColumn(name, LinesWidget(longest=1000)),
    FieldKind.MONTH: lambda name: DateColumn(name, YearOrMonthWidget()),
    FieldKind.YES_NO: lambda name: ImportColumn(name, YesNoWidget()),
    FieldKind.NUMBER: lambda name: ImportColumn(name, WholeNumberWidget()),
    FieldKind.ADDRESS: lambda name: ImportColumn(name, AddressWidget()),
    FieldKind.ENTRY: lambda name: LookupColumn(name, EntryWidget()),
    FieldKind.OWN: lambda name: ChildrenColumn(name, RowsWidget(name)),
}
# Those that their kind alone does not tell.
BY_NAME = {
    "reference": ReferenceColumn("reference"),
    "territory": LookupColumn("territory", TerritoryWidget(), required=True),
    "title": ImportColumn("title", TitleWidget(), required=True),
    "summary": FallbackColumn("summary", {"title": long_title}, widget=TextWidget(lines=True)),
    "category": KeyColumn("category", CategoryWidget(), required=True),
    "themes": RelatedColumn("themes", ThemesWidget()),
    "audiences": RelatedColumn("audiences", SomeOfWidget(Audience, "name", "slug")),
    "state": ImportColumn("state", ChoiceWidget(Initiative.State, empty=Initiative.State.UNKNOWN)),
    "investment_cost": BandColumn("investment_cost", CostWidget()),
    "yearly_cost": BandColumn("yearly_cost", CostWidget(after=YEARLY)),
    "cost_details": FallbackColumn("cost_details", {"investment_cost": amount, "yearly_cost": amount}),
    "lead_time": BandColumn("lead_time", BandWidget(TIME, LEAD_TIMES)),
    "tools": ChildrenColumn("tools", ToolsWidget()),
    "open_source": ImportColumn("open_source", OpenSourceWidget()),
    "links": ChildrenColumn("links", LinksWidget()),
    "source_url": FallbackColumn("source_url", {"source_title": source_address}, widget=AddressWidget()),
    "licence_agreed_on": DayColumn("licence_agreed_on", AgreementWidget()),
}


# Entries from a survey file, from public sources or from our own export. The headings are in headings.py.
InitiativeResource = DeclarativeMetaclass(
    "InitiativeResource",
    (Resource,),
    {row.name: BY_NAME.get(row.name) or BY_KIND[row.kind](row.name) for row in IMPORTABLE},
)
