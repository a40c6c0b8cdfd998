"""Templates as they are sent: how they are laid out is for whoever edits them, and a list repeats it for each entry."""

import re

from django.template.loaders import filesystem

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
# A line that is one tag of the template says nothing itself: what stood around it stays apart by the line before.
TAG_ALONE = re.compile(r"^(\{%[^%\n]*%\})\n", re.MULTILINE)


class Loader(filesystem.Loader):
    """The project's own templates without their layout: what they show is never touched."""

    def get_contents(self, origin):
        return TAG_ALONE.sub(r"\1", INDENTATION.sub("", super().get_contents(origin)))
