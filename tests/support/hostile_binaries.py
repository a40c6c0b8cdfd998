"""Binary workbooks that cost whoever opens them carelessly minutes or gigabytes, built in a moment."""

import struct

from . import hostile_files
from .binary_workbooks import record, sheet_bin, xls, xls_stream, xlsb

ROW = ["Titre", "Lieu"]
URL = bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b") + struct.pack("<II", 2, 0)


def stuffed(piece: bytes) -> bytes:
    """The records of an XLS workbook whose sheet is full of one."""
    return xls_stream(ROW, ["A", "B"], extra=piece * ((hostile_files.SENT - 2_000) // len(piece)))


def sheet(piece: bytes, size: int = 0) -> bytes:
    """An XLSB workbook whose sheet is full of a piece."""
    head, end, tail = sheet_bin([ROW, ["A", "B"]]).partition(b"\x92\x01\x00")
    parts = [(head, 1), (piece, (size or hostile_files.FULL) // len(piece)), (end + tail, 1)]
    return xlsb(**{"xl/worksheets/sheet1.bin": parts})


def far(line: int, column: int) -> bytes:
    """The records of one cell that stands there, in a sheet of XLSB."""
    row = b"\x00\x19" + struct.pack("<II", line, 0) + bytes(17)
    return row + b"\x05\x10" + struct.pack("<IId", column, 0, 1.0)


KINDS = {
    "xls: numbers": lambda: stuffed(record(0x203, struct.pack("<HHHd", 9, 1, 0, 1.0))),
    "xls: blank cells of rows": lambda: stuffed(record(0xBE, struct.pack("<HH", 9, 0) + bytes(512) + b"\xff\0")),
    "xls: one link over all cells": lambda: stuffed(record(0x1B8, struct.pack("<HHHH", 0, 65_535, 0, 255) + URL)),
    "xls: merged cells": lambda: stuffed(
        record(0xE5, struct.pack("<H", 1_000) + struct.pack("<HHHH", 0, 9, 0, 9) * 1_000)
    ),
    "xls: long texts": lambda: stuffed(record(0x204, struct.pack("<HHHHB", 9, 1, 0, 8_000, 0) + b"a" * 8_000)),
    "xls: records of no length": lambda: stuffed(record(0)),
    "xls: names": lambda: xls(ROW, ["A", "B"]).replace(b"\x42\0\2\0", b"\x18\0\xff\x1f", 1),
    "xls: zeros": lambda: xls(ROW, ["A", "B"])[:512] + bytes(hostile_files.SENT - 512),
    "xls: cut": lambda: stuffed(record(0x203, bytes(14)))[: hostile_files.SENT // 2],
    "xlsb: one cell at the end of the largest sheet": lambda: sheet(far(2**20 - 1, 16_383), 64),
    "xlsb: cells far apart": lambda: sheet(far(200_000, 0) + far(0, 2_000), 64),
    "xlsb: one row without end": lambda: sheet(far(9, 1)[27:]),
    "xlsb: records of no length": lambda: sheet(b"\x00\x00"),
    "xlsb: record of 256 MB": lambda: sheet(b"\x06\xff\xff\xff\x7f", 8),
    "xlsb: text of a gigabyte": lambda: sheet(b"\x06\x10" + struct.pack("<III", 0, 0, 2**29) + bytes(4), 64),
    "xlsb: errors": lambda: sheet(b"\x03\x09" + bytes(9)),
}
