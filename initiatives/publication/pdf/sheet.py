"""An entry as data for the PDF: every text in French typography, every link to the web or to a mailbox."""

from initiatives.publication.edition_entry import EditionEntry
from initiatives.text.french import typo, year_or_month

# Above so many letters an entry may go over to the next column. The shortest text takes a line of so many.
LONG, LINE = 1_400, 50


def leading(address: str | None) -> dict:
    """{"href"} where the address is one of the web."""
    return {"href": address} if address and address.startswith(("https://", "http://")) else {}


def sheet(entry: EditionEntry, n: int, category: dict) -> dict:
    """`n` is the place of the entry in the document: links within it go by that."""
    themes = " · ".join(entry["themes"] or [])
    facts = [year_or_month(entry["debut"]) if entry["debut"] else "", themes]
    told = [{"heading": heading, "kind": kind, "text": typo(text)} for heading, kind, text in entry.blocks]
    rows = [[typo(name), typo(value)] for name, value in entry.rows]
    sources = [
        {"title": typo(one.title) or one.url, "publisher": typo(one.publisher), **leading(one.url)}
        for one in entry.sources
    ]
    links = [{"text": typo(label), **leading(address)} for label, address in entry.links if leading(address)]
    texts = [
        *(entry["titre"], entry["resume"] or ""),
        *(f"{block['heading']}\n{block['text']}" for block in told),
        *map("".join, rows),
        *(one["text"] for one in links),
        *(f"{one['title']}{one['publisher']}" for one in sources),
    ]
    written = sum(max(len(line), LINE) for text in texts for line in text.splitlines())
    return {
        "n": n,
        "reference": entry["reference"],
        "colour": category["colour"],
        "kind": typo(category["short_name"]),
        "title": typo(entry["titre"]),
        "town": typo(entry["territoire_nom"]),
        "place": typo(entry.place),
        "facts": typo("".join(f" · {fact}" for fact in facts if fact)),
        "summary": typo(entry["resume"] or ""),
        "blocks": told,
        "rows": rows,
        "links": links,
        "sources": sources,
        "href": entry["adresse"],
        "address": entry["adresse"],
        "trace": typo(entry.trace),
        "is-long": written > LONG,
    }
