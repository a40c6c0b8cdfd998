"""PDF by typst, from data: whatever a text holds, it is printed or stands as « □ », and nothing is ever interpreted."""

import functools
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from importlib import resources

import typst
from django.conf import settings

from initiatives.runtime.palette import LIGHT
from initiatives.text.characters import BREAKS, INVISIBLE, without

TEMPLATES = settings.BASE_DIR / "templates" / "publications"
SOURCES = ("common.typ", "report.typ", "sheets.typ")
PALETTE = json.dumps(LIGHT).encode()
# Accessible and made to be kept: typst refuses to write what is not.
STANDARDS = ["ua-1", "a-2a"]
MISSING = "□"
# What the two families of the report certainly have: nearly every text is made of this.
_USUAL = r"\n -~\u00a0-\u00ac\u00ae-\u017f\u2010-\u2014\u2018-\u201e\u2020-\u2022\u2026\u202f\u20ac"
PLAIN, UNUSUAL = re.compile(f"[{_USUAL}]*"), re.compile(f"[^{_USUAL}]")
# Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Georgian, signs. The rest is in no font of ours:
# nobody need ask, sign by sign, of ten thousand of Chinese and of emoji.
PERHAPS = re.compile("[\u0020-\u06ff\u0900-\u097f\u10a0-\u10ff\u1d00-\u2bff\ufb00-\ufeff]")
GLYPHS = b"""#set document(title: "x")
#for text-of-one in json("data.json") { par(text(font: "Source Sans Pro", text-of-one)) }"""
# A character with the marks that stand on it.
CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*", re.DOTALL)
MOST_MARKS = 2
# A word that no line holds is cut where it must be.
LONG_WORD = re.compile(r"[^\s-]{32}(?=\S)")


@functools.cache
def fonts() -> typst.Fonts:
    """Source Sans Pro beside the families that typst brings: the same on every machine."""
    files = resources.files("font_source_sans_pro") / "files"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(files)])


def pdf(main: str, data: dict, *, at: datetime) -> bytes:
    """The PDF that a template of TEMPLATES makes of the data. `at` is the date that it says: same data, same bytes."""
    sources = {name: (TEMPLATES / name).read_bytes() for name in SOURCES}
    main_source = sources.pop(main)

    def compiled(data: dict) -> bytes:
        written = json.dumps(data, ensure_ascii=False, sort_keys=True).encode()
        return typst.compile(
            {"main.typ": main_source, **sources, "palette.json": PALETTE, "data.json": written},
            format="pdf",
            font_paths=fonts(),
            pdf_standards=STANDARDS,
            timestamp=int(at.timestamp()),
        )

    try:
        return compiled(printable(data))
    except typst.TypstError as fault:
        # Signs that can be printed one by one and not side by side: better without them than no document.
        if "could not be displayed" not in str(fault):
            raise
        return compiled(_mapped(data, lambda text: UNUSUAL.sub(MISSING, _tidy(text))))


def printable(data):
    """The data with every text as it can be printed."""
    texts = []
    _mapped(data, texts.append)
    unusual = {text: _tidy(text) for text in set(texts) if not PLAIN.fullmatch(text)}
    clusters = {
        cluster for text in unusual.values() for cluster in CLUSTER.findall(text) if not PLAIN.fullmatch(cluster)
    }
    known = _known(clusters)
    for text, tidy in unusual.items():
        unusual[text] = CLUSTER.sub(lambda found: known.get(found[0], found[0]), tidy)
    return _mapped(data, lambda text: LONG_WORD.sub("\\g<0>\u200b", unusual.get(text, text)))


def _mapped(data, change: Callable[[str], str]):
    """A copy of nested data with every text changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        # An address is followed and a drawing drawn, not printed.
        return {name: value if name in ("href", "svg") else _mapped(value, change) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_mapped(value, change) for value in data]
    return data


def _tidy(text: str) -> str:
    """The text composed, with only line feeds and blanks of what cannot be seen."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return without(text, INVISIBLE | BREAKS, but="\n")


_prints: dict[str, bool] = {}


def _known(clusters: set[str]) -> dict[str, str]:
    """How each cluster is printed: itself, fewer marks, its sign alone, or MISSING."""
    shortened = {cluster: cluster[: MOST_MARKS + 1] for cluster in clusters}
    asked = {*shortened.values(), *(cluster[0] for cluster in clusters)} - _prints.keys()
    groups = [sorted(asked)] if asked else []
    while groups:
        group = groups.pop()
        if not group:
            continue
        if len(group) == 1 or _are_printed(group):
            _prints.update(dict.fromkeys(group, len(group) > 1 or _are_printed(group)))
        else:
            groups += [group[: len(group) // 2], group[len(group) // 2 :]]
    return {
        cluster: short if _prints[short] else cluster[0] if _prints[cluster[0]] else MISSING
        for cluster, short in shortened.items()
    }


def _are_printed(texts: list[str]) -> bool:
    """Whether typst has glyphs for all of them: it is asked, since its own families are in no file."""
    if not all(map(PERHAPS.match, texts)):
        return False
    try:
        typst.compile(
            {"main.typ": GLYPHS, "data.json": json.dumps(texts).encode()},
            format="pdf",
            font_paths=fonts(),
            pdf_standards=STANDARDS,
        )
    except typst.TypstError:
        return False
    return True
