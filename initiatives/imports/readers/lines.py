"""The lines of a text that others wrote, none of them longer than any table has."""

from collections.abc import Iterator
from typing import TextIO

from initiatives.text.french import counted

from .errors import UnreadableFile

# Characters.
LONGEST_LINE = 2**20


def lines(file: TextIO) -> Iterator[str]:
    """The lines of a file. Of one without end the beginning comes first: what it has may say better what is wrong."""
    while line := file.readline(LONGEST_LINE):
        yield line
        if len(line) == LONGEST_LINE and not line.endswith(("\r", "\n")):
            raise UnreadableFile(f"Une ligne du fichier dépasse {counted(LONGEST_LINE, 'caractère')} : il est abîmé.")
