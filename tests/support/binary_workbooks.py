"""Binary workbooks of Excel, which no library in use writes: XLS ([MS-XLS], [MS-CFB]) and XLSB ([MS-XLSB])."""

import struct
from datetime import datetime

from .hostile_files import zipped

# Formats of numbers, by style of cells.
FORMATS = ["General", "dd/mm/yyyy", "[h]:mm", "00000", "hh:mm"]
ERRORS = {"#N/A": 42, "#DIV/0!": 7, "#VALUE!": 15}
EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}


class Styled(tuple):
    """A number and the format that it has."""

    __slots__ = ()


def serial(moment: datetime, *, of_1904: bool = False) -> float:
    return (moment - EPOCHS[of_1904]).total_seconds() / 86_400


def _cell(value, of_1904: bool) -> tuple[int, object]:
    """The style of a cell and what it stores."""
    if isinstance(value, datetime):
        return 1, serial(value, of_1904=of_1904)
    if isinstance(value, Styled):
        return FORMATS.index(value[1]), value[0]
    return 0, value


# XLS


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _text(text: str, length: str = "<H") -> bytes:
    return struct.pack(length, len(text)) + b"\1" + text.encode("utf-16-le")


def _record_of_cell(line: int, column: int, value, of_1904: bool) -> bytes:
    style, value = _cell(value, of_1904)
    place = struct.pack("<HHH", line, column, style)
    if isinstance(value, bool):
        return record(0x205, place + struct.pack("<BB", value, 0))
    if isinstance(value, str) and value in ERRORS:
        return record(0x205, place + struct.pack("<BB", ERRORS[value], 1))
    if isinstance(value, str):
        return record(0x204, place + _text(value))
    return record(0x203, place + struct.pack("<d", value))


def _link(line: int, column: int, address: str) -> bytes:
    target = f"{address}\0".encode("utf-16-le")
    standard = bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b")
    moniker = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
    place = struct.pack("<HHHH", line, line, column, column)
    return record(
        0x1B8, place + standard + struct.pack("<II", 2, 3) + moniker + struct.pack("<I", len(target)) + target
    )


def xls(*rows, **options) -> bytes:
    """The compound file of a workbook, as `xls_stream` makes it."""
    return compound({"Workbook": xls_stream(*rows, **options)})


