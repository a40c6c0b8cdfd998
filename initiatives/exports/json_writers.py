"""JSON and GeoJSON: what the file is, then its entries one by one."""

import json
from collections.abc import Callable, Iterator

from .attribution import Attribution
from .columns import NAMES, VERSION
from .records import Entries, Record

BATCH = 100
LONGITUDE, LATITUDE = NAMES.index("longitude"), NAMES.index("latitude")
_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def header(attribution: Attribution) -> dict:
    """Header of both formats: source, date, licence."""
    licence = attribution.licence
    return {
        "source": attribution.sentence,
        "licence": {"nom": licence.name, "identifiant": licence.identifier, "adresse": licence.address},
        "date": attribution.updated_on.isoformat(),
        "adresse": attribution.address,
        "version": VERSION,
    }


def entry(record: Record) -> dict:
    """One entry under the names of the columns; lists are lists, and what is not known is null."""
    return {name: None if value == "" else value for name, value in zip(NAMES, record, strict=True)}


def feature(record: Record) -> dict:
    """The entry at the point of its territory, which may be unknown."""
    properties = entry(record)
    point = [record[LONGITUDE], record[LATITUDE]]
    geometry = None if None in point else {"type": "Point", "coordinates": point}
    return {"type": "Feature", "id": properties["reference"], "geometry": geometry, "properties": properties}


def json_document(entries: Entries) -> Iterator[bytes]:
    return _written(header(entries.attribution), "initiatives", entry, entries)


def geojson(entries: Entries) -> Iterator[bytes]:
    head = {"type": "FeatureCollection"} | header(entries.attribution)
    return _written(head, "features", feature, entries)


def _written(head: dict, name: str, form: Callable[[Record], dict], entries: Entries) -> Iterator[bytes]:
    # The first bytes leave before the database has counted.
    yield _text(head)[:-1].encode()
    yield f',"count":{entries.count()},{_text(name)}:['.encode()
    batch, separator = [], "\n"
    for record in entries.records():
        batch.append(separator + _text(form(record)))
        separator = ",\n"
        if len(batch) == BATCH:
            yield "".join(batch).encode()
            batch.clear()
    yield "".join([*batch, "\n]}\n"]).encode()
