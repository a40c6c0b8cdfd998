"""What opening a file costs in a process that has done nothing else, from which `cost` brings it to a test."""

import multiprocessing
import re
import resource
from pathlib import Path

import django

django.setup()

from initiatives.imports.readers import formats, markup  # noqa: E402 -- models need the settings
from initiatives.imports.readers.tables import UnreadableFile  # noqa: E402

# Seconds of a processor, after which the kernel ends what would not end by itself.
PATIENCE = 60


def memory(what: str) -> int:
    """Of this process, in bytes: VmRSS for what it takes, VmHWM for the most that it took."""
    return int(re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024


def opened(content: bytes, share: int, connection):
    """Open it as the page that takes it and what makes the preview do, where so large a share of a workbook is read."""
    markup.MOST_ELEMENTS //= share
    markup.MAX_UNZIPPED //= share
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
    # The most from now on: the file itself was copied to get here.
    Path("/proc/self/clear_refs").write_text("5")
    start, before = resource.getrusage(resource.RUSAGE_SELF), memory("VmRSS")
    try:
        formats.kind_of(content)
        formats.weight(content)
        formats.read(content)
        told = ""
    except UnreadableFile as fault:
        told = str(fault)
    end = resource.getrusage(resource.RUSAGE_SELF)
    seconds = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
    connection.send((told, seconds, memory("VmHWM") - before))


def cost(content: bytes, share: int = 1) -> tuple[str, float, int]:
    """The sentence that the file got, or nothing for a table; the seconds of a processor; the bytes of memory."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=opened, args=(content, share, theirs))
    child.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        child.join()
