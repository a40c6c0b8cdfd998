"""The desk as one of its people finds it, logged in."""

import pytest

from . import factories


def logged_in(client, group: str, **facts):
    client.user = factories.member(group, **facts)
    client.force_login(client.user)
    return client


@pytest.fixture
def editor(client):
    return logged_in(client, "rédaction")


@pytest.fixture
def moderator(client):
    return logged_in(client, "modération")
