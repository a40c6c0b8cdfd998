"""The models of the catalogue, by noun."""

from .classification import Audience, Category, Theme
from .content import ContentVersion
from .initiative import FormerSlug, IllegalMove, Initiative, Link, Tool
from .second_factor import SecondFactor
from .survey import Survey
from .synonym import Synonym

__all__ = [
    "Audience",
    "Category",
    "ContentVersion",
    "FormerSlug",
    "IllegalMove",
    "Initiative",
    "Link",
    "SecondFactor",
    "Survey",
    "Synonym",
    "Theme",
    "Tool",
]
