"""One recording: a database of its own, the acts at the desk, then every address."""

import gzip
import sys
from pathlib import Path

import django
from django.core.management import call_command

django.setup()

from .acts import act, enter  # noqa: E402 -- models need the settings
from .addresses import ask_all, routes  # noqa: E402
from .people import Person, Recording  # noqa: E402

GROUPS = {"camille": "rédaction", "dominique": "modération", "alix": "administration"}


def record_into(path: Path) -> int:
    """Write all answers into a file; 1 where something was not asked or was a fault of ours."""
    call_command("prepare")
    recording = Recording()
    desk = [enter(recording, name, group) for name, group in GROUPS.items()]
    act(*desk)
    ask_all(Person(recording), desk)
    with path.open("wb") as file, gzip.GzipFile("", "wb", mtime=0, fileobj=file) as lines:
        for name, answer in sorted(recording.answers.items()):
            lines.write(f"{answer.as_json(name)}\n".encode())
    wrong = [f"Never asked: {route}" for route in routes() if route not in recording.routes]
    wrong += [f"{answer.status}: {name}" for name, answer in recording.answers.items() if answer.status >= 500]
    print(*wrong, f"{len(recording.answers)} answers in {path}", sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(record_into(Path(sys.argv[1])))
