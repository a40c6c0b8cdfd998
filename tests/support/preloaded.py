"""`python -m tests.support.preloaded MODULES`: imports them, and forks a process for each command that it then reads.

Each line that it reads is a command in JSON, and it writes what the command ended with. A command is what
stands behind `python`: a file or `-m` and a module, with its arguments. It has its own environment, working
directory and output, is run whole, and ends as any other process does.
"""

import gc
import importlib
import json
import os
import runpy
import sys
from pathlib import Path


def next_command(lines) -> dict:
    """The next one, in a process of its own; this one waits for that, and says how it ended."""
    for line in lines:
        if not (pid := os.fork()):
            return json.loads(line)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201
    sys.exit()


def become(*, cwd: str, env: dict[str, str], output: list[str]):
    for number, path in enumerate([os.devnull, *output]):
        with Path(path).open("r+") as file:
            os.dup2(file.fileno(), number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.path[0] = cwd


if __name__ == "__main__":
    for name in sys.argv[1:]:
        importlib.import_module(name)
    gc.freeze()  # what the collector would visit in each process, the system would copy for it
    told = next_command(sys.stdin)
    first, *sys.argv[1:] = told.pop("arguments")
    become(**told)
    if first == "-m":
        runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
    else:
        sys.argv[0] = first
        runpy.run_path(first, run_name="__main__")
