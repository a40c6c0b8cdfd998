"""`make bench`: prints Markdown, to be pasted into the README. ARGS="--help" says what can be chosen."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.postgresql import Cluster, binaries
from tests.run import ROOT
from tests.servers import environment, manage

from . import load, report

# A database of this size is the work of minutes: only when asked for.
MILLION = 1_000_000


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
    parser.add_argument("--sizes", type=int, nargs="+", default=[158, 16_000], help="entries; 1000000 on PostgreSQL")
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--no-load", action="store_true", help="only what one process measures")
    parser.add_argument("--endurance", type=int, default=60, metavar="SECONDS", help="200 clients for so long")
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
    chosen, start = arguments(), time.monotonic()
    load.open_files()
    print(f"{datetime.now(UTC):%d/%m/%Y}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start.")
    with_load = not chosen.no_load and load.WRK
    with ExitStack() as stack:
        for place in places(chosen.databases, stack):
            say(f"preparing {place.engine}")
            place.prepare()
            loaded = 0
            for size in sorted(chosen.sizes):
                if place.engine == "sqlite" and size >= MILLION:
                    continue
                say(f"{place.engine}: {size:,} entries")
                loaded = int(place.run("loading", str(size)))
                print(report.pages(json.loads(place.run("pages"))), flush=True)
                if size == max((one for one in chosen.sizes if one < MILLION), default=None):
                    print(report.publishing(json.loads(place.run("publishing"))), flush=True)
                if with_load:
                    say(f"{place.engine}: {loaded:,} entries under load")
                    served = load.warm(place.var, **place.variables)
                    print(report.served(place.engine, loaded, served), flush=True)
            if with_load:
                say(f"{place.engine}: stampede, downloads, endurance")
                faults = load.everything_else(place.var, loaded, chosen.endurance, **place.variables)
                print(report.extremes(place.engine, loaded, faults), flush=True)
    if not load.WRK:
        print("\nNOT RUN: everything under load, no wrk here (Debian: apt-get install wrk)")
    if MILLION not in chosen.sizes:
        print(f'\nNOT RUN: {MILLION:,} entries on PostgreSQL (make bench ARGS="--sizes 158 16000 {MILLION}")')
    say(f"{time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
