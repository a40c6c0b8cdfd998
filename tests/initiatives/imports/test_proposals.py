"""What is proposed in place of a text that is none of the names, and what is the same name, otherwise written."""

import pytest

from initiatives.imports.cells import proposals

NAMES = ["agents", "moins de déchets", "plus de vélos", "plan 2030", "accès avec aide", "santé publique"]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("AGENT", "agents"),
        ("• moins de dechet", "moins de déchets"),
        ("« Plus de vélo »", "plus de vélos"),
        ("Plan-2030", "plan 2030"),
        ("santépublique", "santé publique"),
    ],
)
def test_case_accents_plural_spacing_and_punctuation_are_certain(read, meant):
    assert proposals(read, NAMES) == {"suggestions": [meant], "unambiguous": True}


@pytest.mark.parametrize(
    ("read", "near"),
    [("agants", ["agents"]), ("moins de déchais", ["moins de déchets"]), ("santé publik", ["santé publique"])],
)
def test_near_spelling_is_proposed_and_never_certain(read, near):
    assert proposals(read, NAMES) == {"suggestions": near, "unambiguous": False}


@pytest.mark.parametrize(
    "read",
    ["mains de déchets", "pas de vélos", "plan 2031", "plan 203", "plan 2030 bis", "accès sans aide", "non agents",
     "insanté publique", "a" * 2_000],
)  # fmt: skip
def test_another_number_or_a_negation_is_never_alike(read):
    assert not proposals(read, NAMES).get("suggestions")
