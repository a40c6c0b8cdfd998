"""The encoding of a text file of which nothing says it: that in which it is French."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from initiatives.text.french_pairs import WEIGHTS

BOMS = [
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
]
# What spreadsheets of one byte a letter are written in, in France: Windows, old Macintosh, MS-DOS.
OF_ONE_BYTE = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "CP850 (MS-DOS)"}
NAMES = {codec: name for _, codec, name in BOMS} | {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
NAMES |= OF_ONE_BYTE
# Bytes of lines with accents that are looked at.
SAMPLE = 100_000
# How much likelier an encoding is to be than the next for nobody to be asked.
MARGIN = 4
UNKNOWN_PAIR = -4
FRENCH = re.compile("[àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ’‘“”«»–—…€°\xa0\u202f]")
# « ForÉt », « FÉte »
CAPITAL_WITHIN = re.compile("(?:[a-zß-öø-ÿ]|[A-Z](?=.[a-zß-öø-ÿ]))[À-ÖØ-ÞŒŸ]")
# What surrogateescape makes of a byte that is no UTF-8.
STRAY = re.compile("[\udc80-\udcff]")
ACCENTED_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")


class Encoding(NamedTuple):
    """For Python and for people, and whether another one is as likely."""

    codec: str
    name: str
    is_sure: bool = True
    errors: str = "replace"


def named(codec: str) -> Encoding:
    """That of a codec; a byte that is no UTF-8 is kept, for its cell to be told and mended."""
    return Encoding(codec, NAMES[codec], errors="surrogateescape" if codec.startswith("utf-8") else "replace")


def encoding_of(data: bytes) -> Encoding:
    """That of its BOM; else UTF-16 if there are many NULs, which UTF-8 allows as well; else UTF-8 if it is valid, or if
    as many of its letters are French as bytes are astray; else that of one byte in which it is likeliest French."""
    for bom, codec, _ in BOMS:
        if data.startswith(bom):
            return named(codec)
    if (nuls := data.count(0)) > len(data) // 4:
        return named("utf-16-le" if data[1::2].count(0) > nuls // 2 else "utf-16-be")
    text = data.decode(errors="surrogateescape")
    if (stray := len(STRAY.findall(text))) == 0 or stray <= len(FRENCH.findall(text)):
        return named("utf-8")
    sample = accented(data)
    scores = {codec: score(sample.decode(codec, "replace")) for codec in OF_ONE_BYTE}
    best, second = sorted(scores, key=scores.get, reverse=True)[:2]
    return named(best)._replace(is_sure=scores[best] - scores[second] >= MARGIN)


def accented(data: bytes) -> bytes:
    """Its first lines that have more than ASCII."""
    taken, size = [], 0
    for found in ACCENTED_LINE.finditer(data):
        taken.append(found[0][:1000])
        size += len(taken[-1])
        if size > SAMPLE:
            break
    return b"\n".join(taken)


def samples(data: bytes, count: int = 3) -> dict[str, list[str]]:
    """The first lines with accents as each encoding of one byte reads them, by codec, the likeliest first."""
    lines = accented(data).split(b"\n")[:count]
    read = {codec: [line.decode(codec, "replace") for line in lines] for codec in OF_ONE_BYTE}
    return dict(sorted(read.items(), key=lambda one: score("\n".join(one[1])), reverse=True))


def score(text: str) -> int:
    """How French the accents of a text and the letters beside them are; no capital comes after a small letter."""
    known = _weights()
    return sum(known.get(pair, UNKNOWN_PAIR) for pair in pairs(text)) + UNKNOWN_PAIR * 2 * len(
        CAPITAL_WITHIN.findall(text)
    )


def pairs(text: str) -> Iterator[str]:
    """Each two signs of which one is no ASCII, in lower case; a blank for what is no letter."""
    read = re.sub(r"[\x00-@\[-`{-\x7f\xa0\u202f]", " ", text.lower())
    for found in re.finditer(r"(?=([^\x00-\x7f].|.[^\x00-\x7f]))", f" {read} ", re.DOTALL):
        yield found[1]


@cache
def _weights() -> dict[str, int]:
    return {pair: weight for weight, listed in WEIGHTS.items() for pair in listed.split("|")}
