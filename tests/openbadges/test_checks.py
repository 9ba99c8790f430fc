"""A verification is a list of named answers, each of which can fail alone."""

import copy
from datetime import timedelta

import pytest

from badges.openbadges import checks, did, keys, proof, status_list
from badges.openbadges.checks import Check
from badges.openbadges.did import KeyNotFound, KeyRecord
from badges.openbadges.status_list import StatusListDefinition
from tests.openbadges.awards import (
    DID_KEY,
    DID_WEB,
    KEY,
    LIST_URL,
    MOMENT,
    OTHER_KEY,
    make_award,
    resolve,
    sign,
    signed_badge,
)

LATER = MOMENT + timedelta(days=30)
NAMES = ("structure", "context", "proof", "issuer", "dates", "status")


def make_list(indexes=(), issuer=DID_KEY, key=KEY, purpose="revocation", moment=MOMENT):
    built = status_list.build(StatusListDefinition(LIST_URL, issuer, purpose, moment, frozenset(indexes)))
    return proof.sign(built, key, did.verification_method(issuer, key.public_key()), moment)


def run(badge, *, resolve=resolve, now=LATER, listing=None, fetch=None):
    answer = make_list() if listing is None else listing
    found = checks.run(badge, resolve=resolve, now=now, fetch_list=fetch or (lambda url: answer))
    return {check.name: check for check in found}


def failing(badge, **means):
    return {name: check.code for name, check in run(badge, **means).items() if not check.passed}


@pytest.mark.parametrize("issuer", [DID_KEY, DID_WEB])
def test_a_sound_badge_passes_every_check(issuer):
    found = run(signed_badge(issuer), listing=make_list(issuer=issuer))
    assert tuple(found) == NAMES
    assert [check.passed for check in found.values()] == [True] * 6
    assert found["issuer"] == Check("issuer", True, "issuer-ok", {"issuer": issuer})


def test_a_badge_without_status_or_end_passes_too():
    assert failing(signed_badge(status=None)) == {}


@pytest.mark.parametrize(
    ("member", "missing"),
    [
        (("type",), "type"),
        (("id",), "id"),
        (("issuer",), "issuer"),
        (("validFrom",), "validFrom"),
        (("credentialSubject",), "credentialSubject, recipient, achievement, achievement.name, criteria"),
        (("credentialSubject", "type"), "credentialSubject"),
        (("credentialSubject", "achievement"), "achievement, achievement.name, criteria"),
        (("credentialSubject", "achievement", "type"), "achievement"),
        (("credentialSubject", "achievement", "name"), "achievement.name"),
        (("credentialSubject", "achievement", "criteria"), "criteria"),
    ],
)
def test_a_missing_part_is_named(member, missing):
    badge = signed_badge()
    target = badge
    for step in member[:-1]:
        target = target[step]
    del target[member[-1]]
    assert checks.check_structure(badge) == Check("structure", False, "not-a-badge", {"missing": missing})


def test_a_badge_about_nobody_is_no_badge():
    badge = signed_badge()
    del badge["credentialSubject"]["id"], badge["credentialSubject"]["identifier"]
    assert checks.check_structure(badge).values == {"missing": "recipient"}


@pytest.mark.parametrize(
    "odd", [{}, {"credentialSubject": []}, {"credentialSubject": 7, "proof": 7, "issuer": 7}]
)
def test_any_object_gets_answers_and_no_exception(odd):
    found = run(odd)
    assert tuple(found) == NAMES
    assert found["structure"].passed is False
    assert found["proof"].code == "proof-missing"


@pytest.mark.parametrize(
    ("context", "code"),
    [
        (None, "unknown-context"),
        ([], "context-order"),
        (["https://evil.example/v1"], "unknown-context"),
        ([{"name": "urn:x"}], "unknown-context"),
        (["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"], "context-order"),
        (["https://www.w3.org/ns/credentials/v2"], "context-not-open-badges"),
    ],
)
def test_words_without_their_published_meaning_are_noticed(context, code):
    assert checks.check_context({"@context": context}).code == code


@pytest.mark.parametrize("version", ["context-3.0.2.json", "context-3.0.1.json", "context.json"])
def test_older_contexts_of_the_standard_are_known(version):
    named = ["https://www.w3.org/ns/credentials/v2", f"https://purl.imsglobal.org/spec/ob/v3p0/{version}"]
    assert checks.check_context({"@context": named}).passed


def test_a_changed_name_fails_the_proof_alone():
    assert failing(signed_badge() | {"name": "Firewall wizardry"}) == {"proof": "proof-signature"}


def test_an_added_word_fails_the_proof_by_name():
    assert failing(signed_badge() | {"surprise": "x"}) == {"proof": "proof-unsigned-data"}


