"""Open Badges 2.0: what a website or a signature vouches for is accepted, every spoiled copy is refused."""

import copy
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.openbadges import jws, parsing, recipient
from badges.openbadges.keys import BadKey
from badges.openbadges.v2 import addresses, checks, documents, pem
from badges.openbadges.v2.checks import Unreachable
from tests.openbadges import older
from tests.openbadges.older import ASSERTION, BADGE, ISSUER, KEY, REVOCATIONS, SITE

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAMES = ["structure", "context", "proof", "issuer", "dates", "status"]


def judge_hosted(document=None, *, now=NOW, **site):
    given = older.assertion() if document is None else document
    fetch = older.fetch_from(older.website() | site)
    return {one.name: one for one in checks.run(given, None, fetch=fetch, now=now).checks}


def judge_signed(text=None, *, now=NOW, **site):
    taken = jws.read(older.signed() if text is None else text)
    fetch = older.fetch_from(older.website() | site)
    found = checks.run(parsing.parse(taken.payload), taken, fetch=fetch, now=now)
    return {one.name: one for one in found.checks}


def failing(found):
    return {name: (one.passed, one.code) for name, one in found.items() if not one.passed}


# --- What holds ------------------------------------------------------------------------------------------


def test_a_hosted_badge_passes_every_check():
    found = judge_hosted()
    assert list(found) == NAMES
    assert failing(found) == {}
    assert found["proof"].values == {"host": "badges.mons.example"}


@pytest.mark.parametrize("key", [older.EC_KEY, older.rsa_key()], ids=["ES256", "RS256"])
def test_a_signed_badge_passes_every_check(key):
    found = judge_signed(older.signed(key=key), **{KEY: older.key_document(key)})
    assert list(found) == NAMES
    assert failing(found) == {}


@pytest.mark.parametrize(
    "spelling",
    [
        {"verification": {"type": "HostedBadge"}},
        {"verification": {"type": ["VerificationObject", "HostedBadge"]}},
        {"type": ["Assertion"]},
        {"@context": [documents.CONTEXT, "https://openbadgespec.org/extensions/x/context.json"]},
        {"recipient": {"type": "email", "hashed": False, "identity": "ada@demo.example"}},
    ],
)
def test_the_spellings_of_the_standard_are_read(spelling):
    document = older.assertion(**spelling)
    assert failing(judge_hosted(document, **{ASSERTION: document})) == {}


def test_a_hosted_badge_may_bring_its_class_along():
    brought = older.assertion(badge=older.badge_class())
    assert failing(judge_hosted(brought)) == {}
    assert failing(judge_hosted(brought, **{ASSERTION: brought})) == {}
    with_issuer = older.assertion(badge=older.badge_class(issuer=older.issuer()))
    assert failing(judge_hosted(with_issuer)) == {}


def test_a_signed_badge_may_hold_its_class_and_name_no_key():
    whole = older.assertion("signed", badge=older.badge_class(), verification={"type": "SignedBadge"})
    assert failing(judge_signed(older.signed(whole), **{BADGE: None})) == {}


def test_a_key_may_stand_in_its_issuers_profile():
    profile = older.issuer(publicKey=[older.key_document(), f"{SITE}/keys/2"])
    assert failing(judge_signed(**{KEY: None, ISSUER: profile})) == {}


# --- Hosted: what is refused ------------------------------------------------------------------------------

