"""The colours of the house, as site.css declares them: charts, maps, PDF and pictures read them from here."""

import re

from django.conf import settings

SHEET = settings.BASE_DIR / "static" / "css" / "site.css"


def _schemes(css: str) -> list[dict[str, str]]:
    """Each `:root` of the sheet as {name of a custom property: « #rrggbb »}, in the order of the sheet."""
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", block)) for block in blocks]


# Of print only what is black, white or grey follows.
LIGHT, DARK = _schemes(SHEET.read_text())[:2]
