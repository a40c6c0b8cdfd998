"""Commands of manage.py, each in a process of its own that begins where Django has been imported: that takes a second.

`python -m tests.support.forked COMMANDS`, a list of lists in JSON, answers with what each said, in JSON.
"""

import json
import multiprocessing
import os
import runpy
import sys
import tempfile

import django
from django.urls import get_resolver

from tests.run import ROOT


def command(arguments: list[str], out: int, err: int):
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.argv = ["manage.py", *arguments]
    runpy.run_path(str(ROOT / "manage.py"), run_name="__main__")


def run(arguments: list[str]) -> dict:
    """Its arguments, its status, and what it said: what subprocess.CompletedProcess is made of."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = multiprocessing.get_context("fork").Process(
            target=command, args=(arguments, out.fileno(), err.fileno())
        )
        process.start()
        process.join()
        out.seek(0), err.seek(0)
        return {"args": arguments, "returncode": process.exitcode, "stdout": out.read(), "stderr": err.read()}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "initiatives.settings"
    django.setup()
    get_resolver().url_patterns  # noqa: B018 -- imports the views, which the checks of each command would
    json.dump([run(arguments) for arguments in json.loads(sys.argv[1])], sys.stdout)
