"""The recipient is a salted hash that only the right address matches."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.openbadges import identity


def test_the_example_of_the_specification_hashes_alike():
    """Open Badges 3.0, IdentityObject: a@example.com with the salt Kosher."""
    expected = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    assert identity.hash_identifier("a@example.com", "Kosher") == expected
    hashed = identity.hashed_email("a@example.com", "Kosher")
    assert hashed["identityHash"] == expected
    assert hashed["hashed"] is True


def test_an_address_matches_however_it_is_typed():
    hashed = identity.hashed_email(" Ada@Demo.example", "s4lt")
    assert identity.matches(hashed, "ada@demo.example")
    assert identity.matches(hashed, "ADA@demo.EXAMPLE ")
    assert not identity.matches(hashed, "dee@demo.example")
    assert not identity.matches(hashed, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"salt": "other"},
        {"salt": 7},
        {"identityType": "name"},
        {"identityHash": None},
        {"identityHash": "sha256$"},
        {"identityHash": "sha256$" + "0" * 64},
        {"identityHash": "sha512$" + "0" * 128},
        {"identityHash": "é"},
        {"hashed": False},
    ],
)
def test_another_identity_does_not_match(changes):
    assert not identity.matches(
        identity.hashed_email("ada@demo.example", "s4lt") | changes, "ada@demo.example"
    )


def test_identities_of_other_issuers_match_in_every_allowed_form():
    kind = {"type": "IdentityObject", "identityType": "emailAddress"}
    spelled = "Ada@demo.example"
    md5 = "md5$" + hashlib.md5((spelled + "s").encode(), usedforsecurity=False).hexdigest()
    as_typed = identity.hash_identifier(spelled, "s")
    assert identity.matches(kind | {"hashed": True, "identityHash": md5, "salt": "s"}, spelled)
    assert identity.matches(kind | {"hashed": True, "identityHash": as_typed, "salt": "s"}, spelled)
    assert identity.matches(
        kind | {"hashed": True, "identityHash": as_typed.upper().replace("SHA", "sha"), "salt": "s"}, spelled
    )
    assert identity.matches(
        kind | {"hashed": True, "identityHash": identity.hash_identifier(spelled, "")}, spelled
    )
    assert identity.matches(kind | {"hashed": False, "identityHash": "ada@demo.example"}, spelled)


@given(st.emails(), st.text())
def test_any_address_matches_its_own_hash(email, salt):
    assert identity.matches(identity.hashed_email(email, salt), email)


def test_salts_differ():
    assert len({identity.new_salt() for _ in range(50)}) == 50