def test_a_badge_with_two_proofs_is_not_judged_by_the_better_one():
    badge = signed_badge()
    badge["proof"].append(copy.deepcopy(badge["proof"][0]))
    assert failing(badge) == {"proof": "proof-missing", "issuer": "issuer-missing"}


def test_a_bare_proof_object_is_read_as_well():
    badge = signed_badge()
    badge["proof"] = badge["proof"][0]
    assert failing(badge) == {}


def test_an_unreachable_key_leaves_the_question_open():
    def nowhere(method, issuer):
        raise KeyNotFound("issuer-unreachable", "no answer")

    found = run(signed_badge(DID_WEB, status=None), resolve=nowhere)
    assert found["proof"] == Check(
        "proof", None, "issuer-unreachable", {"key": make_award(DID_WEB).key.verification_method}
    )
    assert found["issuer"].passed is None


def test_a_weak_key_is_refused_even_if_its_owner_publishes_it():
    weak = keys.multibase.encode(keys.PUBLIC_PREFIX + bytes([1]) + bytes(31))
    badge = signed_badge(status=None)
    found = run(badge, resolve=lambda method, issuer: KeyRecord(method, issuer, weak))
    assert found["proof"].code == "key-refused"


def test_dees_key_cannot_speak_for_lille():
    """Dee signs a badge in Lille's name with a key of her own: the signature holds, the issuer does not."""
    dee = did.key_did(OTHER_KEY.public_key())
    unsigned = {key: value for key, value in signed_badge(DID_WEB, status=None).items() if key != "proof"}
    forged = proof.sign(unsigned, OTHER_KEY, did.verification_method(dee, OTHER_KEY.public_key()), MOMENT)
    assert failing(forged) == {"issuer": "issuer-mismatch"}


def test_a_resolver_that_answers_another_key_is_not_believed():
    other = KeyRecord("did:web:x#other", DID_WEB, keys.encode_public(KEY.public_key()))
    assert (
        run(signed_badge(DID_WEB), resolve=lambda method, issuer: other)["issuer"].code == "issuer-mismatch"
    )


def test_a_withdrawn_key_no_longer_vouches():
    method = did.verification_method(DID_WEB, KEY.public_key())
    record = KeyRecord(method, DID_WEB, keys.encode_public(KEY.public_key()), may_assert=False)
    found = run(signed_badge(DID_WEB, status=None), resolve=lambda *_: record)
    assert (found["proof"].passed, found["issuer"].code) == (True, "key-withdrawn")


def test_dates_are_those_of_the_moment_asked_about():
    badge = signed_badge(valid_until=MOMENT + timedelta(days=60))
    assert failing(badge) == {}
    assert failing(badge, now=MOMENT + timedelta(days=60))["dates"] == "expired"
    assert failing(badge, now=MOMENT - timedelta(seconds=1))["dates"] == "not-yet-valid"
    assert failing(badge, now=MOMENT) == {}


@pytest.mark.parametrize(
    "dates",
    [
        {"validFrom": "2026-03-02"},
        {"validFrom": "2026-03-02T09:30:00"},
        {"validFrom": "2026-13-02T09:30:00Z"},
        {"validFrom": "99999-01-01T00:00:00Z"},
        {"validFrom": 7},
        {"validUntil": "soon"},
        {"validUntil": ["2026-03-02T09:30:00Z"]},
    ],
)
def test_dates_that_cannot_be_read_are_no_dates(dates):
    assert checks.check_dates(signed_badge() | dates, LATER).code == "dates-unreadable"


def test_a_credential_of_the_older_data_model_has_its_dates_read():
    older = {"issuanceDate": "2026-03-02T09:30:00+01:00", "expirationDate": "2026-03-03T00:00:00.123456789Z"}
    assert checks.check_dates(older, MOMENT).passed
    assert checks.check_dates(older, LATER).code == "expired"


def test_a_proof_that_has_expired_no_longer_counts():
    badge = signed_badge()
    badge["proof"][0]["expires"] = "2026-03-10T00:00:00Z"
    assert checks.check_dates(badge, LATER).code == "expired"


@pytest.mark.parametrize(("purpose", "code"), [("revocation", "revoked"), ("suspension", "suspended")])
def test_a_set_bit_revokes_or_suspends(purpose, code):
    award = make_award()
    entry = award.status.__class__(LIST_URL, 94567, purpose)
    badge = sign(make_award(status=entry))
    assert failing(badge, listing=make_list({94567}, purpose=purpose)) == {"status": code}
    assert failing(badge, listing=make_list({94566, 94568}, purpose=purpose)) == {}


def test_a_list_that_cannot_be_had_leaves_the_question_open():
    found = run(signed_badge(), fetch=lambda url: None)["status"]
    assert found == Check("status", None, "status-unreachable", {"list": LIST_URL})


def tampered_list(**subject):
    listing = make_list()
    listing["credentialSubject"] = listing["credentialSubject"] | subject
    return listing


