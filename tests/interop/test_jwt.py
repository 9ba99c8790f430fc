"""jose, an independent implementation of JWT, verifies our badges, and we verify those that it signs."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from jsonschema import Draft201909Validator, FormatChecker

from badges.identifying import jwt_public_half
from badges.openbadges import checks, did, jwk, jws, jwt_checks, parsing, vc_jwt
from badges.rotating import rotate_key
from badges.verifying import verify
from tests.interop import node
from tests.interop.cases import ALGORITHMS, JWT_TAMPERINGS, ONLY_OURS
from tests.interop.test_issued_badges import served
from tests.openbadges.awards import MOMENT, open_badges_schema
from tests.openbadges.jwts import claims_of, signed_jwt, unsigned

pytestmark = pytest.mark.interop


@pytest.fixture(autouse=True)
def verifiers():
    node.need_verifiers()


@pytest.fixture
def ask(client, site, issued):
    """The answers of jose, which gets the keys that the product serves to anybody."""

    def ask(tokens):
        keys = served(client, f"{site}/issuers/lille/jwks.json", site)
        now = timezone.now().timestamp() + 1
        return node.run({"mode": "verify", "keys": keys, "now": now, "tokens": tokens}, "jwt.mjs")

    return ask


def test_what_the_worker_issued_is_accepted_by_jose(ask, client, site, issued):
    text = client.get(f"/badges/{issued.pk}.jwt", secure=site.startswith("https:")).content.decode()
    answer = ask({"issued": text})["issued"]
    assert answer["verified"], answer["why"]
    claims = answer["claims"]
    assert claims == parsing.parse(jws.read(text).payload)
    assert claims["iss"] == claims["issuer"]["id"]
    assert claims["jti"] == claims["id"] and claims["sub"] == claims["credentialSubject"]["id"]
    assert claims["iss"].startswith("did:web:" if site.startswith("https:") else "did:key:zDn")
    assert verify(text).verified
    schema = Draft201909Validator(open_badges_schema(), format_checker=FormatChecker())
    assert [error.message for error in schema.iter_errors(claims)] == []


def test_every_tampered_copy_of_it_is_refused_by_both(ask, issued):
    copies = {name: change(issued.jwt) for name, change in JWT_TAMPERINGS.items()}
    answers = ask(copies)
    assert len(copies) >= 30 and issued.jwt not in copies.values()
    for name, text in copies.items():
        assert not verify(text).verified, name
        assert not answers[name]["verified"], name


def test_after_the_key_was_replaced_both_still_verify(ask, issued, organisation):
    rotate_key(organisation, by=None)
    assert ask({"older": issued.jwt})["older"]["verified"]
    assert verify(issued.jwt).verified


def test_the_thumbprint_in_the_did_document_is_that_of_jose(issued, site):
    key = jwk.encode(jwt_public_half(issued.jwt_key))
    (theirs,) = node.run({"mode": "thumbprints", "keys": [key]}, "jwt.mjs")
    assert jwk.thumbprint(key) == theirs


def ours(text):
    """The verdict of our checks on a badge of an issuer elsewhere."""
    try:
        badge = vc_jwt.read(text)
    except (jws.JwsError, parsing.ParseError):
        return False
    found = jwt_checks.run(badge, resolve=resolve, now=MOMENT + timedelta(days=1), fetch_list=pytest.fail)
    return all(check.passed for check in found)


def resolve(method, issuer):
    if not method.startswith(did.JWK_PREFIX):
        raise did.KeyNotFound("issuer-kind", "no did:jwk")
    return did.resolve_jwk_did(method)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_badge_signed_by_jose_is_verified_by_us_and_its_tampered_copies_are_not(algorithm):
    claims = claims_of(signed_jwt(status=None))
    text = node.run({"mode": "issue", "algorithm": algorithm, "claims": claims}, "jwt.mjs")
    assert jws.read(text).header["alg"] == algorithm
    assert checks.issuer_id(vc_jwt.read(text).credential).startswith("did:jwk:")
    assert ours(text)
    for name in JWT_TAMPERINGS.keys() - ONLY_OURS:
        changed = JWT_TAMPERINGS[name](text)
        assert changed != text and not ours(changed), name


def test_the_badge_of_jose_is_the_badge_we_built():
    text = node.run({"mode": "issue", "algorithm": "ES256", "claims": claims_of(signed_jwt())}, "jwt.mjs")
    built = json.loads(parsing.serialise(unsigned()))
    found = vc_jwt.read(text).credential
    assert {name: found[name] for name in built if name != "issuer"} == {
        name: value for name, value in built.items() if name != "issuer"
    }
