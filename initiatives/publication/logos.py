"""The logo on the cover: a drawing that does nothing but be drawn, or it is refused."""

import json
import re
from xml.etree.ElementTree import Element, ParseError

import typst
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError

from initiatives.exports.typesetting import STANDARDS, fonts

MAX_BYTES = 300_000
# Pixels of a PNG: a small file can unfold into gigabytes.
MAX_SIDE = 4_000
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = set(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title desc style clipPath mask"
    " linearGradient radialGradient stop pattern metadata switch".split()
)
# What drawing programs write for themselves, and nobody else reads.
NOTES = ("inkscape.org", "sodipodi.sourceforge.net", "w3.org/1999/02/22-rdf-syntax-ns", "purl.org/dc", "cc#", "/ns#")
# What leads out of the drawing, in an attribute or in its style.
OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import|javascript:|expression\(|https?:|data:|//", re.IGNORECASE)
DRAWING = b"""#set document(title: "x")
#set page(width: 60pt, height: 60pt, margin: 0pt)
#image(bytes(json("logo.json")), format: sys.inputs.kind, alt: "x")"""


def checked(data: bytes) -> str:
    """« svg » or « png »; ValidationError says in French what is wrong with anything else."""
    if len(data) > MAX_BYTES:
        raise ValidationError(f"Le logo pèse {len(data) // 1000} ko : la limite est de {MAX_BYTES // 1000} ko.")
    kind = "png" if data.startswith(PNG) else "svg"
    _check_png(data) if kind == "png" else _check_svg(data)
    try:
        # What cannot be drawn as the report will draw it is no logo: a letter that its fonts lack would stop it.
        files = {"main.typ": DRAWING, "logo.json": json.dumps(list(data)).encode()}
        typst.compile(files, format="pdf", sys_inputs={"kind": kind}, font_paths=fonts(), pdf_standards=STANDARDS)
    except typst.TypstError as fault:
        if "could not be displayed" in str(fault):
            raise ValidationError("Le texte de ce logo ne peut pas être imprimé : convertissez-le en tracés.")
        raise ValidationError("Ce logo est abîmé : il ne peut pas être dessiné. Enregistrez-le de nouveau.")
    return kind


def _check_png(data: bytes):
    if data[12:16] != b"IHDR" or len(data) < 33:
        raise ValidationError("Ce logo n’est pas une image PNG entière.")
    sides = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if not 0 < min(sides) <= max(sides) <= MAX_SIDE:
        raise ValidationError(f"Ce logo doit avoir de 1 à {MAX_SIDE} points de côté : réduisez-le.")


def _check_svg(data: bytes):
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise ValidationError("Choisissez un logo au format SVG (sans DTD ni entité) ou PNG.")
    if root.tag != f"{SVG}svg":
        raise ValidationError("Choisissez un logo au format SVG ou PNG.")
    for element in root.iter():
        _check_element(element)


def _check_element(element: Element):
    # A comment or an instruction has no name: defusedxml leaves the first out, and the second can name a style.
    namespace, _, name = str(element.tag).rpartition("}")
    is_drawn = f"{namespace}}}" == SVG
    if name not in SHAPES if is_drawn else not any(note in namespace for note in NOTES):
        raise ValidationError(
            f"Ce logo contient « {name} » : un logo n’a que des formes, ni script, ni page, ni image."
        )
    if not is_drawn:
        return
    for attribute, value in element.attrib.items():
        plain = attribute.rpartition("}")[2].lower()
        leads_out = plain == "href" and not value.startswith("#")
        if plain.startswith("on") or leads_out or OUTSIDE.search(value):
            raise ValidationError(f"Ce logo contient « {plain} » : un logo n’agit pas et ne mène nulle part.")
    if name == "style" and OUTSIDE.search(element.text or ""):
        raise ValidationError("Les styles de ce logo vont chercher autre chose : un logo ne mène nulle part.")
