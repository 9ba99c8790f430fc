"""A badge in JWT form: what the specification asks of it, and each check that can fail alone."""

import copy
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings

from badges.openbadges import (
    base64url,
    contexts,
    credential,
    did,
    jwk,
    jws,
    jwt_checks,
    keys,
    parsing,
    proof,
    status_list,
    vc_jwt,
)
from badges.openbadges.cohort import Cohort
from badges.openbadges.status_list import StatusListDefinition
from badges.openbadges.vc_jwt import JwtSigner
from tests.openbadges.awards import DID_WEB, KEY, LIST_URL, MOMENT, OTHER_KEY, make_award, sign
from tests.openbadges.generated import awards
from tests.openbadges.jwts import (
    DID_KEY_P256,
    JWT_KEY,
    OTHER_JWT_KEY,
    claims_of,
    document,
    record,
    resolve,
    sign_claims,
    signed_jwt,
    unsigned,
)

LATER = MOMENT + timedelta(days=30)
NAMES = ("structure", "context", "proof", "issuer", "dates", "status")


def run(text, *, resolve=resolve, now=LATER, revoked=()):
    definition = StatusListDefinition(LIST_URL, DID_WEB, "revocation", MOMENT, frozenset(revoked))
    method = did.verification_method(DID_WEB, KEY.public_key())
    listing = proof.sign(status_list.build(definition), KEY, method, MOMENT)
    found = jwt_checks.run(vc_jwt.read(text), resolve=resolve, now=now, fetch_list=lambda url: listing)
    return {check.name: check for check in found}


def failing(text, **means):
    return {name: check.code for name, check in run(text, **means).items() if not check.passed}


def test_it_is_the_credential_with_the_claims_of_the_specification():
    text = signed_jwt(valid_until=LATER)
    read = jws.read(text)
    assert read.header == {"alg": "ES256", "typ": "JWT", "kid": record().verification_method}
    claims = parsing.parse(read.payload)
    badge = unsigned(valid_until=LATER)
    assert {name: claims[name] for name in badge} == badge
    assert {name: claims[name] for name in claims.keys() - badge.keys()} == {
        "iss": badge["issuer"]["id"],
        "jti": badge["id"],
        "sub": badge["credentialSubject"]["id"],
        "nbf": int(MOMENT.timestamp()),
        "exp": int(LATER.timestamp()),
    }
    assert "exp" not in claims_of(signed_jwt())


@pytest.mark.parametrize("issuer", [DID_WEB, DID_KEY_P256])
def test_a_sound_badge_passes_every_check(issuer):
    found = run(signed_jwt(issuer, status=None))
    assert tuple(found) == NAMES
    assert [check.passed for check in found.values()] == [True] * 6


def test_the_status_list_counts_for_it_too():
    assert failing(signed_jwt()) == {}
    assert failing(signed_jwt(), revoked={make_award().status.index}) == {"status": "revoked"}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(awards())
def test_any_award_survives_signing_and_reading(award):
    """Arbitrary texts, control characters and odd addresses included."""
    text = Cohort(KEY, KEY.public_key()).jwt(award.to_json(), JwtSigner(JWT_KEY, record()))
    badge = vc_jwt.read(text)
    expected = credential.build(award)
    assert badge.credential["credentialSubject"] == expected["credentialSubject"]
    assert badge.credential["issuer"] == {**expected["issuer"], "id": DID_WEB}
    assert vc_jwt.contradictions(badge) == []
    vc_jwt.verify(badge, record())


CHANGES = {
    "iss": {"iss": "did:web:evil.example"},
    "iss of another spelling": {"iss": DID_WEB.upper()},
    "jti": {"jti": "https://badges.example/badges/2"},
    "sub": {"sub": "urn:uuid:99999999-9999-4999-8999-999999999999"},
    "nbf": {"nbf": int(MOMENT.timestamp()) - 60},
    "nbf of text": {"nbf": str(int(MOMENT.timestamp()))},
    "nbf of truth": {"nbf": True},
    "exp": {"exp": int(LATER.timestamp()) + 3600},
    "exp at the end of time": {"exp": 2**53 - 1},
    "validFrom": {"validFrom": "2020-01-01T00:00:00Z"},
    "validUntil": {"validUntil": "2099-01-01T00:00:00Z"},
}
CLAIM_OF = {"validFrom": "nbf", "validUntil": "exp"}


@pytest.mark.parametrize("name", CHANGES)
def test_a_claim_that_says_something_else_than_the_badge_is_named(name):
    claims = claims_of(signed_jwt(valid_until=LATER)) | CHANGES[name]
    found = run(sign_claims(claims), now=MOMENT + timedelta(days=1))
    claim = CLAIM_OF.get(name, name.partition(" ")[0])
    assert found["proof"].passed
    assert (found["structure"].code, found["structure"].values) == ("jwt-claims", {"claims": claim})


