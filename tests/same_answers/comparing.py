"""Two recordings side by side: the answers that differ in the same way are told once."""

import base64
import difflib
import gzip
import io
import json
import zipfile
from collections import defaultdict
from pathlib import Path

from pypdf import PdfReader

# Lines of one difference, and names of the answers that have it.
LINES, NAMES = 40, 5
WIDTH = 300


def compare(before: Path, after: Path) -> int:
    """Print what differs and what is missing, then the counts; 1 where anything does."""
    one, other = read(before), read(after)
    ways = defaultdict(list)
    for name in sorted(one.keys() & other.keys()):
        if one[name] != other[name]:
            ways["\n".join(differences(one[name], other[name]))].append(name)
    for way, names in sorted(ways.items(), key=lambda item: -len(item[1])):
        print(f"{len(names)} differ so:", *names[:NAMES], *["…"] * (len(names) > NAMES), sep="\n  ")
        print(way, end="\n\n")
    missing = [f"only in {before}: {name}" for name in sorted(one.keys() - other.keys())]
    missing += [f"only in {after}: {name}" for name in sorted(other.keys() - one.keys())]
    print(*missing, sep="\n", end="\n" if missing else "")
    differing = sum(map(len, ways.values()))
    same = len(one.keys() & other.keys()) - differing
    print(f"{same} same, {differing} differ in {len(ways)} ways, {len(missing)} in one recording only")
    return 1 if ways or missing else 0


def read(path: Path) -> dict[str, dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {answer.pop("name"): answer for answer in map(json.loads, lines)}


def differences(one: dict, other: dict) -> list[str]:
    """A unified diff of two answers, without the places in the file: status, headers, then the body."""
    found = difflib.unified_diff(lines_of(one), lines_of(other), n=0, lineterm="")
    lines = [line[:WIDTH] for line in list(found)[2:] if not line.startswith("@@")]
    return lines[:LINES] + [f"… {len(lines) - LINES} lines more"] * (len(lines) > LINES)


def lines_of(answer: dict) -> list[str]:
    head = [f"Status: {answer['status']}", *answer["headers"]]
    if "text" in answer:
        return [*head, *answer["text"].splitlines()]
    return [*head, *opened(base64.b64decode(answer["base64"])), f"sha256: {answer['sha256']}"]


def opened(body: bytes) -> list[str]:
    """What can be read of a PDF, a workbook or an archive."""
    if body.startswith(b"%PDF"):
        return [line for page in PdfReader(io.BytesIO(body)).pages for line in page.extract_text().splitlines()]
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return []
    lines = []
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            lines += [f"{name}:", *archive.read(name).decode(errors="replace").replace("><", ">\n<").splitlines()]
    return lines
