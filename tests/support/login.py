"""The log-in as a person goes through it: what is typed, what is answered."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import call_command

PASSWORD = "huit tasses de tisane"
ENTRANCE = "/admin/login/"
SECOND = "/admin/login/second-facteur/"
ACCOUNT = "/admin/compte/"
WRONG = "Le nom d’utilisateur ou le mot de passe n’est pas le bon."
CLOSED = "ce compte est fermé pour un quart d’heure"


def code(secret: str) -> str:
    """That of now; of the next half minute where this one is about to end, and the code with it."""
    left = 30 - time.time() % 30
    time.sleep(left if left < 2 else 0)
    (counter,) = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, counter))


def log_in(client, *, username="camille", password=PASSWORD, **rest):
    return client.post(ENTRANCE, {"login": username, "password": password} | rest)


def is_in(client) -> bool:
    return client.get("/admin/").status_code == 200


def words(response) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", response.text)


def fail(client, times: int, **facts):
    for _ in range(times):
        response = log_in(client, password="au hasard, au hasard", **facts)
    return response


def confirm(client):
    return client.post("/admin/compte/confirmer/", {"password": PASSWORD, "next": ACCOUNT})


def choose_password(client, mailoutbox, password: str):
    client.post("/admin/mot-de-passe-oublie/", {"email": "camille@ville.example"})
    call_command("send_outbox", verbosity=0)
    address = re.search(r"http://testserver(\S+)", mailoutbox[-1].body).group(1)
    page = client.get(address, follow=True)
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})
