"""The report as PDF: one document, or volumes of at most 2,000 entries."""

import base64
from collections.abc import Iterator

from initiatives.exports.typesetting import pdf
from initiatives.publication.edition import EditionContent, Index
from initiatives.publication.figures import CountTable
from initiatives.publication.markdown import to_blocks
from initiatives.publication.volumes import Volume
from initiatives.text.french import counted, day, noun, typo

from .sheet import leading, sheet


def report(frozen: EditionContent, number: int = 1) -> bytes:
    """One volume of the report."""
    return pdf("report.typ", data_of(Volume(frozen, number)), at=frozen.frozen_at)


def data_of(volume: Volume) -> dict:
    """Data of the template of one volume."""
    frozen = volume.frozen
    places = {entry["reference"]: n for n, entry in enumerate(volume.entries)}
    which = f" · {volume.name}" if volume.name else ""
    shown = frozen.shows
    sentence = typo(frozen.attribution.sentence)
    return {
        "title": typo(frozen.title),
        "subtitle": typo(frozen.subtitle),
        "publisher": frozen.publisher,
        "description": typo(f"{sentence}."),
        "keywords": [
            "initiatives numériques",
            "collectivités",
            "villes",
            *(p.category["short_name"] for p in frozen.parts),
        ],
        "cover": frozen.cover,
        "logo": logo(frozen),
        "cover-note": typo(counted(len(frozen.entries), "initiative") + which),
        "edition": typo(f"Édition n° {frozen.number} · {day(frozen.frozen_on)}"),
        "running": typo(f"{frozen.title} · édition n° {frozen.number}{which}"),
        "presentation": typo(presentation(frozen)),
        "foreword": blocks(frozen.foreword) if volume.is_first else [],
        "figures": figures(frozen) if shown["figures"] and volume.is_first else None,
        "map": {"svg": frozen.map.svg(), "text": typo(frozen.map.text)} if shown["map"] and volume.is_first else None,
        "parts": list(parts(volume, places)),
        "territories": index(volume.territories, places) if shown["territories"] else [],
        "themes": index(volume.themes, places) if shown["themes"] else [],
        "sources": sources(volume, places) if shown["sources"] else [],
        "credits": blocks(frozen.credits),
        "colophon": list(colophon(frozen)),
    }


def blocks(text: str) -> list[dict]:
    """A text in Markdown, its links ready to be followed."""

    def linked(value):
        if isinstance(value, list):
            return [linked(one) for one in value]
        if isinstance(value, dict):
            return {"href" if name == "address" else name: linked(one) for name, one in value.items()}
        return value

    return linked(to_blocks(text))


def logo(frozen: EditionContent) -> dict | None:
    """The image as its bytes: typst reads files of text only."""
    kept = frozen.logo
    if not kept["type"]:
        return None
    return {"type": kept["type"], "text": kept["text"], "bytes": list(base64.b64decode(kept["data"]))}


def presentation(frozen: EditionContent) -> str:
    chosen = f" Sélection : {', '.join(frozen.selection)}." if frozen.selection else ""
    return (
        f"{counted(len(frozen.entries), 'initiative')} de {counted(frozen.territory_count, 'collectivité')},"
        f" telles que le catalogue les donnait le {day(frozen.frozen_on)}.{chosen}"
        f" Chaque fiche nomme sa source et mène à sa page en ligne."
    )


def figures(frozen: EditionContent) -> dict:
    def table(one: CountTable) -> dict:
        rows = [
            {
                "label": typo(row.label[:1].upper() + row.label[1:]),
                "count": row.count,
                "colour": row.colour,
                "share": f"{round(100 * row.count / len(frozen.entries))}\u00a0%",
            }
            for row in one.rows
        ]
        return {"title": one.title, "heading": one.heading, "note": typo(one.note), "rows": rows}

    totals = [[count, typo(noun(count, words))] for count, words in frozen.figures.totals]
    return {"totals": totals, "tables": [table(one) for one in frozen.figures.tables]}


def parts(volume: Volume, places: dict[str, int]) -> Iterator[dict]:
    for part in volume.parts:
        yield {
            "number": part.number,
            "colour": part.category["colour"],
            "name": typo(part.category["name"]),
            "count": counted(part.total, "initiative"),
            "introduction": blocks(part.category["introduction"]),
            "entries": [sheet(entry, places[entry["reference"]], part.category) for entry in part.entries],
        }


def index(rows: Index, places: dict[str, int]) -> list:
    """[name, places] of what this volume has."""
    return [
        [typo(name[:1].upper() + name[1:]), [places[entry["reference"]] for entry in entries]] for name, entries in rows
    ]


def sources(volume: Volume, places: dict[str, int]) -> list:
    """(publisher, pages): each page once, with the entries that it gave."""
    found = []
    for publisher, cited in volume.sources:
        pages: dict[str, dict] = {}
        for source, entry in cited:
            if way := leading(source.url):
                page = pages.setdefault(source.url, {"title": typo(source.title) or source.url, "places": [], **way})
                page["places"].append(places[entry["reference"]])
        if pages:
            found.append([typo(publisher), list(pages.values())])
    return found


def colophon(frozen: EditionContent) -> Iterator[list[dict]]:
    """The paragraphs that end every report: licence, how to cite, how to check."""
    licence = frozen.attribution.licence
    yield [
        {"text": typo(f"Publié par {frozen.publisher}, le {day(frozen.frozen_on)}, sous ")},
        {"text": typo(licence.name), "href": licence.address},
        {"text": typo(" : à reprendre librement, en citant la source et sa date.")},
    ]
    yield [{"text": typo("Pour citer : "), "strong": True}, {"text": typo(f"{frozen.attribution.citation}.")}]
    yield [
        {"text": typo("En ligne, avec les mêmes données en CSV, XLSX, ODS et JSON : ")},
        {"text": frozen.address, **leading(frozen.address)},
    ]
    yield [
        {"text": typo("Territoires : Insee et DGCL ; points et contours : IGN, Admin Express ; Licence Ouverte 2.0.")},
    ]
    for withdrawn in frozen.withdrawn:
        gone = f"Fiche {withdrawn['reference']} retirée le {day(withdrawn['on'])} : {withdrawn['reason']}"
        yield [{"text": typo(gone)}]
    yield [
        {
            "text": typo(
                f"Édition n° {frozen.number}, version {frozen.content_version} du contenu. Empreinte SHA-256 : "
            )
        },
        {"text": frozen.sha256},
    ]
