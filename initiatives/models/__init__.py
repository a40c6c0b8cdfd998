"""The models of the catalogue, by noun."""

from .classification import Audience, Category, Theme
from .content import ContentVersion
from .initiative import FormerSlug, IllegalMove, Initiative, Link, Tool
from .intake import Intake, IntakeRow, KnownHeading, SentFile
from .mail import OutgoingMail
from .revision import Revision
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
    "Intake",
    "IntakeRow",
    "KnownHeading",
    "Link",
    "OutgoingMail",
    "Revision",
    "SecondFactor",
    "SentFile",
    "Survey",
    "Synonym",
    "Theme",
    "Tool",
]
