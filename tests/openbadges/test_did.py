"""DIDs: where an issuer's keys are found."""

from datetime import UTC, datetime

import pytest

from badges.openbadges import contexts, did, keys
from badges.openbadges.did import KeyRecord
from tests.openbadges.awards import DID_KEY, KEY, OTHER_KEY

PUBLIC = KEY.public_key()


@pytest.mark.parametrize(
    ("base", "slug", "expected", "address"),
    [
        (
            "https://a.example",
            "lille",
            "did:web:a.example:issuers:lille",
            "https://a.example/issuers/lille/did.json",
        ),
        (
            "https://A.example:443/",
            "x",
            "did:web:a.example:issuers:x",
            "https://a.example/issuers/x/did.json",
        ),
        (
            "https://a.example:8443",
            "lille",
            "did:web:a.example%3A8443:issuers:lille",
            "https://a.example:8443/issuers/lille/did.json",
        ),
        (
            "https://a.example/open/badges/",
            "u-mons",
            "did:web:a.example:open:badges:issuers:u-mons",
            "https://a.example/open/badges/issuers/u-mons/did.json",
        ),
        (
            "https://bücher.example",
            "x",
            "did:web:xn--bcher-kva.example:issuers:x",
            "https://xn--bcher-kva.example/issuers/x/did.json",
        ),
    ],
)
def test_a_did_web_leads_to_its_document(base, slug, expected, address):
    assert did.web_did(base, slug) == expected
    assert did.document_url(expected) == address


@pytest.mark.parametrize(
    "base",
    [
        "http://a.example",
        "https://",
        "https://u:p@a.example",
        "https://a.example?q",
        "https://a.example:99999",
        "ftp://a",
        "",
    ],
)
def test_an_address_without_sound_https_host_has_no_did_web(base):
    with pytest.raises(did.BadDid):
        did.web_did(base, "lille")


@pytest.mark.parametrize(
    "text",
    [
        "did:key:z6Mk",
        "did:web:",
        "did:web:a.example%2Fevil",
        "did:web:user%40a.example",
        "did:web:a.example:..:x",
        "did:web:a.example:a%2Fb",
        "did:web:a.example:",
        "did:web:a.example:x?y",
    ],
)
def test_a_did_web_that_could_lead_elsewhere_is_refused(text):
    with pytest.raises(did.BadDid):
        did.document_url(text)


def test_a_bare_host_is_served_from_well_known():
    assert did.document_url("did:web:a.example") == "https://a.example/.well-known/did.json"


def test_without_https_the_issuer_is_its_key():
    assert did.issuer_did("http://127.0.0.1:8000", "lille", PUBLIC) == DID_KEY
    assert did.issuer_did("https://a.example", "lille", PUBLIC) == "did:web:a.example:issuers:lille"


def test_the_document_keeps_every_key_and_lists_those_that_may_vouch():
    issuer = "did:web:a.example:issuers:lille"
    new, old = (did.verification_method(issuer, key.public_key()) for key in (KEY, OTHER_KEY))
    built = did.document(
        issuer,
        [
            KeyRecord(new, issuer, keys.encode_public(KEY.public_key())),
            KeyRecord(old, issuer, keys.encode_public(OTHER_KEY.public_key()), may_assert=False),
        ],
    )
    assert built["@context"] == [contexts.DID, contexts.MULTIKEY]
    assert [entry["id"] for entry in built["verificationMethod"]] == [new, old]
    assert {entry["controller"] for entry in built["verificationMethod"]} == {issuer}
    assert built["assertionMethod"] == [new]
    assert did.find_in_document(built, new).may_assert
    assert not did.find_in_document(built, old).may_assert


def test_an_issuer_without_keys_has_a_document_without_keys():
    assert set(did.document("did:web:a.example", [])) == {"@context", "id"}


def test_a_did_key_is_its_own_document():
    method = did.verification_method(DID_KEY, PUBLIC)
    record = did.resolve_key_did(method)
    assert (record.controller, keys.decode_public(record.multikey)) == (DID_KEY, PUBLIC)


@pytest.mark.parametrize("method", [DID_KEY, f"{DID_KEY}#key-1", f"{DID_KEY}#", "did:web:a.example#z6Mk", ""])
def test_anything_else_is_no_did_key(method):
    with pytest.raises(did.KeyNotFound):
        did.resolve_key_did(method)


def test_relative_references_of_foreign_documents_are_understood():
    foreign = {
        "id": "did:web:b.example",
        "verificationMethod": [
            {"id": "#k", "type": "Multikey", "controller": "did:web:b.example", "publicKeyMultibase": "z6Mk"}
        ],
        "assertionMethod": ["#k"],
    }
    record = did.find_in_document(foreign, "did:web:b.example#k")
    assert record == KeyRecord("did:web:b.example#k", "did:web:b.example", "z6Mk", True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "did:web:evil.example"}, "did-document-mismatch"),
        ({"verificationMethod": []}, "key-not-found"),
        ({"verificationMethod": "text"}, "key-not-found"),
        ({"verificationMethod": [None, {"id": 7}]}, "key-not-found"),
        ({"verificationMethod": [{"id": "#k", "type": "JsonWebKey"}]}, "key-unsupported"),
        (
            {"verificationMethod": [{"id": "#k", "type": "Multikey", "controller": "x", "publicKeyJwk": {}}]},
            "key-unsupported",
        ),
    ],
)
def test_a_document_without_the_key_is_refused_by_name(changes, code):
    document = {"id": "did:web:b.example"} | changes
    with pytest.raises(did.KeyNotFound) as refused:
        did.find_in_document(document, "did:web:b.example#k")
    assert refused.value.code == code


# --- Keys that were withdrawn ----------------------------------------------------------------------------

METHOD = did.verification_method("did:web:a.example", PUBLIC)
MOMENT = datetime(2026, 3, 2, 9, 30, 15, 999, tzinfo=UTC)


def held(**changes):
    """The DID document of an issuer with one key, which says more of it."""
    record = KeyRecord(METHOD, "did:web:a.example", keys.encode_public(PUBLIC))
    document = did.document("did:web:a.example", [record])
    document["verificationMethod"][0] |= changes
    return document


def test_a_revoked_key_is_told_with_its_moment_and_vouches_for_nothing():
    good = KeyRecord(
        did.verification_method("did:web:a.example", OTHER_KEY.public_key()), "did:web:a.example", ""
    )
    bad = KeyRecord(METHOD, "did:web:a.example", keys.encode_public(PUBLIC), may_assert=False, revoked=MOMENT)
    document = did.document("did:web:a.example", [good, bad])
    first, second = document["verificationMethod"]
    assert "revoked" not in first and second["revoked"] == "2026-03-02T09:30:15Z"
    assert document["assertionMethod"] == [good.verification_method]


@pytest.mark.parametrize(
    ("changes", "vouches"),
    [
        ({}, True),
        ({"revoked": "2020-01-01T00:00:00Z"}, False),
        ({"revoked": "2099-01-01T00:00:00Z"}, False),  # whoever signs dates the proof as they like
        ({"revoked": "soon"}, False),
        ({"revoked": None}, True),
        ({"expires": "2020-01-01T00:00:00Z"}, False),
        ({"expires": "2099-01-01T00:00:00Z"}, True),
        ({"expires": "2099-01-01T00:00:00"}, False),
        ({"expires": 4102444800}, False),
        ({"expires": "never"}, False),
    ],
)
def test_a_key_that_its_owner_ended_vouches_for_nothing(changes, vouches):
    assert did.find_in_document(held(**changes), METHOD).may_assert is vouches
