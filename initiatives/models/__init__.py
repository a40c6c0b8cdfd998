"""The models of the catalogue, by noun."""

from .answers import Answer, Fault
from .classification import Audience, Category, Theme
from .content import ContentVersion
from .imports import Intake, IntakeRow, KnownHeading, SentFile
from .initiative import FormerSlug, IllegalMove, Initiative, Link, Tool
from .journal import JournalLine
from .mail import OutgoingMail
from .publication import Document, Edition, IllegalFreeze, Introduction, NothingNew, Publication, Withdrawal
from .revision import Revision
from .second_factor import SecondFactor
from .survey import Survey
from .synonym import Synonym
from .web_address import WebAddress

__all__ = [
    "Answer",
    "Audience",
    "Category",
    "ContentVersion",
    "Document",
    "Edition",
    "Fault",
    "FormerSlug",
    "IllegalFreeze",
    "IllegalMove",
    "Initiative",
    "Intake",
    "IntakeRow",
    "Introduction",
    "JournalLine",
    "KnownHeading",
    "Link",
    "NothingNew",
    "OutgoingMail",
    "Publication",
    "Revision",
    "SecondFactor",
    "SentFile",
    "Survey",
    "Synonym",
    "Theme",
    "Tool",
    "WebAddress",
    "Withdrawal",
]