@pytest.mark.parametrize("claim", ["iss", "jti", "sub", "nbf", "exp"])
def test_a_claim_that_is_missing_is_named(claim):
    claims = claims_of(signed_jwt(valid_until=LATER))
    del claims[claim]
    assert run(sign_claims(claims))["structure"].values == {"claims": claim}


def test_fractions_of_a_second_are_no_contradiction():
    claims = claims_of(signed_jwt()) | {"validFrom": "2026-03-02T10:30:00.987654+01:00"}
    assert failing(sign_claims(claims)) == {}


def test_the_end_that_exp_alone_gives_counts():
    claims = claims_of(signed_jwt()) | {"exp": int(LATER.timestamp())}
    assert failing(sign_claims(claims), now=LATER - timedelta(seconds=1)) == {}
    assert failing(sign_claims(claims), now=LATER) == {"dates": "expired"}
    assert failing(sign_claims(claims | {"exp": 2**53 - 1}))["structure"] == "jwt-claims"


def test_before_nbf_it_is_not_valid():
    assert failing(signed_jwt(), now=MOMENT - timedelta(seconds=1))["dates"] == "not-yet-valid"


def test_the_older_form_with_the_claim_vc_is_read():
    badge = unsigned()
    registered = {name: claims_of(signed_jwt())[name] for name in ("iss", "jti", "sub", "nbf")}
    assert failing(sign_claims(registered | {"vc": badge})) == {}
    assert failing(sign_claims(registered | {"vc": badge | {"name": "Other", "id": "urn:x"}})) == {
        "structure": "jwt-claims"
    }


@pytest.mark.parametrize("wrapped", [7, [], None, "text"])
def test_two_credentials_or_none_are_refused(wrapped):
    with pytest.raises(vc_jwt.Ambiguous):
        vc_jwt.read(sign_claims({"vc": wrapped}))
    with pytest.raises(vc_jwt.Ambiguous):
        vc_jwt.read(sign_claims(unsigned() | {"vc": unsigned()}))


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (b'{"iss":"a","iss":"b"}', parsing.DuplicateKey),
        (b'{"credentialSubject":{"id":1,"id":2}}', parsing.DuplicateKey),
        (b'{"a":' * 40 + b"1" + b"}" * 40, parsing.TooDeep),
        (b'{"a":"' + b"x" * parsing.MAX_BYTES + b'"}', parsing.TooLarge),
        (b'{"a":NaN}', parsing.NumberRefused),
        (b'{"exp":1e999}', parsing.NumberRefused),
        (b"[]", parsing.NotAnObject),
        (b"\xff", parsing.NotText),
        (b"not json", parsing.ParseError),
    ],
)
def test_a_payload_that_can_be_read_in_two_ways_is_refused(payload, error):
    with pytest.raises(error):
        vc_jwt.read(sign_claims(payload))


# --- Keys ------------------------------------------------------------------------------------------------


def test_the_key_of_somebody_else_signs_nothing_for_lille():
    claims = claims_of(signed_jwt())
    assert failing(sign_claims(claims, OTHER_JWT_KEY)) == {"proof": "proof-signature"}
    dee = did.key_did(OTHER_JWT_KEY.public_key())
    named = f"{dee}#{dee.removeprefix(did.KEY_PREFIX)}"
    assert failing(sign_claims(claims, OTHER_JWT_KEY, kid=named)) == {"issuer": "issuer-mismatch"}


def test_the_key_for_embedded_proofs_signs_no_jwt():
    kid = did.verification_method(DID_WEB, KEY.public_key())
    assert failing(sign_claims(claims_of(signed_jwt()), kid=kid)) == {"proof": "proof-signature"}


def test_a_kid_may_be_relative_to_the_issuer():
    fragment = record().verification_method.partition("#")[2]
    assert failing(sign_claims(claims_of(signed_jwt()), kid=f"#{fragment}")) == {}
    assert failing(sign_claims(claims_of(signed_jwt()), kid="#other")) == {
        "proof": "key-not-found",
        "issuer": "key-not-found",
    }


@pytest.mark.parametrize("kid", ["", None])
def test_without_a_key_nobody_signed(kid):
    found = failing(sign_claims(claims_of(signed_jwt()), kid=kid))
    assert found == {"proof": "key-missing", "issuer": "issuer-missing"}


def test_a_key_in_the_header_proves_no_issuer():
    found = run(sign_claims(claims_of(signed_jwt()), kid=None, jwk=jwk.encode(JWT_KEY.public_key())))
    assert found["proof"].passed
    assert (found["issuer"].passed, found["issuer"].code) == (None, "issuer-key-embedded")


def test_a_key_in_the_header_proves_an_issuer_whose_did_is_that_key():
    claims = claims_of(signed_jwt(DID_KEY_P256, status=None))
    assert failing(sign_claims(claims, kid=None, jwk=jwk.encode(JWT_KEY.public_key()))) == {}
    forged = sign_claims(claims, OTHER_JWT_KEY, kid=None, jwk=jwk.encode(OTHER_JWT_KEY.public_key()))
    assert failing(forged) == {"issuer": "issuer-key-embedded"}


