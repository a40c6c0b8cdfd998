"""The pictures that networks show beside a shared address, drawn by typst from data."""

import json

import typst
from django.conf import settings

from initiatives.models import Initiative
from initiatives.runtime.palette import LIGHT

SOURCE = settings.BASE_DIR / "templates" / "sharing" / "picture.typ"
PIXELS_PER_INCH = 144


def picture(*, title: str, kicker: str = "", place: str = "", colour: str = "ink") -> bytes:
    """A PNG of 1200 × 630 pixels; `colour` is the name of one of the palette.

    Texts are data: no character of theirs is ever markup.
    """
    data = {
        "title": title,
        "kicker": kicker,
        "place": place,
        "site": settings.PUBLISHER,
        "colour": LIGHT[colour],
        "ink": LIGHT["ink"],
        "paper": LIGHT["paper"],
    }
    return typst.compile(
        str(SOURCE),
        format="png",
        ppi=PIXELS_PER_INCH,
        sys_inputs={"data": json.dumps(data)},
        ignore_system_fonts=True,
    )


def picture_of(initiative: Initiative) -> bytes:
    return picture(
        title=initiative.title,
        kicker=initiative.category.short_name,
        place=str(initiative.territory),
        colour=initiative.category.colour,
    )
