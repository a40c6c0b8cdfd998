"""A run of `manage.py check_links`: which addresses are asked, and what is believed of their silence."""

import logging
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, islice

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from initiatives.models import Answer, Fault, Initiative, WebAddress
from initiatives.models.record_table import WITH_ADDRESSES

from .client import Client

logger = logging.getLogger("initiatives")

AT_ONCE = 8
# Silences in a row after which the run asks whether it is itself that is cut off.
DOUBTS = 20
WITNESSES = 3
BATCH = 500
# A host that has had enough is left alone for a day.
REST = timedelta(days=1)
TIRED = {429, 503}


class NetworkDown(Exception):
    """The network of this server is away: nothing answers, not even what answered before."""


def gather():
    """Have a row for each address that a published entry gives, and for no other. Several runs may do so at once."""
    published = Initiative.objects.published()
    sources = published.exclude(source_url="").order_by().values_list("source_url", flat=True)
    models = [Initiative.part_model(name) for name in WITH_ADDRESSES]
    parts = [one.objects.filter(initiative__in=published).order_by().values_list("url", flat=True) for one in models]
    rows = gone = WebAddress.objects.order_by()
    for urls in (sources, *parts):
        gone = gone.exclude(url__in=urls)
    gone.delete()
    known = rows.values("url")
    new = chain(
        sources.exclude(source_url__in=known).order_by("source_url").distinct(),
        *(urls.exclude(url__in=known).order_by("url").distinct() for urls in parts),
    )
    while batch := [WebAddress(url=url) for url in islice(new, BATCH)]:
        WebAddress.objects.bulk_create(batch, ignore_conflicts=True)


def host_of(url: str) -> str:
    try:
        return parse_url(url).host or url
    except LocationParseError:
        return url


@dataclass
class LinkCheck:
    """Asks what is due, several hosts at once and one address of each; `seconds` and `limit` end it.

    A row is claimed before it is asked, and written when it has answered: killed at any moment a run loses
    nothing, and two that run together ask nothing twice. Silence is written only once somebody has
    answered after it.
    """

    client: Client
    limit: int | None = None
    seconds: float | None = None
    asked: Counter = field(default_factory=Counter)

    def __post_init__(self):
        self._end = None if self.seconds is None else time.monotonic() + self.seconds
        self._left = self.limit
        self._busy: dict[Future, WebAddress] = {}
        self._silent: list[tuple[WebAddress, Answer]] = []
        self._tired: set[str] = set()

    def __call__(self) -> Counter:
        """How many addresses answered what. NetworkDown where silence says nothing of them."""
        gather()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                while self._busy or not self._is_over:
                    self._start(pool)
                    if not self._busy:
                        break
                    for done in wait(self._busy, return_when=FIRST_COMPLETED).done:
                        self._take(self._busy.pop(done), _answer(done))
                    if len(self._silent) >= DOUBTS:
                        self._believe_silence()
            finally:
                self._give_back(pool)
        if self._silent:
            self._believe_silence()
        return self.asked

    @property
    def _is_over(self) -> bool:
        return self._left == 0 or (self._end is not None and time.monotonic() >= self._end)

    def _start(self, pool: ThreadPoolExecutor):
        """Give work to those who have none, at hosts where nobody is."""
        hosts = {host_of(address.url) for address in self._busy.values()}
        for pk, url in WebAddress.objects.due().values_list("pk", "url")[:BATCH]:
            if len(self._busy) >= AT_ONCE or self._is_over:
                return
            if (host := host_of(url)) in hosts:
                continue
            address = WebAddress.objects.claim(pk)
            if address is None:
                continue  # another run has it
            if host in self._tired:
                address.put_off(by=REST)
                continue
            hosts.add(host)
            self._busy[pool.submit(self.client.ask, address.url)] = address
            if self._left is not None:
                self._left -= 1

    def _take(self, address: WebAddress, answer: Answer):
        if answer.status in TIRED:
            self._tired.add(host_of(address.url))
        if answer.is_silence:
            self._silent.append((address, answer))
            return
        self._write(address, answer)
        if answer.comes_from_the_network:
            self._write_silence()

    def _write(self, address: WebAddress, answer: Answer):
        address.record(answer)
        kind = "answering" if answer.is_alive else "failing" if answer.is_failure else "undecided"
        self.asked[kind] += 1
        self.asked["dead"] += address.is_dead

    def _write_silence(self):
        for address, answer in self._silent:
            self._write(address, answer)
        self._silent.clear()

    def _believe_silence(self):
        """Ask those that answered last whether anybody does; if not, nothing is held against the silent."""
        witnesses = {}
        for url in WebAddress.objects.answered().values_list("url", flat=True)[:DOUBTS]:
            witnesses.setdefault(host_of(url), url)
        if not any(self.client.ask(url).comes_from_the_network for url in islice(witnesses.values(), WITNESSES)):
            for address, _ in self._silent:
                address.put_off()
            raise NetworkDown
        self._write_silence()

    def _give_back(self, pool: ThreadPoolExecutor):
        """Release the claims that will not be written."""
        pool.shutdown(cancel_futures=True)
        for address in self._busy.values():
            address.put_off()


def _answer(done: Future) -> Answer:
    if fault := done.exception():
        # Strangers chose what the client was given: whatever they found to break it is no reason to stop.
        logger.error("a link could not be checked", exc_info=fault)
        return Answer(fault=Fault.MALFORMED)
    return done.result()
