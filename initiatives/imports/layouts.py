"""What is remembered of layouts of files: what somebody said of headings together, never of one of ours."""

import re
from collections.abc import Iterable, Mapping

from initiatives.models import FileLayout

from .column_matching import match
from .headings import HEADINGS, key

# A heading that comes again in its file: what it means there is nobody's guess, though we know the first.
AGAIN = re.compile(r" \(\d+\)$")


def compared(heading: str) -> str:
    """A heading as layouts remember it."""
    return key(heading) or heading


def is_ours(heading: str) -> bool:
    """Whether we know a heading: what somebody makes of it in one file then says nothing of the next."""
    found = match(heading)
    return (found.is_sure or found.is_aside) and not AGAIN.search(heading)


def layout_of(headings: Iterable[str]) -> FileLayout | None:
    """What somebody said of a file of these headings together."""
    digest = FileLayout.digest_of(map(compared, filter(None, headings)))
    return FileLayout.objects.select_related("said_by").filter(digest=digest).first()


def known_fields(layout: FileLayout | None) -> dict[str, str | None]:
    """The fields of a layout by heading as it is remembered, without those that there are no more."""
    mapping = layout.mapping if layout else {}
    return {heading: name for heading, name in mapping.items() if name is None or name in HEADINGS}


def remember(headings: list[str], said: Mapping[str, str | None], constants: Mapping[str, str], *, by):
    """Keep what was said of a file in place of what was remembered of its layout; nothing said is nothing kept.

    `said` has the field of each heading of which something was said, None where it is left aside.
    """
    mapping = {compared(heading): name for heading, name in said.items() if not is_ours(heading)}
    layout, kept = layout_of(headings), {"mapping": mapping, "constants": dict(constants)}
    if layout and {"mapping": layout.mapping, "constants": layout.constants} == kept:
        return
    if mapping or constants:
        FileLayout.objects.update_or_create(
            digest=FileLayout.digest_of(map(compared, headings)),
            defaults=kept | {"headings": headings, "said_by": by},
        )
    elif layout:
        layout.delete()