ELSEWHERE = "https://evil.example/assertions/1"
TAMPERED = {
    "another recipient": (
        {"recipient": {"type": "email", "hashed": False, "identity": "dee@demo.example"}},
        "proof",
    ),
    "another salt": ({"recipient": older.assertion()["recipient"] | {"salt": "pepper"}}, "proof"),
    "another badge": ({"badge": f"{SITE}/badges/wizardry"}, "proof"),
    "an earlier date": ({"issuedOn": "2020-05-01T09:00:00Z"}, "proof"),
    "a longer validity": ({"expires": "2099-05-01T09:00:00Z"}, "proof"),
    "other evidence": ({"evidence": "https://evil.example/mine"}, "proof"),
    "another narrative": ({"narrative": "Is a genius."}, "proof"),
    "a word more": ({"grade": "summa cum laude"}, "proof"),
    "an image more": ({"image": "https://evil.example/i.png"}, "proof"),
    "meant to be signed": ({"verification": {"type": "signed"}}, "proof"),
    "no verification": ({"verification": {}}, "structure"),
    "another type": ({"type": "Endorsement"}, "structure"),
    "another context": ({"@context": "https://evil.example/v2"}, "context"),
    "words of its own": ({"@context": [documents.CONTEXT, {"badge": "urn:x"}]}, "context"),
    "another name in what it brings": ({"badge": older.badge_class(name="Wizardry")}, "proof"),
    "another issuer in what it brings": (
        {"badge": older.badge_class(issuer="https://evil.example/i")},
        "proof",
    ),
    "a word more in what it brings": ({"badge": older.badge_class(tags=["genius"])}, "proof"),
    "not revoked": ({"revoked": False}, "proof"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_hosted_badge_fails_at_the_right_check(name):
    changes, wrong = TAMPERED[name]
    found = judge_hosted(older.assertion(**changes))
    assert found[wrong].passed is False


@pytest.mark.parametrize("member", sorted(set(older.assertion()) - {"@context"}))
def test_a_hosted_badge_without_one_of_its_words_is_refused(member):
    document = older.assertion()
    del document[member]
    assert any(one.passed is False for one in judge_hosted(document).values())


def test_another_website_cannot_speak_for_mons():
    forged = older.assertion(id=ELSEWHERE)
    found = judge_hosted(forged, **{ELSEWHERE: forged})
    assert failing(found) == {"issuer": (False, "v2-scope")}


def test_another_website_cannot_speak_for_mons_by_a_class_of_its_own():
    own_class = "https://evil.example/badge"
    forged = older.assertion(id=ELSEWHERE, badge=own_class)
    site = {ELSEWHERE: forged, own_class: older.badge_class(id=own_class)}
    assert failing(judge_hosted(forged, **site)) == {"issuer": (False, "v2-scope")}


def test_an_issuer_that_says_it_is_another_is_refused():
    found = judge_hosted(**{ISSUER: older.issuer(id="https://lille.example/issuer")})
    assert found["issuer"].code == "v2-elsewhere" and found["issuer"].passed is False


@pytest.mark.parametrize(
    ("verification", "address", "speaks"),
    [
        ({}, ASSERTION, True),
        ({}, "https://badges.mons.example.evil.example/1", False),
        ({}, "https://badges.mons.example:8443/1", False),
        ({}, "https://badges.mons.example:443/1", True),
        ({}, "http://badges.mons.example/1", False),
        ({}, "https://badges.mons.example@evil.example/1", False),
        ({}, "https://badges.mons.example\\@evil.example/1", False),
        ({}, "https://badges.mons.example/a/../1", False),
        ({}, "https://badges.mons.example/a/%2e%2e/1", False),
        ({}, "https://badges.mons.example/a b", False),
        ({}, "https://[half", False),
        ({}, "urn:uuid:1", False),
        ({"startsWith": f"{SITE}/assertions/"}, ASSERTION, True),
        ({"startsWith": f"{SITE}/others/"}, ASSERTION, False),
        ({"startsWith": [f"{SITE}/others/", f"{SITE}/assertions/"]}, ASSERTION, True),
        ({"startsWith": "https://badges.mons"}, ASSERTION, False),
        ({"startsWith": "https://host.example/mons/"}, "https://host.example/mons/1", True),
        ({"startsWith": "https://host.example/mons/"}, ASSERTION, False),
        ({"allowedOrigins": "host.example"}, "https://host.example/1", True),
        ({"allowedOrigins": ["https://host.example"]}, "https://host.example/1", True),
        ({"allowedOrigins": ["host.example"]}, "https://evil.host.example/1", False),
        ({"allowedOrigins": ["host.example"]}, ASSERTION, False),
        ({"allowedOrigins": ["host.example"], "startsWith": f"{SITE}/"}, "https://host.example/1", False),
        ({"allowedOrigins": [7, None], "startsWith": 7}, ASSERTION, True),
    ],
)
def test_an_issuer_speaks_for_its_own_host_or_for_what_it_names(verification, address, speaks):
    profile = documents.Profile(older.issuer(verification=verification))
    assert addresses.speaks_for(profile, address) is speaks


@pytest.mark.parametrize(
    ("site", "name", "passed", "code"),
    [
        ({ASSERTION: None}, "proof", False, "v2-absent"),
        ({ASSERTION: Unreachable("website-silent")}, "proof", None, "website-silent"),
        ({ASSERTION: Unreachable("website-silent")}, "status", None, "v2-status-unknown"),
        ({ASSERTION: Unreachable("v2-gone", gone=True)}, "status", False, "revoked"),
        ({ASSERTION: Unreachable("v2-not-fetched")}, "proof", None, "v2-not-fetched"),
        ({BADGE: None}, "issuer", False, "v2-absent"),
        ({BADGE: Unreachable("v2-not-fetched")}, "issuer", None, "v2-not-fetched"),
        ({BADGE: older.badge_class(id="https://x.example")}, "issuer", False, "v2-elsewhere"),
        ({BADGE: older.badge_class(criteria="")}, "structure", False, "v2-missing"),
        ({BADGE: older.badge_class(issuer={})}, "structure", False, "v2-missing"),
        ({BADGE: older.badge_class(issuer=f"{SITE}/other")}, "issuer", False, "v2-absent"),
        ({ISSUER: Unreachable("website-silent")}, "issuer", None, "website-silent"),
        ({ISSUER: older.issuer(type="Person")}, "structure", False, "v2-missing"),
        ({ASSERTION: older.assertion(revoked=True)}, "status", False, "revoked"),
        ({ASSERTION: older.assertion(revoked="yes")}, "status", False, "revoked"),
        (
            {ASSERTION: older.assertion(revoked=True, revocationReason="A mistake.")},
            "status",
            False,
            "revoked-because",
        ),
    ],
)
def test_what_the_website_does_not_say_is_told_apart_from_what_it_denies(site, name, passed, code):
    found = judge_hosted(**site)[name]
    assert (found.passed, found.code) == (passed, code)


@pytest.mark.parametrize(
    "address", ["http://badges.mons.example/assertions/1", "urn:uuid:1", "/assertions/1"]
)
def test_an_assertion_without_an_https_address_is_not_asked_for(address):
    found = judge_hosted(older.assertion(id=address))
    assert (found["proof"].passed, found["proof"].code) == (None, "v2-address")
    assert found["issuer"].passed is False


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"expires": "2025-01-01T00:00:00Z"}, "expired"),
        ({"issuedOn": "2027-01-01T00:00:00Z"}, "not-yet-valid"),
        ({"issuedOn": "2024-05-01"}, "dates-unreadable"),
        ({"issuedOn": 1714554000}, "dates-unreadable"),
        ({"expires": None}, "dates-unreadable"),
    ],
)
def test_dates_are_checked(changes, code):
    document = older.assertion(**changes)
    assert judge_hosted(document, **{ASSERTION: document})["dates"].code == code


