"""`make bench`: prints Markdown, to be pasted into its README. ARGS="--help" says what can be chosen."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.run import ROOT
from tests.support.postgresql import Cluster, binaries
from tests.support.servers import environment, manage

from . import load, report

# A database of this size is the work of minutes: only when asked for.
MILLION = 1_000_000
# The desk is measured in a database of so many entries, or of more.
WORKING = 16_000


def say(text: str):
    print(f"… {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Place:
    """A database, the folder of its installation, and the program that measures there."""

    engine: str
    var: Path
    variables: dict[str, str]

    def run(self, module: str, *arguments: str) -> str:
        env = environment(VAR_DIR=self.var, DJANGO_SETTINGS_MODULE="tests.bench.settings", **self.variables)
        command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def prepare(self):
        done = manage("prepare", VAR_DIR=self.var, **self.variables)
        if done.returncode:
            sys.exit(done.stderr)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[158, 16_000], help="entries; 1000000 takes half an hour"
    )
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--no-load", action="store_true", help="only what one process measures")
    parser.add_argument("--endurance", type=int, default=30, metavar="SECONDS", help="200 clients for so long")
    parser.add_argument("--minutes", type=int, default=8, help="begin nothing more after so long")
    return parser.parse_args()


def places(names: list[str], stack: ExitStack):
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="initiatives-bench-")))
    for name in names:
        var = directory / name
        var.mkdir()
        if name == "sqlite":
            yield Place(name, var, {})
        elif binaries():
            yield Place(name, var, {"DATABASE_URL": stack.enter_context(Cluster()).url})
        else:
            print("\nNOT RUN: PostgreSQL, no initdb here (Debian: apt-get install postgresql)")


def main():
    chosen = arguments()
    end = time.monotonic() + chosen.minutes * 60
    load.open_files()
    print(f"{datetime.now(UTC):%d/%m/%Y}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start.")
    with ExitStack() as stack:
        for place in places(chosen.databases, stack):
            say(f"preparing {place.engine}")
            place.prepare()
            for what, measure in steps(place, chosen):
                if time.monotonic() > end:
                    print(f"\nNOT RUN: {place.engine}, {what}: {chosen.minutes} minutes are over (--minutes)")
                    continue
                say(f"{place.engine}: {what}")
                print(measure(), flush=True)
    if not load.WRK:
        print("\nNOT RUN: everything under load, no wrk here (Debian: apt-get install wrk)")
    if MILLION not in chosen.sizes:
        print(f'\nNOT RUN: {MILLION:,} entries (make bench ARGS="--sizes 16000 {MILLION} --minutes 90")')
    say(f"load {os.getloadavg()[0]:.1f} at the end")


def steps(place: Place, chosen: argparse.Namespace) -> Iterator[tuple[str, Callable[[], str]]]:
    """What there is to measure in one database, the dearest to do without last."""
    *smaller, largest = sorted(chosen.sizes)
    for size in [*smaller, largest]:
        yield f"pages, {size:,} entries", partial(_pages, place, size)
        # A million entries are the measure of pages: the desk has thousands.
        if size == max((one for one in chosen.sizes if one < MILLION), default=0) and size >= WORKING:
            yield f"the desk, {size:,} entries", lambda: report.work(json.loads(place.run("work")))
            yield "publications", lambda: report.publishing(json.loads(place.run("publishing")))
    if load.WRK and not chosen.no_load:
        yield f"under load, {largest:,} entries", partial(_served, place, largest)
        yield "stampede, downloads, endurance", partial(_extremes, place, largest, chosen.endurance)


def _pages(place: Place, size: int) -> str:
    place.run("loading", str(size))
    return report.pages(json.loads(place.run("pages")))


def _served(place: Place, size: int) -> str:
    return report.served(place.engine, size, load.warm(place.var, **place.variables))


def _extremes(place: Place, size: int, endurance: int) -> str:
    return report.extremes(place.engine, size, load.everything_else(place.var, size, endurance, **place.variables))


if __name__ == "__main__":
    main()