def xls_stream(*rows, before=(), areas=(), links=(), of_1904=False, extra=b"", encrypted=False) -> bytes:
    """The records of a workbook whose last sheet holds the rows.

    `before` are (name, rows, is_hidden) of the sheets that stand before it, `areas` are merged cells as (first line,
    last, first column, last) and `links` are (line, column, address), from 0; `extra` are records of the last sheet.
    """
    names, streams = [], []
    for name, lines, is_hidden in [*before, ("Réponses", rows, False)]:
        cells = b"".join(
            _record_of_cell(line, column, value, of_1904)
            for line, row in enumerate(lines)
            for column, value in enumerate(row)
            if value is not None
        )
        streams.append(record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 3515, 1996, 0, 6)) + cells)
        names.append((name, is_hidden))
    streams[-1] += record(0xE5, struct.pack("<H", len(areas)) + b"".join(struct.pack("<HHHH", *one) for one in areas))
    streams[-1] += b"".join(_link(*link) for link in links) + extra
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 3515, 1996, 0, 6))
    if encrypted:
        head += record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    head += record(0x42, struct.pack("<H", 1200)) + record(0x22, struct.pack("<H", of_1904))
    head += record(0x31, struct.pack("<HHHHHBBBB", 200, 0, 8, 400, 0, 0, 0, 0, 0) + _text("Arial", "<B")) * 5
    head += b"".join(record(0x41E, struct.pack("<H", 164 + at) + _text(code)) for at, code in enumerate(FORMATS))
    head += b"".join(record(0xE0, struct.pack("<HHH", 0, 164 + at, 1) + bytes(14)) for at in range(len(FORMATS)))
    sheets = [struct.pack("<BB", is_hidden, 0) + _text(name, "<B") for name, is_hidden in names]
    at = len(head) + sum(8 + len(one) for one in sheets) + 4
    for one, stream in zip(sheets, streams, strict=True):
        head += record(0x85, struct.pack("<I", at) + one)
        at += len(stream) + 4
    return head + record(0x0A) + b"".join(stream + record(0x0A) for stream in streams)


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of 7 MB at most: a header, the content of the streams, the directory, the table of sectors."""
    sectors, chain, entries = b"", [], [_entry("Root Entry", 5, -2, 0, 1)]
    for content in streams.values():
        padded = content.ljust(4096, b"\0")
        padded += bytes(-len(padded) % 512)
        first, count = len(chain), len(padded) // 512
        chain += [*range(first + 1, first + count), -2]
        sectors += padded
        entries.append((first, len(padded)))
    names = list(streams)
    entries = [entries[0]] + [
        _entry(name, 2, *place, -1, right=at + 2 if at + 1 < len(names) else -1)
        for at, (name, place) in enumerate(zip(names, entries[1:], strict=True))
    ]
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    begin, count = len(chain), len(directory) // 512
    chain += [*range(begin + 1, begin + count), -2]
    tables = 1
    while tables * 128 < len(chain) + tables:
        tables += 1
    first_table = len(chain)
    chain += [-3] * tables
    table = struct.pack(f"<{len(chain)}i", *chain).ljust(tables * 512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IiIIiIiI", tables, begin, 0, 4096, -2, 0, -2, 0)
    head += struct.pack(f"<{tables}i", *range(first_table, first_table + tables)).ljust(436, b"\xff")
    return head + sectors + directory + table


def _entry(name: str, kind: int, start: int, size: int, child: int, right: int = -1) -> bytes:
    written = f"{name}\0".encode("utf-16-le")
    places = struct.pack("<HBBiii", len(written), kind, 1, -1, right, child)
    return written.ljust(64, b"\0") + places + bytes(36) + struct.pack("<iQ", start, size)


# XLSB


def _bin(kind: int, content: bytes = b"") -> bytes:
    length, written = len(content), b""
    while length > 127:
        written += bytes([length & 127 | 128])
        length >>= 7
    return (bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])) + written + bytes([length]) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _bin_cell(column: int, value) -> bytes:
    style, value = _cell(value, of_1904=False)
    place = struct.pack("<II", column, style)
    if isinstance(value, bool):
        return _bin(4, place + bytes([value]))
    if isinstance(value, str) and value in ERRORS:
        return _bin(3, place + bytes([ERRORS[value]]))
    if isinstance(value, str):
        return _bin(6, place + _wide(value))
    return _bin(5, place + struct.pack("<d", value))


def xlsb(*rows, before=(), **more) -> bytes:
    """As `xls`; `more` are parts in the place of its own, by name."""
    sheets = [*before, ("Réponses", rows, False)]
    named = b"".join(
        _bin(156, struct.pack("<II", is_hidden, number) + _wide(f"r{number}") + _wide(name))
        for number, (name, _, is_hidden) in enumerate(sheets, 1)
    )
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="r{number}" Type="{relations}/worksheet" Target="worksheets/sheet{number}.bin"/>'
        for number in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="s" Type="{relations}/styles" Target="styles.bin"/>'
    of_package = "http://schemas.openxmlformats.org/package/2006"
    formats = b"".join(_bin(44, struct.pack("<H", 164 + at) + _wide(code)) for at, code in enumerate(FORMATS))
    styles = b"".join(_bin(47, struct.pack("<HH", 0, 164 + at) + bytes(12)) for at in range(len(FORMATS)))
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{of_package}/content-types"><Override PartName="/xl/workbook.bin"'
            ' ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
        ).encode(),
        "xl/workbook.bin": _bin(131) + _bin(153, bytes(12)) + _bin(143) + named + _bin(144) + _bin(132),
        "xl/_rels/workbook.bin.rels": (
            f'<Relationships xmlns="{of_package}/relationships">{links}</Relationships>'
        ).encode(),
        "xl/styles.bin": _bin(278)
        + _bin(615, struct.pack("<I", len(FORMATS)))
        + formats
        + _bin(616)
        + _bin(617, struct.pack("<I", len(FORMATS)))
        + styles
        + _bin(618)
        + _bin(279),
    }
    for number, (_, lines, _) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{number}.bin"] = sheet_bin(lines)
    return zipped(parts | more)


def sheet_bin(rows) -> bytes:
    """The part of a sheet of an XLSB workbook."""
    width = max(map(len, rows), default=1)
    size = struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, max(width - 1, 0))
    cells = b"".join(
        _bin(0, struct.pack("<II", line, 0) + bytes(17))
        + b"".join(_bin_cell(column, value) for column, value in enumerate(row) if value is not None)
        for line, row in enumerate(rows)
        if any(value is not None for value in row)
    )
    return _bin(129) + _bin(148, size) + _bin(145) + cells + _bin(146) + _bin(130)