# --- Signed: what is refused ------------------------------------------------------------------------------

SIGNED = {
    "another key": ({}, {}, older.OTHER_EC_KEY, {"proof": (False, "proof-signature")}),
    "a key that Mons does not name": (
        {},
        {ISSUER: older.issuer(publicKey=f"{SITE}/keys/2")},
        older.EC_KEY,
        {"issuer": (False, "v2-key-unknown")},
    ),
    "a key of somebody else": (
        {},
        {KEY: older.key_document(owner="https://evil.example/issuer")},
        older.EC_KEY,
        {"issuer": (False, "v2-key-owner")},
    ),
    "a key under another name": (
        {},
        {KEY: older.key_document(id="https://evil.example/key")},
        older.EC_KEY,
        {"issuer": (False, "v2-key-owner")},
    ),
    "a key that is gone": (
        {},
        {KEY: None},
        older.EC_KEY,
        {"proof": (None, "v2-absent"), "issuer": (None, "v2-absent")},
    ),
    "a private key": (
        {},
        {
            KEY: older.key_document(
                publicKeyPem="-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
            )
        },
        older.EC_KEY,
        {"proof": (False, "key-refused")},
    ),
    "no key at all": (
        {"verification": {"type": "signed"}},
        {ISSUER: older.issuer(publicKey=[])},
        older.EC_KEY,
        {"proof": (False, "key-missing"), "issuer": (False, "v2-key-unknown")},
    ),
    "meant to be hosted": (
        {"verification": {"type": "hosted"}},
        {},
        older.EC_KEY,
        {"proof": (False, "v2-not-meant-signed")},
    ),
    "revoked by id": (
        {},
        {REVOCATIONS: older.revocations(older.assertion("signed")["id"])},
        older.EC_KEY,
        {"status": (False, "revoked")},
    ),
    "revoked with a reason": (
        {},
        {
            REVOCATIONS: older.revocations(
                {"id": older.assertion("signed")["id"], "revocationReason": "Copied."}
            )
        },
        older.EC_KEY,
        {"status": (False, "revoked-because")},
    ),
    "revoked by uid": (
        {},
        {REVOCATIONS: older.revocations({"uid": older.assertion("signed")["id"]})},
        older.EC_KEY,
        {"status": (False, "revoked")},
    ),
    "a list of somebody else": (
        {},
        {REVOCATIONS: older.revocations(issuer="https://evil.example/issuer")},
        older.EC_KEY,
        {"status": (False, "status-list-issuer")},
    ),
    "a list that is no list": (
        {},
        {REVOCATIONS: older.revocations(revokedAssertions="none")},
        older.EC_KEY,
        {"status": (False, "status-list-issuer")},
    ),
    "a silent list": (
        {},
        {REVOCATIONS: Unreachable("website-silent")},
        older.EC_KEY,
        {"status": (None, "status-unreachable")},
    ),
    "a silent issuer": (
        {},
        {ISSUER: Unreachable("v2-not-fetched")},
        older.EC_KEY,
        {
            "proof": (None, "v2-not-fetched"),
            "issuer": (None, "v2-not-fetched"),
            "status": (None, "v2-status-unknown"),
        },
    ),
}


