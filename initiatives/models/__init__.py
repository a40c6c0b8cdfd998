"""The models of the catalogue, by noun."""

from .answers import Answer, Fault
from .classification import Audience, Category, Theme
from .content import ContentVersion
from .document import Document
from .edition import Edition, IllegalFreeze, NothingNew, Withdrawal
from .file_layout import FileLayout
from .import_decisions import ImportDecision
from .import_groups import ImportGroup
from .import_rows import ImportRow
from .imports import ImportBatch, ImportFile
from .initiative import IllegalMove, Initiative, Link, SlugRedirect, Tool
from .journal import PersonalDataEvent
from .mail import OutgoingMail
from .publication import Introduction, Publication
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
    "FileLayout",
    "IllegalFreeze",
    "IllegalMove",
    "ImportBatch",
    "ImportDecision",
    "ImportFile",
    "ImportGroup",
    "ImportRow",
    "Initiative",
    "Introduction",
    "Link",
    "NothingNew",
    "OutgoingMail",
    "PersonalDataEvent",
    "Publication",
    "Revision",
    "SecondFactor",
    "SlugRedirect",
    "Survey",
    "Synonym",
    "Theme",
    "Tool",
    "WebAddress",
    "Withdrawal",
]
