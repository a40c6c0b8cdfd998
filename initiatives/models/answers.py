"""What a web address answers, and what that says of it."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Fault(TextChoices):
    """Why an address gave no HTTP answer at all."""

    UNKNOWN_HOST = "unknown_host", "nom de site inconnu"
    UNREACHABLE = "unreachable", "serveur injoignable"
    TIMEOUT = "timeout", "délai dépassé"
    BROKEN = "broken", "réponse illisible"
    CERTIFICATE = "certificate", "certificat invalide"
    TLS = "tls", "connexion sécurisée impossible"
    ENDLESS = "endless", "redirections sans fin"
    MALFORMED = "malformed", "adresse mal formée"
    REFUSED = "refused", "adresse que le catalogue n’ouvre pas"


# Pages that are gone: RFC 9110, 15.5.5 and 15.5.11. No other status tells of the page: 401, 403 and 429
# (RFC 6585, 4) turn the robot away and not the reader, 5xx (RFC 9110, 15.6) is a fault of the server.
GONE = {404, 410}
SILENT = {Fault.UNKNOWN_HOST, Fault.UNREACHABLE, Fault.TIMEOUT, Fault.BROKEN}


@dataclass(frozen=True)
class Answer:
    """What an address answered: an HTTP status, or a fault."""

    status: int | None = None
    fault: str = ""

    @property
    def is_alive(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_failure(self) -> bool:
        """It counts against the address; what is neither alive nor a failure says nothing of the page."""
        return self.is_silence or self.status in GONE

    @property
    def is_silence(self) -> bool:
        """It may be our own network that is away."""
        return self.fault in SILENT

    @property
    def comes_from_the_network(self) -> bool:
        return self.status is not None or self.fault in (Fault.CERTIFICATE, Fault.TLS, Fault.ENDLESS)

    @property
    def word(self) -> str:
        return str(self.status) if self.status is not None else Fault(self.fault).label