@pytest.mark.parametrize("name", SIGNED)
def test_a_spoiled_signed_badge_fails_at_the_right_check(name):
    changes, site, key, expected = SIGNED[name]
    assert failing(judge_signed(older.signed(older.assertion("signed", **changes), key), **site)) == expected


def test_an_issuer_without_a_list_revokes_nothing():
    profile = older.issuer()
    del profile["revocationList"]
    assert judge_signed(**{ISSUER: profile})["status"].code == "status-none"


def test_other_entries_of_the_list_are_of_others():
    listed = older.revocations("urn:uuid:other", {"id": "urn:uuid:else"}, 7, None)
    assert failing(judge_signed(**{REVOCATIONS: listed})) == {}


def test_the_same_assertion_without_its_signature_is_refused():
    assert judge_hosted(older.assertion("signed"))["proof"].code == "proof-missing"


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_flipped_byte_of_a_signed_badge_is_noticed(data):
    head, payload, signature = older.signed().split(".")
    body = f"{payload}.{signature}"
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from("AQgwZz059-_").filter(lambda one: one != body[place]))
    spoiled = f"{head}.{body[:place]}{other}{body[place + 1 :]}"
    try:
        found = judge_signed(spoiled)
    except (jws.JwsError, parsing.ParseError):
        return
    assert any(one.passed is False for one in found.values())


@settings(deadline=None, max_examples=200)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from([ASSERTION, BADGE, ISSUER, KEY, REVOCATIONS]),
    st.sampled_from(sorted(set(older.assertion()) | set(older.issuer()) | set(older.key_document()))),
)
def test_odd_documents_get_answers_and_no_exception(odd, address, member):
    site = older.website()
    site[address] = site[address] | {member: odd}
    assert list(judge_hosted(site[ASSERTION], **site)) == NAMES
    assert list(judge_signed(**site)) == NAMES


# --- Keys, versions, holders ------------------------------------------------------------------------------


def _rsa(bits, exponent=65537):
    return older.pem(rsa.generate_private_key(exponent, bits))


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        older.pem(older.EC_KEY) * 2,
        "x" + older.pem(older.EC_KEY),
        older.pem(older.EC_KEY).replace("\n", " ", 1) + "x",
        _rsa(1024),
        _rsa(2048, 3),
        older.pem(ec.generate_private_key(ec.SECP384R1())),
        "-----BEGIN PUBLIC KEY-----\n" + "A" * 9000 + "\n-----END PUBLIC KEY-----",
    ],
)
def test_only_a_sound_public_key_is_read(text):
    with pytest.raises(BadKey):
        pem.decode(text)


@pytest.mark.parametrize(
    ("document", "version"),
    [
        (older.assertion(), 2),
        ({"@context": ["x", documents.CONTEXT]}, 2),
        ({"@context": "https://w3id.org/openbadges/v1"}, 1),
        ({"uid": "1", "recipient": {}, "badge": "https://x.example", "verify": {}}, 1),
        ({"recipient": "a", "badge": {}}, 1),
        ({"@context": ["https://www.w3.org/ns/credentials/v2"], "badge": 1, "recipient": 1}, None),
        ({"badge": 1}, None),
        ({"@context": {}}, None),
        ({}, None),
    ],
)
def test_versions_are_told_apart(document, version):
    assert documents.version_of(document) == version


@pytest.mark.parametrize(
    ("changes", "email", "passed"),
    [
        ({}, "ada@demo.example", True),
        ({}, " Ada@Demo.example ", True),
        ({}, "dee@demo.example", False),
        ({"type": "email", "hashed": False, "identity": "ada@demo.example"}, "ADA@demo.example", True),
        ({"type": "email", "hashed": False, "identity": "ada@demo.example"}, "dee@demo.example", False),
        ({"type": "telephone", "hashed": False, "identity": "+3265"}, "ada@demo.example", None),
        ({"type": "email", "hashed": True, "identity": 7}, "ada@demo.example", False),
    ],
)
def test_whose_it_is_can_be_asked(changes, email, passed):
    document = older.assertion(**({"recipient": changes} if changes else {}))
    assert recipient.check(document, email).passed is passed


def test_documents_are_left_as_they_were():
    document, site = older.assertion(), older.website()
    before = copy.deepcopy((document, site))
    checks.run(document, None, fetch=lambda address: site[address], now=NOW)
    assert (document, site) == before
