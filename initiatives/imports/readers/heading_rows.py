"""Where a table has its headings: under a title or a notice, in one row, or in two as survey tools write them.

SurveyMonkey writes the questions, then the options under each; Framaforms (Drupal Webform) the options, with their
questions above; LimeSurvey may write codes in one row and texts in the other. The two become one heading: « Publics
visés [Seniors] », as LimeSurvey has it.
"""

import re
from typing import NamedTuple

from initiatives.imports.headings import key, named_by
from initiatives.text.mojibake import is_spoilt, mended

from .merged_cells import MergedCell, is_blank

# Among how many rows the headings are looked for: a title and a notice may stand above them.
FIRST = 10
# Rows below in which a column shows that it is that of an option.
SHOWING = 50
# How the answer to a question of one column is headed in the second row.
ANSWERS = {"response", "openendedresponse", "reponse", "reponseouverte", "reponselibre"}
TICKS = {"x", "1", "0", "oui", "non", "yes", "no", "y", "n", "vrai", "faux", "true", "false", "✓", "✔", "☑", "☐"}
# A question or an option of a survey tool, and those of LimeSurvey that have no number.
CODE = re.compile(r"[A-Za-z]\w*(?:\[\w+\])*", re.ASCII)
SURVEY_CODES = {"id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp", "ipaddr"}
SENTENCE = re.compile(r".*\s.*[?:]\s*|.*\[.*\]", re.DOTALL)


class HeadingRows(NamedTuple):
    """The headings of a table, and which of its rows they take: from `start` to before `end`."""

    headings: list[str]
    start: int
    end: int
    # Whether merged cells leave columns without a heading.
    are_merged: bool = False

    @classmethod
    def of(cls, rows: list[list]) -> "HeadingRows":
        """Those of rows that are not blank; the first of them has the headings where nothing says better."""
        at = _likeliest(rows)
        for start in (at, at - 1):
            # Something to import is left below.
            if start >= 0 and start + 2 < len(rows) and (headings := _joined(rows[start:])):
                return cls(headings, start, start + 2)
        return cls(
            [_text(cell) for cell in rows[at]], at, at + 1, any(isinstance(cell, MergedCell) for cell in rows[at])
        )


def _likeliest(rows: list[list]) -> int:
    """Which of the first rows has the headings: those above have one cell, or know none where a later one does."""
    told = [list(filter(None, map(_text, row))) for row in rows[:FIRST]]
    known = [len(named_by(cells)) for cells in told]
    sure = next((at for at, count in enumerate(known) if count > 1), None)
    for at, cells in enumerate(told[:sure]):
        # « Collectivité », « Projet »: above the headings of each, they are fewer and say less.
        is_wide = len(cells) > 1 and not (sure and len(cells) < len(told[sure]) and known[at] < known[sure])
        if (is_wide and known[at]) or (sure is None and (is_wide or known[at])):
            return at
    return sure or 0


def _text(cell) -> str:
    """What a cell says of itself, its accents mended where they can be."""
    text = "" if is_blank(cell) or isinstance(cell, MergedCell) else str(cell).strip()
    return (mended(text) or text) if is_spoilt(text) else text


def _joined(rows: list[list]) -> list[str] | None:
    """The headings of the first two rows together; None where the second, or the first, has none."""
    upper, lower, *below = rows[: SHOWING + 2]
    width = max(len(upper), len(lower))
    upper, lower = (row + [None] * (width - len(row)) for row in (upper, lower))
    if not all(cell is None or isinstance(cell, str) for cell in lower):
        return None
    if is_codes(lower) and not is_codes(below[0]):
        return [_text(text) or _text(code) for text, code in zip(upper, lower, strict=True)]
    if is_codes(upper) and is_sentences(lower):
        return [_text(text) or _text(code) for code, text in zip(upper, lower, strict=True)]
    return _with_options(upper, lower, below)


def is_codes(row: list) -> bool:
    """Whether a row has nothing but the codes of questions: « id », « G01Q02[SQ001] »."""
    codes = list(filter(None, map(_text, row)))
    named = [code for code in codes if code in SURVEY_CODES or re.search(r"\d", code)]
    return 3 <= len(set(codes)) == len(codes) <= 2 * len(named) and all(map(CODE.fullmatch, codes))


def is_sentences(row: list) -> bool:
    """Whether a row has headings as people read them: we know two of them, or half of them ask something."""
    texts = list(filter(None, map(_text, row)))
    return len(set(texts)) == len(texts) and (
        len(named_by(texts)) > 1 or 0 < len(texts) <= 2 * len(list(filter(SENTENCE.fullmatch, texts)))
    )


def _with_options(upper: list, lower: list, below: list[list]) -> list[str] | None:
    """The questions of the one row with the options of the other, where something shows that these are options."""
    options = [_text(cell) for cell in lower]
    is_full = all(options)
    headings, shown, is_sure = [], 0, False
    question, is_group = "", False
    for at, (own, option) in enumerate(zip(map(_text, upper), options, strict=True)):
        ticks = [row[at] for row in below if at < len(row) and not is_blank(row[at])]
        is_option = bool(option) and key(option) not in TICKS and all(_is_tick(cell, option) for cell in ticks)
        if own:
            question, is_group = own, True
        # Where both rows are full of headings, those of a question end with the first column that has other answers.
        is_group = is_group and (is_option or not is_full)
        if not option or key(option) in ANSWERS:
            headings.append(own or (question if option else ""))
        elif question and is_group and (is_option or not named_by([option])):
            headings.append(f"{question} [{option}]")
            # A question with a heading of its own in the next column too has no second option: its cells are alike.
            goes_on = at + 1 < len(upper) and not _text(upper[at + 1])
            shown += bool(is_option and ticks and (goes_on or not own))
        else:
            headings.append(option)
        # A heading of its own that is merged with the cell below it shows that the others go on there.
        is_merged = isinstance(lower[at], MergedCell) and lower[at].is_below and str(lower[at]) == own
        is_sure = is_sure or is_merged or key(option) in ANSWERS
    return headings if is_sure or (shown > 1 and not all(map(_text, upper))) else None


def _is_tick(cell, option: str) -> bool:
    written = str(cell).strip()
    return isinstance(cell, bool) or written == option or written.lower().removesuffix(".0") in TICKS
