"""House rules, each of which proves that it looked."""

import ast
import io
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import URLPattern, get_resolver

from initiatives.exports.columns import COLUMNS
from initiatives.models import Initiative
from initiatives.public.filters import InitiativeFilter
from initiatives.public.selection import PARAMETERS

ROOT = Path(__file__).resolve().parent.parent
# The packages of initiatives/, floor by floor from the ground: each imports from the floors below its own only.
FLOORS = [
    ["runtime", "search", "text"],
    ["models", "templatetags"],
    ["caching"],
    ["exports"],
    ["imports", "public"],
    ["adminkit", "figures", "opendata"],
    ["accounts", "links", "privacy", "publication"],
    ["backup", "desk"],
    ["management"],
]
# What a Django project has at its top: it puts the packages together.
TOP = {"__init__", "apps", "settings", "urls", "wsgi"}


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_towns_knows_nothing_of_initiatives():
    looked = modules("towns")
    assert len(looked) > 8
    for path in looked:
        assert not any(name.split(".")[0] == "initiatives" for name in imports(path)), path
        code = re.sub(r"#.*", "", path.read_text())
        assert "initiatives" not in code, path


def own_imports(path: Path) -> set[str]:
    """The packages and modules directly below `initiatives` that a module imports."""
    package, names = path.relative_to(ROOT).parent.parts, set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += (node.module or "").split(".") if node.module else []
            names |= {(*base, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {tuple(alias.name.split(".")) for alias in node.names}
    return {name[1] for name in names if name[0] == "initiatives" and len(name) > 1}


def test_packages_import_from_the_floors_below_only():
    folder, below, looked = ROOT / "initiatives", set(), 0
    for floor in FLOORS:
        for package in floor:
            for path in modules(f"initiatives/{package}"):
                assert own_imports(path) <= {package, *below}, path
                looked += 1
        below |= set(floor)
    assert looked > 150
    rooms = {path.name for path in folder.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms == below | {"migrations"}
    assert {path.stem for path in folder.glob("*.py")} == TOP


def test_no_test_module_is_imported():
    """What several of them share stands in tests/support/, fixtures in the conftest.py of their folder."""
    looked = modules("tests")
    assert len(looked) > 100
    for path in looked:
        tree = ast.walk(ast.parse(path.read_text()))
        names = [
            f"{node.module}.{alias.name}" for node in tree if isinstance(node, ast.ImportFrom) for alias in node.names
        ]
        assert not [name for name in [*names, *imports(path)] if ".test_" in f".{name}"], path


def test_what_has_transactions_of_its_own_runs_on_both_databases():
    asking = [path for path in modules("tests") if "mark.django_db(transaction=True" in path.read_text()]
    assert len(asking) > 5
    assert [path for path in asking if "mark.both_databases" not in path.read_text()] == []


def test_nothing_is_imported_inside_a_function():
    looked = modules("initiatives") + modules("towns")
    hidden = [
        path.relative_to(ROOT).as_posix()
        for path in looked
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    ]
    assert len(looked) > 150
    # Django wants receivers and the admin connected when all applications are there.
    assert set(hidden) == {"initiatives/apps.py", "initiatives/desk/apps.py"}


def test_nothing_walks_from_a_territory_to_entries():
    looked = [field for field in Initiative._meta.get_fields() if field.many_to_one and field.related_model]
    assert len(looked) > 5
    for field in looked:
        assert field.remote_field.related_name == "+" or field.related_model is Initiative, field.name


def test_settings_alone_read_the_environment():
    looked = [path for path in modules("initiatives") + modules("towns") if path.name not in ("settings.py", "wsgi.py")]
    assert len(looked) > 40
    for path in looked:
        assert "os.environ" not in path.read_text(), path


def test_every_template_has_a_reader():
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert len(templates) > 20
    sources = {path: path.read_text() for path in templates}
    code = "".join(path.read_text() for path in modules("initiatives"))
    for path in templates:
        if re.fullmatch(r"\d{3}\.html", path.name):
            continue  # errors.py names these by their status
        name = path.relative_to(ROOT / "templates").as_posix()
        if any((Path(app.path) / "templates" / name).exists() for app in apps.get_app_configs()):
            continue  # read by the application whose own it replaces
        others = "".join(text for other, text in sources.items() if other != path)
        generic = re.sub(r"(town|intercommunality)_detail", "{name}_detail", name)
        assert any(mention in code + others for mention in (name, generic, f'"{path.name}"')), name


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())
    assert {app.label for app in apps.get_app_configs()} >= {"initiatives", "towns"}


def test_open_data_names_every_parameter_and_column(client):
    page, described = client.get("/donnees/").text, client.get("/api/openapi.json").json()
    parameters = {one["name"] for one in described["paths"]["/api/initiatives"]["get"]["parameters"]}
    columns = set(described["components"]["schemas"]["Initiative"]["properties"])
    assert list(InitiativeFilter.base_filters) == list(PARAMETERS)
    assert parameters == {*PARAMETERS, "page", "page_size"}
    assert columns == {column.name for column in COLUMNS}
    assert len(parameters | columns) > 50
    assert [name for name in parameters | columns if f"<code>{name}</code>" not in page] == []


def test_every_address_of_the_public_pages_is_documented():
    """By the words of its path: /chiffres/matrice.csv, whatever stands between them."""
    documented = (ROOT / "initiatives" / "public" / "README.md").read_text()
    looked = [str(one.pattern) for one in get_resolver("initiatives.urls").url_patterns if isinstance(one, URLPattern)]
    assert len(looked) > 30
    for route in looked:
        assert all(word in documented for word in re.sub(r"<[^>]+>|[\\^$]", " ", route).split()), route


# Calls that write columns by name.
WRITES = {
    "update",
    "bulk_update",
    "bulk_create",
    "update_or_create",
    "get_or_create",
    "create",
    "setattr",
    "write_columns",
}


def writes_of_status(code: str) -> list[int]:
    """The lines that give a status: assigned, by setattr, or named in a call that writes columns."""
    found = []
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Assign(targets=targets):
                parts = [part for target in targets for part in ast.walk(target)]
                names = [part.attr for part in parts if isinstance(part, ast.Attribute)]
            case ast.AugAssign(target=ast.Attribute(attr=name)) | ast.AnnAssign(target=ast.Attribute(attr=name)):
                names = [name]
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in WRITES:
                given = [part for argument in node.args for part in ast.walk(argument)]
                given += [part for keyword in node.keywords if not keyword.arg for part in ast.walk(keyword.value)]
                names = [keyword.arg for keyword in node.keywords]
                names += [part.value for part in given if isinstance(part, ast.Constant)]
            case _:
                continue
        found += [node.lineno] * ("status" in names)
    return found


@pytest.mark.parametrize(
    "line",
    [
        'entry.status = "published"',
        "entry.status, entry.title = status, title",
        'setattr(entry, "status", status)',
        "rows.update(status=Status.PUBLISHED)",
        'rows.update(**{"status": Status.PUBLISHED})',
        'Initiative.objects.bulk_update(rows, ["status"])',
        "Initiative.objects.create(title=title, status=Status.PUBLISHED)",
    ],
)
def test_each_way_to_write_a_status_is_seen(line):
    assert writes_of_status(line) == [1]
    assert writes_of_status(line.replace("status", "title")) == []


def test_only_the_verbs_give_a_status():
    # A document, a web address and a refusal of the API have each a status of their own.
    own = {"models/initiative/workflow.py", "models/document.py", "models/web_address.py", "opendata/api.py"}
    looked = {str(path.relative_to(ROOT / "initiatives")): path.read_text() for path in modules("initiatives")}
    assert len(looked) > 40
    assert own < looked.keys()
    writing = {name: writes_of_status(code) for name, code in looked.items() if not name.startswith("migrations/")}
    assert {name: lines for name, lines in writing.items() if lines and name not in own} == {}


def test_statuses_are_named_by_their_enumeration():
    values = set(Initiative.Status.values)
    looked = [path for path in modules("initiatives") if "migrations" not in path.parts]
    assert len(looked) > 40
    for path in looked:
        compared = [
            part.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Compare) or (isinstance(node, ast.keyword) and "status" in (node.arg or ""))
            for part in ast.walk(node)
            if isinstance(part, ast.Constant)
        ]
        assert not values & {value for value in compared if isinstance(value, str)}, path


def test_every_class_of_the_style_sheets_is_used():
    """In a class="…" of ours or of the admin that we dress, or as a word that Python or a script writes."""
    sheets = "".join(path.read_text() for path in (ROOT / "static" / "css").glob("*.css"))
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "{}", sheets, flags=re.DOTALL)
    styled = set(re.findall(r"\.([a-z][\w-]*)", selectors, re.IGNORECASE))
    assert len(styled) > 150
    folders = [ROOT / "templates", Path(apps.get_app_config("admin").path) / "templates"]
    pages = "".join(path.read_text() for folder in folders for path in folder.rglob("*.*"))
    pages = re.sub(r"\{([%{#]).*?[%}#]\}", " ", pages)
    scripts = (path.read_text() for path in [*modules("initiatives"), *(ROOT / "static" / "js").glob("*.js")])
    used = re.findall(r'class="([^"]*)"', pages) + re.findall(r"[\"'`]([\w -]+)[\"'`]", "".join(scripts))
    used = {name for words in used for name in words.split()}
    # « ink-{{ … }} »: what begins so.
    begun = tuple(name for name in used if name.endswith("-"))
    named_by_django_or_htmx = {"dashboard", "field-url", "field-verdict", "htmx-request"}
    assert {name for name in styled - used if not name.startswith(begun)} <= named_by_django_or_htmx


def test_scripts_are_short():
    lengths = {path.name: len(path.read_text().splitlines()) for path in (ROOT / "static" / "js").glob("*.js")}
    assert len(lengths) > 8
    assert {name: length for name, length in lengths.items() if length > 200} == {}