def test_kid_goes_before_a_key_in_the_header():
    text = sign_claims(claims_of(signed_jwt()), OTHER_JWT_KEY, jwk=jwk.encode(OTHER_JWT_KEY.public_key()))
    assert failing(text) == {"proof": "proof-signature"}


def test_a_private_or_weak_key_in_the_header_is_refused():
    for held in (
        jwk.encode(JWT_KEY.public_key()) | {"d": "AQ"},
        {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(b"\1" + bytes(31))},
    ):
        for issuer in (DID_WEB, DID_KEY_P256):
            found = run(sign_claims(claims_of(signed_jwt(issuer, status=None)), kid=None, jwk=held))
            assert found["proof"].code == "key-refused"
            assert not found["issuer"].passed


def did_jwk_of(held):
    return did.JWK_PREFIX + base64url.encode(parsing.serialise(held).encode())


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_issuers_elsewhere_may_sign_by_each_algorithm(algorithm):
    """With did:jwk, which holds any key; RS256 is the least that the specification asks for."""
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = rsa_key.public_key().public_numbers()
    modulus = base64url.encode(numbers.n.to_bytes(256, "big"))
    edwards = base64url.encode(OTHER_KEY.public_key().public_bytes_raw())
    held = {
        "ES256": jwk.encode(OTHER_JWT_KEY.public_key()),
        "EdDSA": {"kty": "OKP", "crv": "Ed25519", "x": edwards},
        "RS256": {"kty": "RSA", "n": modulus, "e": "AQAB"},
    }[algorithm]
    issuer = did_jwk_of(held)
    badge = unsigned(status=None)
    claims = {**badge, "issuer": {**badge["issuer"], "id": issuer}, "iss": issuer, "jti": badge["id"]}
    claims |= {"sub": badge["credentialSubject"]["id"], "nbf": MOMENT.timestamp()}
    head = base64url.encode(
        parsing.serialise({"alg": algorithm, "kid": f"{issuer}#0", "typ": "vc+jwt"}).encode()
    )
    signed = f"{head}.{base64url.encode(parsing.serialise(claims).encode())}"
    text = f"{signed}.{base64url.encode(signature_by(algorithm, rsa_key, signed.encode()))}"
    assert failing(text) == {}
    tampered = text.replace(
        text.split(".")[1], base64url.encode(parsing.serialise(claims | {"name": "x"}).encode())
    )
    assert failing(tampered) == {"proof": "proof-signature"}


def signature_by(algorithm, rsa_key, signed):
    if algorithm == "EdDSA":
        return OTHER_KEY.sign(signed)
    if algorithm == "RS256":
        return rsa_key.sign(signed, jws.padding.PKCS1v15(), jws.hashes.SHA256())
    der = OTHER_JWT_KEY.sign(signed, jws.ec.ECDSA(jws.hashes.SHA256()))
    return b"".join(half.to_bytes(32, "big") for half in jws.utils.decode_dss_signature(der))


def test_a_key_that_no_longer_vouches_is_told():
    withdrawn = document()
    withdrawn["assertionMethod"] = withdrawn["assertionMethod"][:1]
    found = run(signed_jwt(), resolve=lambda method, issuer: did.find_in_document(withdrawn, method))
    assert found["issuer"].code == "key-withdrawn"


# --- Signing ---------------------------------------------------------------------------------------------


def test_nothing_is_returned_that_the_published_key_does_not_verify():
    with pytest.raises(proof.ProofInvalid):
        JwtSigner(OTHER_JWT_KEY, record()).text(unsigned())
    with pytest.raises(keys.BadKey):
        JwtSigner(JWT_KEY, did.KeyRecord("", DID_WEB, "zDnNoKey")).text(unsigned())


def test_what_cannot_be_secured_as_jwt_is_not_signed():
    nobody = unsigned()
    del nobody["credentialSubject"]["id"]
    for document_ in (nobody, sign(make_award())):
        with pytest.raises(proof.CannotSign):
            JwtSigner(JWT_KEY, record()).text(document_)


def test_each_signing_gives_another_text_of_the_same_badge():
    one, other = signed_jwt(), signed_jwt()
    assert one != other and one.rpartition(".")[0] == other.rpartition(".")[0]


def test_no_byte_of_a_badge_may_change():
    """Every mutant of a genuine badge is refused, or it reads as the very same badge."""
    text = signed_jwt()
    for at in range(0, len(text), 37):
        for letter in "Az_.":
            mutant = text[:at] + letter + text[at + 1 :]
            if mutant == text:
                continue
            try:
                found = failing(mutant)
            except (jws.JwsError, parsing.ParseError):
                continue
            assert found, at


def test_a_word_of_no_context_is_under_the_signature_all_the_same():
    claims = copy.deepcopy(claims_of(signed_jwt())) | {
        "@context": [contexts.CREDENTIALS, "https://evil.example/c"]
    }
    assert failing(sign_claims(claims)) == {"context": "unknown-context"}
