"""Who asks: a visitor, or somebody of the desk, each in a browser of their own; every answer is recorded."""

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from .forms import Form, Forms
from .rules import headers_of, ruled, text_of
from .settings import MOMENT

HOST = "catalogue.example"
SITE = f"https://{HOST}"


@dataclass(frozen=True)
class Answer:
    """What came back, after the rules; `text` is None where the body is no text."""

    status: int
    headers: list[str]
    body: bytes
    text: str | None

    @property
    def next(self) -> str:
        """Where it leads, on this site; empty for a page."""
        leads = (line.partition(": ")[2] for line in self.headers if line.startswith("Location: "))
        return next(leads, "").removeprefix(SITE)

    def form(self, button: str) -> Form:
        return Forms(self.body.decode()).with_button(button)

    def as_json(self, name: str) -> str:
        content = self.body if self.text is None else self.text.encode()
        body = {"base64": base64.b64encode(content).decode()} if self.text is None else {"text": self.text}
        line = {"name": name, "status": self.status, "headers": self.headers, "sha256": sha256(content).hexdigest()}
        return json.dumps(line | body, ensure_ascii=False)


class Recording:
    """The answers by the names of what was asked, and the routes of the urlconf that were."""

    def __init__(self):
        self.answers, self.routes = {}, set()

    def keep(self, name: str, address: str, answer: Answer):
        number, key = 1, (name := ruled(name))
        while key in self.answers:
            number += 1
            key = f"{name} ({number})"
        self.answers[key] = answer
        self.routes.add(route_of(address))


def route_of(address: str) -> str | None:
    """The pattern of the urlconf that answers an address."""
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return None


class Person:
    """`name` says who, and is empty for a visitor."""

    def __init__(self, recording: Recording, name: str = ""):
        self.recording, self.name = recording, name
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        self.client = Client(raise_request_exception=False, headers=headers)

    def get(self, address: str, **headers: str) -> Answer:
        return self.ask("GET", address, headers)

    def ask(self, method: str, address: str, headers: dict | None = None, data: dict | None = None) -> Answer:
        """Ask, and record the answer under who asked what, with the headers that were added to the usual ones."""
        headers = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        sent = {"data": data} if data is not None else {}
        response = getattr(self.client, method.lower())(address, headers=headers, **sent)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        response.close()
        is_plain = "Content-Encoding" not in response
        text = text_of(body, response.get("Content-Type", "")) if is_plain else None
        answer = Answer(response.status_code, headers_of(response), body, text)
        added = "".join(f" [{name}: {value}]" for name, value in headers.items())
        self.recording.keep(f"{self.name or 'visitor'} {method} {address}{added}", address, answer)
        return answer

    def send(self, address: str, button: str, typed: dict | None = None, **more) -> Answer:
        """Fill in the form of the page that has this button, a minute later than the last one was sent."""
        return self.press(self.get(address).form(button), address, button, typed, **more)

    def press(self, form: Form, address: str, button: str, typed: dict | None = None, **more) -> Answer:
        os.environ[MOMENT] = (datetime.fromisoformat(os.environ[MOMENT]) + timedelta(minutes=1)).isoformat()
        action = urljoin(address, form.attributes.get("action", ""))
        return self.ask("POST", action, data=form.filled(typed or {}, button) | more)
