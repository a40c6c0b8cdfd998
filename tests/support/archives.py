"""Archives of `manage.py backup` as the tests read and forge them."""

import hashlib
import json
import zipfile
from contextlib import contextmanager
from pathlib import Path


def manifest(path: Path) -> dict:
    with zipfile.ZipFile(path) as file:
        return json.loads(file.read("manifest.json"))


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


@contextmanager
def forged(archive, tmp_path):
    """The archive with other parts or another manifest, under a digest that fits."""
    parts = parts_of(archive)
    told = json.loads(parts.pop("manifest.json"))
    path = tmp_path / "forged.zip"
    yield path, parts, told
    for name, content in parts.items():
        told["parts"].setdefault(name, {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {**parts, "manifest.json": json.dumps(told).encode()}.items():
            file.writestr(name, content)
        file.comment = b"0" * 64
    content = path.read_bytes()[:-64]
    path.write_bytes(content + hashlib.sha256(content).hexdigest().encode())


def replace(parts: dict, told: dict, label: str, rows: list):
    """Other rows of a table, counted and digested as they should be."""
    name = f"tables/{label}.jsonl"
    parts[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    told["tables"][label]["rows"] = len(rows)
    del told["parts"][name]


def rows_of(parts: dict, label: str) -> list:
    return [json.loads(line) for line in parts[f"tables/{label}.jsonl"].splitlines()]
