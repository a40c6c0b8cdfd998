"""The steps of `prepare` are done again when the code changes that says what they do."""

import ast
from importlib.util import resolve_name
from pathlib import Path

import pytest

from initiatives.management.commands.prepare import STEPS
from tests.run import ROOT

pytestmark = pytest.mark.no_database
WATCHED = {command: patterns for command, _, patterns in STEPS}
# What the derived columns are of, and how they are written, but not what they say.
ROWS = {"initiatives.models", "initiatives.models.bulk", "towns.models"}


def ours(path: str) -> set[str]:
    """The modules of ours that a module imports from."""
    package = path.rpartition("/")[0].replace("/", ".")
    nodes = [node for node in ast.walk(ast.parse(Path(ROOT, path).read_text())) if isinstance(node, ast.ImportFrom)]
    names = {resolve_name("." * node.level + (node.module or ""), package) for node in nodes}
    return {name for name in names if name.partition(".")[0] in ("initiatives", "towns")}


def test_reindex_follows_what_says_what_is_indexed():
    found, left = set(), ["initiatives/models/derived.py"]
    while left:
        path = left.pop()
        found.add(path)
        left += {f"{name.replace('.', '/')}.py" for name in ours(path) - ROWS} - found
    assert {*WATCHED["reindex"]} == {*found, "requirements.txt"}


def test_migrate_follows_what_is_made_after_migrations():
    files = [path for app in ("initiatives", "towns") for path in Path(ROOT, app).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in files if "@receiver(post_migrate" in path.read_text()}
    assert {*WATCHED["migrate"]} == {*found, "*/migrations/*.py", "requirements.txt"}
