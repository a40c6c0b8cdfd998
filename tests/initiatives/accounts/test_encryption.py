"""Secrets of second factors lie encrypted: what reads them, what no longer can, and how a key is changed."""

import logging
import re
import zipfile

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from initiatives.accounts import encryption
from tests.support.login import ACCOUNT, SECOND, code, confirm, is_in, log_in, words

OTHER = "une tout autre clé, de cinquante caractères au moins, ou presque"
WRONG = "Ce code n’est pas le bon"

pytestmark = pytest.mark.ignore_template_errors


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


@pytest.fixture
def codes(camille, secret) -> list[str]:
    return RecoveryCodes.activate(camille).get_unused_codes()


def stored() -> str:
    return str(list(Authenticator.objects.order_by("pk").values_list("data", flat=True)))


def gets_in_with(shown: str) -> bool:
    client = Client()
    log_in(client)
    client.post(SECOND, {"code": shown})
    return is_in(client)


def lost(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, []


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_what_enrolment_writes_tells_nothing_and_lets_in(client, settings, camille, tmp_path):
    log_in(client)
    shown = re.search(r"<code>([A-Z2-7]{32})</code>", client.get(f"{ACCOUNT}application/").text).group(1)
    client.post(f"{ACCOUNT}application/", {"code": code(shown)})
    unused = RecoveryCodes.activate(camille).get_unused_codes()
    seed = encryption.decrypt(Authenticator.objects.get(type="recovery_codes").data["seed"])
    for told in (shown, seed, *unused):
        assert told not in stored()
    call_command("backup", str(tmp_path / "backup.zip"), verbosity=0)
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        table = archive.read("tables/mfa.authenticator.jsonl").decode()
    assert table.count("f1:") == 2
    assert shown not in table
    cache.clear()  # the code has just served to enrol
    assert gets_in_with(code(shown))
    assert gets_in_with(unused[0])
    assert not gets_in_with(unused[0])


def test_same_secret_is_written_differently_each_time():
    assert encryption.encrypt("JBSW") != encryption.encrypt("JBSW")


def test_rows_that_are_plain_let_in_and_are_encrypted_once(camille, secret, codes):
    factor, spare = Authenticator.objects.order_by("pk")
    factor.data = {"secret": secret}
    factor.save()
    spare.data = {"migrated_codes": ["12345678", "87654321"], "used_mask": 0}
    spare.save()
    assert gets_in_with(code(secret))
    assert encryption.rewrite() == (2, 0)
    first = stored()
    assert first.count("f1:") == 3
    assert secret not in first
    assert "12345678" not in first
    assert encryption.rewrite() == (0, 0)
    assert stored() == first
    assert gets_in_with("12345678")
    assert not gets_in_with("12345678")


def test_former_key_still_reads_until_all_is_written_under_the_present_one(settings, secret, codes):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], OTHER
    assert gets_in_with(codes[0])
    assert encryption.rewrite() == (2, 0)
    assert encryption.rewrite() == (0, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert gets_in_with(codes[1])
    assert not gets_in_with(codes[0])
    assert gets_in_with(code(secret))


@pytest.mark.parametrize("damage", ["f1:", "f1:é", "f1:AAAA", "f1:gAAAAABp", None, 5, ["JBSW"]])
def test_secret_that_is_damaged_is_a_wrong_code(client, camille, secret, damage):
    Authenticator.objects.update(data={"secret": damage})
    log_in(client)
    for typed in (code(secret), "000000", "é"):
        response = client.post(SECOND, {"code": typed})
        assert (response.status_code, WRONG in words(response)) == (200, True)
    assert encryption.rewrite() == (0, 1)


def test_secret_that_no_key_opens_is_a_wrong_code_and_a_line_in_the_log(client, settings, secret, caplog):
    lost(settings)
    log_in(client)
    with caplog.at_level(logging.ERROR):
        assert WRONG in words(client.post(SECOND, {"code": code(secret)}))
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("A second factor is lost")
    assert "camille" not in line
    assert not is_in(client)


def test_secret_that_no_key_opens_is_not_one_that_can_be_guessed(settings, camille, secret):
    """An empty secret, or the text as it is stored, would have codes that anybody can compute."""
    lost(settings)
    factor = Authenticator.objects.get()
    for guess in ("", "AAAAAAAA"):
        assert not TOTP(factor).validate_code(code(guess))


def test_codes_that_no_key_opens_are_said_to_be_lost_and_can_be_drawn_anew(client, settings, camille, codes):
    first = codes[0]
    log_in(client)
    client.post(SECOND, {"code": first})
    confirm(client)
    data = {row.pk: row.data for row in Authenticator.objects.filter(type="recovery_codes")}
    ((pk, written),) = data.items()
    Authenticator.objects.filter(pk=pk).update(data=written | {"seed": "f1:perdu"})
    assert "ne peuvent plus être lus" in words(client.get(ACCOUNT))
    for address in ("codes-de-secours/", "codes-de-secours.txt"):
        assert client.get(f"{ACCOUNT}{address}")["Location"] == f"{ACCOUNT}codes-de-secours/renouveler/"
    assert client.get(f"{ACCOUNT}codes-de-secours/renouveler/").status_code == 200
    client.post(f"{ACCOUNT}codes-de-secours/renouveler/")
    assert "10 codes en réserve" in words(client.get(f"{ACCOUNT}codes-de-secours/"))
    assert "10 codes en réserve" in words(client.get(ACCOUNT))
