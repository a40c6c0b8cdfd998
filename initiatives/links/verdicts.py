"""Verdicts on a web address as the desk reads them: its last answer, and when."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from initiatives.models import WebAddress
from initiatives.text.french import NBSP, day


def verdict(address: WebAddress) -> str:
    answer = address.answer
    if answer is None:
        return "Pas encore vérifiée."
    if address.is_dead:
        return f"Ne répond plus depuis le {day(address.first_failed_on)} ({answer.word})."
    last = f"le {day(timezone.localdate(address.checked_at))}"
    if answer.is_alive:
        return f"A répondu {last}."
    if answer.is_failure:
        return f"N’a pas répondu {last} ({answer.word}){NBSP}: d’autres essais suivront."
    return f"Réponse incertaine {last} ({answer.word})."


def marked(address: WebAddress) -> SafeString:
    kind = "verdict dead" if address.is_dead else "verdict"
    return format_html('<span class="{}">{}</span>', kind, verdict(address))


def marks(urls: Iterable[str]) -> dict[str, SafeString]:
    """The verdicts of these addresses, of those that are known: one query."""
    return {address.url: marked(address) for address in WebAddress.objects.filter(url__in=list(urls))}
