"""The palette in what is no style sheet: drawings that stand alone, `<meta>`."""

from django import template

from initiatives.runtime.palette import DARK, LIGHT

register = template.Library()


@register.simple_tag
def colour(name: str, scheme: str = "light") -> str:
    """The colour of that name in the light or the dark scheme, as « #rrggbb »."""
    return {"light": LIGHT, "dark": DARK}[scheme][name]
