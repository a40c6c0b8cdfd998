from .four_eyes import APPROVING
from .model import Initiative
from .parts import KeyFigure, Link, SlugRedirect, Source, Tool
from .querysets import InitiativeQuerySet, declared
from .workflow import IllegalMove

__all__ = [
    "APPROVING",
    "IllegalMove",
    "Initiative",
    "InitiativeQuerySet",
    "KeyFigure",
    "Link",
    "SlugRedirect",
    "Source",
    "Tool",
    "declared",
]
