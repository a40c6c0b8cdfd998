"""Template filters: French typography, and the excerpt of a text with the words that a search found."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from initiatives.text import french
from initiatives.text.french import NBSP, NNBSP

register = template.Library()

for pure in (french.number, french.noun, french.counted, french.file_size, french.year_or_month, french.moment):
    register.filter(pure)
register.filter(french.day, expects_localtime=True)
register.filter(french.typo, is_safe=True)

EXCERPT = 22  # words
BEFORE = 8


@register.filter
def excerpt(text: str, query) -> str:
    """The first words of a text; where the search found its first word further on, those around it."""
    words = text.split(" ")
    if len(words) <= EXCERPT:
        return text
    found = (at for at, word in enumerate(words) if any(map(query.matches, re.findall(r"\w+", word)))) if query else ()
    first = next(iter(found), 0)
    start = min(first - BEFORE, len(words) - EXCERPT) if first >= EXCERPT else 0
    kept = " ".join(words[start : start + EXCERPT])
    if start + EXCERPT < len(words):
        kept = kept.rstrip(f".,;:–({NBSP}{NNBSP}") + "…"
    return f"… {kept}" if start else kept


@register.filter
def marked(text: str, query):
    """The text with the words that the search found in <mark>; everything else escaped."""
    if not query:
        return conditional_escape(text)
    parts = re.split(r"(\w+)", str(text))
    return mark_safe(  # noqa: S308 -- every part is escaped here
        "".join(
            format_html("<mark>{}</mark>", part) if at % 2 and query.matches(part) else conditional_escape(part)
            for at, part in enumerate(parts)
        )
    )
