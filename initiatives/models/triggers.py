"""A theme belongs to the category of its entry, even under psql: three triggers hold it.

No constraint of Django can compare columns of two tables. The triggers are dropped before
migrations and made again after them, because SQLite rebuilds a table to alter it and refuses to
while a trigger names it.
"""

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver

MESSAGE = "a theme belongs to the category of its initiative"
LINKS, ENTRIES, THEMES = "initiatives_initiative_themes", "initiatives_initiative", "initiatives_theme"
# Table, event, and the condition of a row that must not be.
RULES = {
    "theme_link_of_category": (
        LINKS,
        "INSERT OR UPDATE",
        f"(SELECT category_id FROM {THEMES} WHERE id = NEW.theme_id)"
        f" <> (SELECT category_id FROM {ENTRIES} WHERE id = NEW.initiative_id)",
    ),
    "theme_entry_category": (
        ENTRIES,
        "UPDATE OF category_id",
        f"EXISTS (SELECT 1 FROM {LINKS} l JOIN {THEMES} t ON t.id = l.theme_id"
        " WHERE l.initiative_id = NEW.id AND t.category_id <> NEW.category_id)",
    ),
    "theme_own_category": (
        THEMES,
        "UPDATE OF category_id",
        f"EXISTS (SELECT 1 FROM {LINKS} l JOIN {ENTRIES} i ON i.id = l.initiative_id"
        " WHERE l.theme_id = NEW.id AND i.category_id <> NEW.category_id)",
    ),
}


def _sqlite(name: str, table: str, events: str, wrong: str):
    for event in events.split(" OR "):
        trigger = f"{name}_{event.split()[0].lower()}"
        yield (
            f"DROP TRIGGER IF EXISTS {trigger}",
            (
                f"CREATE TRIGGER {trigger} BEFORE {event} ON {table}"
                f" WHEN {wrong} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            ),
        )


def _postgresql(name: str, table: str, events: str, wrong: str):
    yield (
        f"DROP FUNCTION IF EXISTS {name}() CASCADE",
        (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {wrong} THEN"
            f" RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$;"
            f" CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
    )


def _statements(vendor: str):
    dialect = {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]
    for name, (table, events, wrong) in RULES.items():
        yield from dialect(name, table, events, wrong)


@receiver(pre_migrate)
def drop(sender, using, **kwargs):
    if sender.name == "initiatives":
        with connections[using].cursor() as cursor:
            for dropping, _ in _statements(connections[using].vendor):
                cursor.execute(dropping)


@receiver(post_migrate)
def create(sender, using, **kwargs):
    if sender.name != "initiatives" or LINKS not in connections[using].introspection.table_names():
        return
    with connections[using].cursor() as cursor:
        for dropping, creating in _statements(connections[using].vendor):
            cursor.execute(dropping)
            cursor.execute(creating)