def resigned(change):
    listing = {key: value for key, value in make_list().items() if key != "proof"}
    listing["credentialSubject"] = listing["credentialSubject"] | change
    return proof.sign(listing, KEY, did.verification_method(DID_KEY, KEY.public_key()), MOMENT)


@pytest.mark.parametrize(
    ("listing", "code"),
    [
        ({}, "status-list-malformed"),
        (make_list() | {"type": ["VerifiableCredential"]}, "status-list-malformed"),
        (make_list() | {"credentialSubject": []}, "status-list-malformed"),
        (make_list() | {"id": "https://badges.example/status/8"}, "status-list-mismatch"),
        (make_list(purpose="suspension"), "status-list-mismatch"),
        (make_list(issuer=did.key_did(OTHER_KEY.public_key()), key=OTHER_KEY), "status-list-issuer"),
        (tampered_list(encodedList=status_list.encode({1})), "status-list-proof"),
        ({key: value for key, value in make_list().items() if key != "proof"}, "status-list-proof"),
        (make_list(moment=LATER + timedelta(days=1)), "status-list-dates"),
        (resigned({"encodedList": "uAAAA"}), "status-list-unreadable"),
    ],
)
def test_a_list_is_believed_only_with_its_issuers_own_proof(listing, code):
    assert failing(signed_badge(), listing=listing) == {"status": code}


@pytest.mark.parametrize(
    ("entry", "passed", "code"),
    [
        ({"type": "1EdTechRevocationList", "id": "https://a.example/r"}, False, "status-list-issuer"),
        ({"type": "1EdTechRevocationList"}, None, "status-unreachable"),
        ({"type": "1EdTechCredentialRefresh", "id": "https://a.example/r"}, None, "status-unsupported"),
        ("text", None, "status-unsupported"),
        ({"type": "BitstringStatusListEntry"}, False, "status-malformed"),
        ({"statusListIndex": 94567}, False, "status-malformed"),
        ({"statusListIndex": "-1"}, False, "status-malformed"),
        ({"statusListIndex": "٣"}, False, "status-malformed"),
        ({"statusListIndex": "9" * 11}, False, "status-malformed"),
        ({"statusListIndex": "131072"}, False, "status-list-unreadable"),
        ({"statusPurpose": "message"}, False, "status-malformed"),
        ({"statusListCredential": ""}, False, "status-malformed"),
    ],
)
def test_an_odd_status_entry_is_named(entry, passed, code):
    badge = signed_badge()
    if isinstance(entry, dict) and "type" not in entry:
        entry = badge["credentialStatus"] | entry
    badge["credentialStatus"] = entry
    found = checks.check_status(badge, resolve, LATER, lambda url: make_list())
    assert (found.passed, found.code) == (passed, code)


def names(*entries, **changes):
    return {
        "id": "https://badges.example/revoked",
        "issuer": DID_KEY,
        "revokedCredential": list(entries),
    } | changes


BADGE_ID = make_award().credential_url


@pytest.mark.parametrize(
    ("listing", "passed", "code"),
    [
        (names(), True, "status-ok"),
        (names({"id": "https://badges.example/badges/2"}), True, "status-ok"),
        (names({"id": BADGE_ID, "revoked": False}), True, "status-ok"),
        (names(issuer={"id": DID_KEY, "type": ["Profile"]}), True, "status-ok"),
        (names({"id": BADGE_ID}), False, "revoked"),
        (names({"id": BADGE_ID, "revoked": True, "revocationReason": "Copied."}), False, "revoked-because"),
        (names({"id": BADGE_ID, "revoked": False}, {"id": BADGE_ID}), False, "revoked"),
        (names({"id": BADGE_ID, "revoked": "no", "revocationReason": 7}), False, "revoked"),
        (names(issuer=did.key_did(OTHER_KEY.public_key())), False, "status-list-issuer"),
        (names(id="https://evil.example/revoked"), False, "status-list-issuer"),
        (names(revokedCredential="none"), False, "status-list-unreadable"),
        (names(BADGE_ID), False, "status-list-unreadable"),
        ({}, False, "status-list-issuer"),
        (None, None, "status-unreachable"),
    ],
)
def test_a_list_of_names_is_read_too(listing, passed, code):
    entry = {"type": "1EdTechRevocationList", "id": "https://badges.example/revoked"}
    badge = signed_badge() | {"credentialStatus": entry}
    found = checks.check_status(badge, resolve, LATER, lambda url: listing)
    assert (found.passed, found.code) == (passed, code)


def test_of_several_entries_the_worst_decides():
    badge = signed_badge()
    badge["credentialStatus"] = [badge["credentialStatus"], {"type": "Unknown"}]
    assert checks.check_status(badge, resolve, LATER, lambda url: make_list()).code == "status-unsupported"
    assert checks.check_status(badge, resolve, LATER, lambda url: make_list({94567})).code == "revoked"
