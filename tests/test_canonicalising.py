"""What strangers signed is canonicalised in a child process; what anybody issues every day needs none."""

import json
import time

import pytest

from badges import canonicalising
from badges.canonicalising import hash_data
from badges.looking_up import Lookup
from badges.openbadges import checks, contexts, proof
from badges.openbadges.canonical import TooComplex
from badges.openbadges.processor import UnsafeDocument
from badges.verifying import verify
from tests.openbadges.awards import MOMENT, OTHER_KEY, did, resolve, signed_badge
from tests.openbadges.test_linked_data import poison
from workbench import confining
from workbench.confining import Busy, Crashed, OutOfMemory, OutOfTime
from workbench.errors import DomainError

OPTIONS = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod"}


def unsigned(**changes):
    return {name: value for name, value in signed_badge(status=None).items() if name != "proof"} | changes


def uncommon(**changes):
    """A badge with a value object, which the compiled tables do not know."""
    return unsigned(name={"@value": "Pare-feu", "@language": "fr"}, **changes)


def by_dee(document):
    issuer = did.key_did(OTHER_KEY.public_key())
    named = document | {"issuer": {"id": issuer, "type": ["Profile"], "name": "Dee"}}
    return proof.sign(named, OTHER_KEY, did.verification_method(issuer, OTHER_KEY.public_key()), MOMENT)


@pytest.fixture
def no_child(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a child was started")

    monkeypatch.setattr(canonicalising, "run_confined", refuse)


@pytest.fixture
def children(monkeypatch):
    started = []

    def count(*args, **kwargs):
        started.append(args[0])
        return confining.run_confined(*args, **kwargs)

    monkeypatch.setattr(canonicalising, "run_confined", count)
    return started


def test_an_everyday_badge_is_hashed_here(no_child):
    document = unsigned()
    assert hash_data(document, OPTIONS) == proof.hash_data(document, OPTIONS)


def test_a_badge_without_words_of_a_vocabulary_is_refused(no_child):
    with pytest.raises(UnsafeDocument):
        hash_data({"name": "x"}, OPTIONS)


def test_an_uncommon_badge_is_hashed_alike_in_a_child(children):
    document = uncommon()
    assert hash_data(document, OPTIONS) == proof.hash_data(document, OPTIONS)
    assert children == ["badges.openbadges.hashing:hash_document"]


def test_a_strangers_uncommon_badge_verifies_through_the_child(children):
    verification = verify(json.dumps(by_dee(uncommon())), lookup=Lookup(own=False))
    assert verification.verified and children
    assert not verification.issuer_known


def test_its_changed_copy_does_not(children):
    badge = by_dee(uncommon())
    badge["name"]["@value"] = "Coupe-feu"
    found = {check.name: check for check in verify(json.dumps(badge), lookup=Lookup(own=False)).checks}
    assert found["proof"].code == "proof-signature" and children


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"@context": [*contexts.ISSUED_WITH, "https://evil.example/v1"]}, contexts.UnknownContext),
        ({"@context": [*contexts.ISSUED_WITH, {"surprise": "urn:x"}]}, UnsafeDocument),
        ({"description": None}, UnsafeDocument),
        ({"evidence": [{"type": ["Evidence"], "name": str(number)} for number in range(3000)]}, TooComplex),
    ],
)
def test_what_one_look_refuses_needs_no_child(no_child, change, error):
    with pytest.raises(error):
        hash_data(unsigned() | change, OPTIONS)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"surprise": "x"}, UnsafeDocument),
        ({"id": "relative"}, UnsafeDocument),
        ({"type": ["VerifiableCredential", "Surprise"]}, UnsafeDocument),
    ],
)
def test_what_the_child_refuses_is_refused_alike_here(children, change, error):
    document = unsigned() | change
    with pytest.raises(error) as here:
        proof.hash_data(document, OPTIONS)
    with pytest.raises(error) as there:
        hash_data(document, OPTIONS)
    assert children and str(there.value)[:60] == str(here.value)[:60]


@pytest.mark.parametrize("size", [6, 8, 12])
def test_a_kilobyte_of_poison_ends_soon(size):
    began = time.monotonic()
    with pytest.raises(TooComplex):
        hash_data(poison(size), OPTIONS)
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("end", [OutOfTime, OutOfMemory, Crashed])
def test_a_child_that_does_not_come_back_is_a_failed_check(monkeypatch, end):
    def stop(*args, **kwargs):
        raise end

    monkeypatch.setattr(canonicalising, "run_confined", stop)
    found = checks.check_proof(by_dee(uncommon()), resolve, hash_data)
    assert (found.passed, found.code) == (False, "proof-too-complex")


def test_the_kernel_ends_a_child_that_goes_on(monkeypatch):
    monkeypatch.setattr(canonicalising, "LIMITS", confining.Limits(256 * 1024 * 1024, 1, 5, 4096))
    monkeypatch.setattr(canonicalising, "OPERATION", "tests.confined.misbehaving:think_for_ever")
    with pytest.raises(TooComplex):
        hash_data(uncommon(), OPTIONS)


def test_whoever_comes_when_all_children_are_busy_is_told_to_come_back(monkeypatch):
    def busy(*args, **kwargs):
        raise Busy

    monkeypatch.setattr(canonicalising, "run_confined", busy)
    with pytest.raises(DomainError) as refused:
        verify(json.dumps(by_dee(uncommon())), lookup=Lookup(own=False))
    assert (refused.value.code, refused.value.status) == ("busy", 503)
