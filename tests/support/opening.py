"""What opening a file costs in a process that has done nothing else: `python tests/support/opening.py FILE SHARE`."""

import json
import re
import resource
import sys
import tempfile
from pathlib import Path

import django

django.setup()

from initiatives.imports.readers import formats, markup  # noqa: E402 -- models need the settings
from initiatives.imports.readers.errors import UnreadableFile  # noqa: E402
from tests.support.servers import Preloaded  # noqa: E402

# Seconds of a processor, after which the kernel ends what would not end by itself.
PATIENCE = 60


def memory(what: str) -> int:
    """Of this process, in bytes: VmRSS for what it takes, VmHWM for the most that it took."""
    return int(re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024


def opened(content: bytes, share: int) -> tuple[str, float, int]:
    """Open it as the page that takes it and what makes the preview do, where so large a share of a workbook is read."""
    markup.MOST_ELEMENTS //= share
    markup.MAX_UNZIPPED //= share
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    # The most from now on: the file itself was read to get here.
    Path("/proc/self/clear_refs").write_text("5")
    start, before = resource.getrusage(resource.RUSAGE_SELF), memory("VmRSS")
    try:
        formats.kind_of(content)
        formats.weight(content)
        formats.read(content)
        told = ""
    except UnreadableFile as fault:
        told = str(fault)
    end, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime + child.ru_utime + child.ru_stime
    return told, seconds, memory("VmHWM") - before, child.ru_maxrss * 1024


def cost(python: Preloaded, content: bytes, share: int = 1) -> tuple[str, float, int, int]:
    """The sentence that the file got, or nothing for a table; the seconds of a processor; the bytes of memory, and of
    the process that reads a binary workbook."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        done = python.run(__file__, file.name, str(share))
    assert done.returncode == 0, done.stderr
    return tuple(json.loads(done.stdout))


if __name__ == "__main__":
    json.dump(opened(Path(sys.argv[1]).read_bytes(), int(sys.argv[2])), sys.stdout)
