"""python -m tests.same_answers record FILE | compare BEFORE AFTER: see the package."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import tests.same_answers

from .comparing import compare

ENVIRONMENT = {
    "ALLOWED_HOSTS": "catalogue.example",
    "SECRET_KEY": "a secret of fifty characters and more that nobody keeps",
    "CONTACT_EMAIL": "contact@example.org",
    "EMAIL_URL": "memory://",
    "DJANGO_SETTINGS_MODULE": "tests.same_answers.settings",
    "SAME_ANSWERS_MOMENT": "2026-12-01T10:00:00+01:00",
}


def record(path: Path) -> int:
    """In a process that begins with this environment: the settings read it when they are imported."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    with tempfile.TemporaryDirectory(prefix="same-answers-") as directory:
        command = [sys.executable, "-m", "tests.same_answers.recording", path]
        return subprocess.run(command, env=kept | ENVIRONMENT | {"VAR_DIR": directory}, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.same_answers",
        description=tests.same_answers.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("record", help="ask this tree").add_argument("file", type=Path)
    both = commands.add_parser("compare", help="tell what differs")
    both.add_argument("before", type=Path)
    both.add_argument("after", type=Path)
    given = parser.parse_args()
    return record(given.file) if given.command == "record" else compare(given.before, given.after)


sys.exit(main())
