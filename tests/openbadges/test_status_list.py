"""Status lists: one bit a badge, many badges a list."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.openbadges import contexts, proof, status_list
from badges.openbadges.status_list import MIN_BITS, BadStatusList, StatusListDefinition
from tests.openbadges.awards import DID_KEY, KEY, LIST_URL, MOMENT

# W3C Bitstring Status List v1.0, example of a BitstringStatusListCredential: no bit set.
SPECIFIED = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def pack(bits: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits)).decode().rstrip("=")


def test_the_list_of_the_specification_has_no_bit_set():
    bits = status_list.decode(SPECIFIED)
    assert bits == bytes(MIN_BITS // 8)
    assert not any(status_list.is_set(bits, index) for index in (0, 1, 94567, MIN_BITS - 1))


def test_the_first_index_is_the_leftmost_bit():
    bits = status_list.decode(status_list.encode({0, 9, MIN_BITS - 1}))
    assert (bits[0], bits[1], bits[-1]) == (0b1000_0000, 0b0100_0000, 0b0000_0001)


@given(st.sets(st.integers(0, MIN_BITS - 1), max_size=40), st.integers(0, MIN_BITS - 1))
def test_exactly_the_given_indexes_are_set(indexes, other):
    bits = status_list.decode(status_list.encode(indexes))
    assert all(status_list.is_set(bits, index) for index in indexes)
    assert status_list.is_set(bits, other) == (other in indexes)


def test_the_same_bits_give_the_same_text():
    assert status_list.encode([7, 3]) == status_list.encode([3, 7])


@pytest.mark.parametrize(
    ("indexes", "length"),
    [({-1}, MIN_BITS), ({MIN_BITS}, MIN_BITS), (set(), MIN_BITS - 8), (set(), MIN_BITS + 1)],
)
def test_a_list_that_is_short_or_overrun_is_refused(indexes, length):
    with pytest.raises(BadStatusList):
        status_list.encode(indexes, length)


@pytest.mark.parametrize(
    ("encoded", "message"),
    [
        (None, "multibase"),
        ("", "multibase"),
        (SPECIFIED[1:], "multibase"),
        ("u***", "base64url"),
        ("u" + "A" * 5, "base64url"),
        ("u" + base64.urlsafe_b64encode(bytes(16384)).decode().rstrip("="), "gzip"),
        (pack(bytes(16383)), "fewer than"),
        (pack(bytes(status_list.MAX_BYTES + 1)), "larger"),
        (pack(bytes(200_000_000)), "larger"),
        ("u" + base64.urlsafe_b64encode(gzip.compress(bytes(16384))[:-9]).decode().rstrip("="), "cut short"),
        (
            "u" + base64.urlsafe_b64encode(gzip.compress(bytes(16384)) + b"more").decode().rstrip("="),
            "cut short",
        ),
    ],
    ids=["none", "empty", "prefix", "letters", "length", "gzip", "short", "long", "bomb", "cut", "tail"],
)
def test_a_hostile_list_is_refused_by_name(encoded, message):
    with pytest.raises(BadStatusList, match=message):
        status_list.decode(encoded)


@pytest.mark.parametrize("index", [-1, MIN_BITS])
def test_a_place_outside_the_list_is_no_answer(index):
    with pytest.raises(BadStatusList, match="outside"):
        status_list.is_set(status_list.decode(SPECIFIED), index)


def test_the_list_credential_can_be_signed_and_names_itself():
    built = status_list.build(StatusListDefinition(LIST_URL, DID_KEY, "revocation", MOMENT, frozenset({5})))
    assert built["@context"] == [contexts.CREDENTIALS]
    assert built["credentialSubject"]["id"] == f"{LIST_URL}#list"
    signed = proof.sign(built, KEY, f"{DID_KEY}#{DID_KEY.removeprefix('did:key:')}", MOMENT)
    proof.verify_proof(signed, signed["proof"][0], KEY.public_key())
    longer = status_list.encode({6})
    signed["credentialSubject"]["encodedList"] = longer
    with pytest.raises(proof.ProofInvalid):
        proof.verify_proof(signed, signed["proof"][0], KEY.public_key())


def test_an_unknown_purpose_is_refused():
    with pytest.raises(BadStatusList, match="purpose"):
        status_list.build(StatusListDefinition(LIST_URL, DID_KEY, "message", MOMENT, frozenset()))
