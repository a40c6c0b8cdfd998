"""French typography: numbers, plurals, dates at the precision that they have, no-break spaces and quotation marks."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from django.template.defaultfilters import date as format_date
from django.utils import timezone

from towns.names import fold

NNBSP = "\u202f"
NBSP = "\u00a0"
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def number(value) -> str:
    """16000 gives « 16 000 », with narrow no-break spaces; nothing gives nothing."""
    return "" if value is None else f"{value:,}".replace(",", NNBSP)


def noun(value: int, words: str) -> str:
    """The words agreeing with a number: `{{ 2|noun:"ville citée" }}` gives « villes citées ».

    French has the singular for 0 and 1. Several words all take the mark; an irregular plural
    follows a comma: "est,sont".
    """
    singular, _, plural = words.partition(",")
    return singular if abs(value) < 2 else plural or " ".join(f"{word}s" for word in singular.split())


def counted(value: int, words: str) -> str:
    """The number and its noun: `{{ 2|counted:"initiative" }}` gives « 2 initiatives »."""
    return f"{number(value)}{NBSP}{noun(value, words)}"


def listed(words: Iterable[str]) -> str:
    """« le coût, le délai et le contact »."""
    *others, last = words
    return f"{', '.join(others)} et {last}" if others else last


def of(word: str) -> str:
    """« de publier », but « d’archiver »: French elides before a vowel."""
    return f"d’{word}" if fold(word).startswith(tuple("aeiou")) else f"de {word}"


def file_size(octets: int) -> str:
    """« 904 ko », « 1,2 Mo »: the weight of a file, in thousands, as French says it."""
    if octets < 1_000_000:
        return f"{max(1, octets // 1_000)}{NBSP}ko"
    return f"{number(round(octets / 1_000_000, 1))}{NBSP}Mo".replace(".", ",")


def year_or_month(value: str) -> str:
    """« 2020-04 » gives « avril 2020 », « 2020 » stays."""
    year, _, month = value.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if month else year


def day(value: date | None) -> str:
    """« 1er juin 2021 », as French writes the first of the month."""
    if value is None:
        return ""
    return format_date(value, "j F Y").replace("1 ", "1er ", 1) if value.day == 1 else format_date(value, "j F Y")


def moment(value: datetime) -> str:
    """« 1er juin 2021 à 09:30 », here in France."""
    local = timezone.localtime(value)
    return f"{day(local)} à {local:%H:%M}"


@lru_cache(maxsize=2048)  # the names of a hundred départements on each list
def typo(text: str) -> str:
    """French typography of a text: ’ for ', « » for "", no-break spaces before : ; ? ! % €."""
    text = re.sub(r"(?<![^\s(])(''|\")(\S.*?)\1", rf"«{NBSP}\2{NBSP}»", text)
    text = text.replace("'", "’").replace("...", "…")
    text = re.sub(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)", lambda figure: figure[0].replace(" ", NNBSP), text)
    text = text.replace(" …", "…")
    text = re.sub(r"\s([:»%€])", rf"{NBSP}\1", text)
    text = re.sub(r"\s([;?!])", rf"{NNBSP}\1", text)
    return re.sub(r"«\s", f"«{NBSP}", text)
