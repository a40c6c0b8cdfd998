"""`make test`: every test on SQLite and on a PostgreSQL of its own, the server and a browser, all at the same time.

Arguments go to pytest. What cannot run here is said at the end; with CI=true it is a failure.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support import checker  # noqa: E402 -- the path comes first
from tests.support.browsers import chromium  # noqa: E402
from tests.support.postgresql import Cluster, binaries  # noqa: E402
from tests.support.programs import program  # noqa: E402

NOTHING_SELECTED = 5


def say(text: str):
    print(f"== {text}", flush=True)  # noqa: T201


def settings_variables() -> set[str]:
    """The names of the environment that the settings read."""
    return set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "initiatives" / "settings.py").read_text()))


def environment(directory: str, **variables: str) -> dict[str, str]:
    """That of the caller without the settings of an installation: a test never meets a real database."""
    kept = {name: value for name, value in os.environ.items() if name not in settings_variables()}
    return kept | {"VAR_DIR": directory, "PYTHONUNBUFFERED": "1"} | variables


class Run:
    """One pytest, with its own output: the first one shows it, the others keep it until they are waited for."""

    def __init__(self, name: str, arguments: list[str], env: dict[str, str], *, output=None):
        self.name, self.output = name, output
        # The first is the longest: it has a core of its own, and the others share what is left.
        polite = ["nice", "-n", "5"] if output else []
        self.process = subprocess.Popen(
            [*polite, sys.executable, "-m", "pytest", *arguments],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL if output else None,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
        )

    def wait(self) -> int:
        code = self.process.wait()
        if self.output:
            say(f"Tests {self.name}")
            self.output.seek(0)
            sys.stdout.write(self.output.read())
            sys.stdout.flush()
        return code

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


def main(arguments: list[str]) -> int:
    missing, runs = [], []
    durations = ["--durations=25"] if os.environ.get("CI") == "true" else []
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="initiatives-"))

        def run(name: str, marks: str, **variables: str):
            output = stack.enter_context(tempfile.TemporaryFile("w+")) if runs else None
            own = ["-m", marks, "-o", f"cache_dir=.pytest_cache/{len(runs)}", *durations]
            runs.append(Run(name, [*own, *arguments], environment(directory, **variables), output=output))
            stack.callback(runs[-1].end)

        if checker.can_run():
            checker.bring()
        else:
            missing.append(
                "the check of the HTML: no Java or no npm (Debian: apt-get install default-jre-headless npm)"
            )
        say("Tests on SQLite (the others run meanwhile)")
        run("on SQLite", "not browser and not server")
        # What starts a server or a browser waits for it most of the time, and brings a database of its own. What starts
        # both goes with the servers, which have an installation.
        run("of the server", "server")
        missing += [
            f"the tests behind {proxy}: it is not here (Debian: apt-get install {proxy})"
            for proxy in ("nginx", "caddy")
            if not program(proxy)
        ]
        if chromium():
            run(f"with {chromium()}", "browser and not server")
        else:
            missing.append(
                "the journeys in a browser: no Chromium here (Debian: apt-get install chromium-headless-shell)"
            )
        if binaries():
            cluster = stack.enter_context(Cluster())
            # A fourth at the same time would take from two cores more than it gives.
            runs[-1].process.wait()
            marks = "both_databases and not browser and not server"
            run(f"on a throw-away PostgreSQL ({binaries()})", marks, DATABASE_URL=cluster.url)
        else:
            missing.append("the tests on PostgreSQL: no initdb here (Debian: apt-get install postgresql)")
        codes = [one.wait() for one in runs]
    for what in missing:
        say(f"NOT RUN: {what}")
    failed = [code for code in codes if code not in (0, NOTHING_SELECTED)]
    if failed or all(code == NOTHING_SELECTED for code in codes):
        say("Failed")
        return (failed or codes)[0]
    if missing:
        say("All that could run here passed")
        return 1 if os.environ.get("CI") == "true" else 0
    say("Everything passed: SQLite, browser, PostgreSQL")
    return 0


if __name__ == "__main__":
    # Started in the background (a CI, nohup) we would ignore Ctrl-C, and every server that a test stops with it too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("Stopped")
        sys.exit(130)
