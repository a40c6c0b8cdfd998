"""What the columns of an import know of their field, and what the stages of an import may know of each other."""

import ast
import re
from pathlib import Path

import initiatives.imports
from initiatives.imports.resources import InitiativeResource
from initiatives.models import Audience, Initiative, record
from tests.support import factories


def test_columns_store_what_the_record_has():
    """Of an entry that says something in every field: what is previewed, applied and undone is one form of values."""
    entry = factories.draft(
        themes=[factories.theme()],
        started="2020",
        ended="2020-11",
        investment_cost="0",
        lead_time="weeks",
        inspired_by=factories.draft(),
        source_url="https://example.org/",
        licence_agreed_on="2021-01-15",
        declarant_name="Camille Confidentielle",
    )
    entry.audiences.set(Audience.objects.all()[:2])
    entry.tools.create(name="Zoom", open_source="no")
    entry.tools.create(name="Jitsi", open_source="yes")
    entry.links.create(label="Le projet", url="https://example.org/p")
    entry = Initiative.objects.get(pk=entry.pk)
    parts, stored = Initiative.parts_of([entry.pk])[entry.pk], record.stored_values(entry)
    looked = {}
    for column in InitiativeResource().fields.values():
        looked |= column.plain(column.stored(entry, parts))
    assert looked.pop("reference") == entry.reference
    assert looked == {name: stored[name] for name in looked}
    assert stored.keys() - looked.keys() == {"survey", "origin", "slug", "verified_on", "internal_note"}


def _is_foreign(node: ast.AST) -> bool:
    """Whether an attribute is private, and of another object than the one whose method it stands in."""
    own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
    return isinstance(node, ast.Attribute) and re.match("_[^_]", node.attr) is not None and not own


def test_no_stage_reaches_into_another_nor_asks_a_column_for_its_type():
    """But for the ways of Django and of simple-history that have such names."""
    allowed = {"_meta", "_replace", "_raw_delete", "_change_reason"}
    looked = 0
    for path in Path(initiatives.imports.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            looked += isinstance(node, ast.Attribute)
            assert not (_is_foreign(node) and node.attr not in allowed), (path.name, node.attr, node.lineno)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
                assert "Column" not in ast.unparse(node.args[1]), (path.name, node.lineno)
    assert looked > 1000
