"""An entry with as much as the record takes stays within the margins of every PDF."""

import pytest
from django.db import models

from initiatives.models import Audience, Initiative
from initiatives.models.record_table import OWN, TABLE, FieldKind
from initiatives.publication.edition import EditionContent
from initiatives.publication.pdf.report import report
from tests.support import editions, factories
from tests.support.pdfs import read, squeezed

# That at the foot of every template, in points, and one less: a line may stand on it.
MARGIN = 24 / 25.4 * 72 - 1
STORY = {row.name: "" for row in TABLE if row.kind is FieldKind.PROSE and row.is_public}


def filled(column: models.Field, number: int, most: int) -> str:
    start = "https://example.org/" if column.name.endswith("url") else ""
    words = f"{number}-mot-de-plus" if start else f"{number} mot de plus "
    return (start + words * 150)[: min(column.max_length, len(start) + most)].strip()


def longest(*, most: int = 1_500, **facts) -> Initiative:
    """With every field and as many rows as they take, each text of so many letters at most."""
    columns = [Initiative._meta.get_field(row.name) for row in TABLE if row.is_public]
    texts = [one for one in columns if isinstance(one, models.CharField | models.TextField) and not one.choices]
    kept = ("reference", "slug", "started", "ended", "contact_email")
    given = {one.name: filled(one, 0, most) for one in texts if one.name not in kept}
    given |= dict.fromkeys(["investment_cost", "yearly_cost"], Initiative.Cost.UNDER_200K)
    entry = factories.published(**given | {"origin": "public_source", "staff_count": 99_999} | facts)
    entry.audiences.set(Audience.objects.all())
    for row in TABLE:
        for number in range(row.most):
            parts = [Initiative.part_model(row.name)._meta.get_field(part) for part in OWN[row.name]]
            cells = {one.name: one.choices[0][0] if one.choices else filled(one, number, most) for one in parts}
            getattr(entry, row.name).create(**cells)
    return entry


def in_the_foot(content: bytes) -> list[str]:
    """What each page of a PDF has below its margin, without the number of the page."""
    found = []
    for page in read(content).pages:
        low: list[str] = []

        def look(text, page, line, font, size, low=low):
            if line[4] * page[1] + line[5] * page[3] + page[5] < MARGIN:
                low.append(text)

        page.extract_text(visitor_text=look)
        found.append(squeezed("".join(low)).rstrip("0123456789"))
    return found


@pytest.mark.parametrize(
    "facts",
    [{}, STORY | {"summary": "Brève."}, {"most": 3, "solution": "a\n\n" * 100}],
    ids=["all of it", "without a story", "of short lines"],
)
def test_longest_entry_stays_above_the_foot_of_every_page(client, facts):
    entry = longest(**facts)
    foot = in_the_foot(report(EditionContent(editions.edition())))
    assert set(foot) == {"", squeezed("Le rapport · édition n° ")}
    assert foot.count("") == 1, "the cover"
    foot = in_the_foot(client.get(f"{entry.get_absolute_url()}fiche.pdf").content)
    assert set(foot) == {squeezed("Initiatives numériques des villes · Villes de France")}
