"""P-256 keys and JSON Web Keys: spelled as the standards spell them, weak and private ones refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from badges.openbadges import base64url, did, jwk, keys, multibase, p256
from tests.openbadges.jwts import DID_KEY_P256, JWT_KEY
from tests.openbadges.test_jws import ES256_KEY, RS256_KEY, VECTORS

KEK = bytes(range(32))
# did:key method, test vectors of P-256: the identifier and the same key as JWK.
DID_KEYS = {
    "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169": (
        "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
        "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU",
    ),
    "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv": (
        "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns",
        "efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM",
    ),
}


@pytest.mark.parametrize("multikey", DID_KEYS)
def test_the_p256_vectors_of_did_key_are_read_and_written(multikey):
    x, y = DID_KEYS[multikey]
    record = did.resolve_key_did(f"did:key:{multikey}#{multikey}")
    key = p256.decode_public(record.multikey)
    assert jwk.encode(key) == {"kty": "EC", "crv": "P-256", "x": x, "y": y}
    assert p256.encode_public(key) == multikey
    assert did.key_did(key) == record.controller
    assert did.jwk_record(record.controller, key).verification_method == record.verification_method


@pytest.mark.parametrize("multikey", DID_KEYS)
def test_no_letter_of_such_a_did_key_may_change(multikey):
    key = p256.decode_public(multikey)
    for at in range(1, len(multikey)):
        other = "2" if multikey[at] != "2" else "3"
        changed = multikey[:at] + other + multikey[at + 1 :]
        try:
            assert p256.decode_public(changed) != key
        except keys.BadKey:
            continue


@pytest.mark.parametrize(
    "raw",
    [
        p256.PUBLIC_PREFIX + b"\x02" + b"\xff" * 32,  # beyond the field
        p256.PUBLIC_PREFIX + b"\x02" + bytes(31) + b"\x01",  # no point has this x
        p256.PUBLIC_PREFIX + b"\x05" + bytes(32),
        p256.PUBLIC_PREFIX + b"\x00" + bytes(32),
        keys.PUBLIC_PREFIX + bytes(33),
        b"\xe7\x01\x02" + bytes(32),  # another curve
    ],
)
def test_what_is_no_point_of_the_curve_is_refused(raw):
    with pytest.raises(keys.BadKey):
        p256.decode_public(multibase.encode(raw))


def test_the_thumbprints_of_the_standards_are_reproduced():
    # RFC 7638 §3.1 and RFC 8037 appendix A.3
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiF"
        "V4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9"
        "c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1"
        "jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    first = {"kty": "RSA", "n": modulus, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}
    assert jwk.thumbprint(first) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    assert jwk.thumbprint(VECTORS["EdDSA"][0]) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def number(value: int) -> str:
    return base64url.encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def rsa_of(bits: int) -> dict[str, str]:
    return {"kty": "RSA", "n": number((1 << (bits - 1)) + 1), "e": "AQAB"}


REFUSED = {
    "a private key": ES256_KEY | {"d": "AQAB"},
    "a part of a private key": RS256_KEY | {"dq": "AQAB"},
    "a shared secret": {"kty": "oct", "k": "AQAB"},
    "another use": ES256_KEY | {"use": "enc"},
    "another operation": ES256_KEY | {"key_ops": ["deriveKey"]},
    "no kind": {"x": ES256_KEY["x"]},
    "a kind that is no text": ES256_KEY | {"kty": ["EC"]},
    "another curve": ES256_KEY | {"crv": "P-384"},
    "secp256k1": ES256_KEY | {"crv": "secp256k1"},
    "off the curve": ES256_KEY | {"y": ES256_KEY["x"]},
    "the point at infinity": ES256_KEY | {"x": base64url.encode(bytes(32)), "y": base64url.encode(bytes(32))},
    "a short coordinate": ES256_KEY | {"x": ES256_KEY["x"][:-4]},
    "padding": ES256_KEY | {"x": ES256_KEY["x"] + "="},
    "no coordinate": {"kty": "EC", "crv": "P-256", "x": ES256_KEY["x"]},
    "a number as coordinate": ES256_KEY | {"x": 7},
    "small order": {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(b"\1" + bytes(31))},
    "for agreement": {"kty": "OKP", "crv": "X25519", "x": VECTORS["EdDSA"][0]["x"]},
    "1024 bits": rsa_of(1024),
    "2047 bits": rsa_of(2047),
    "16384 bits": rsa_of(16384),
    "even modulus": RS256_KEY | {"n": number(1 << 2047)},
    "exponent 1": RS256_KEY | {"e": "AQ"},
    "exponent 3": RS256_KEY | {"e": "Aw"},
    "even exponent": RS256_KEY | {"e": number(65538)},
    "huge exponent": RS256_KEY | {"e": number(2**64 + 1)},
}


@pytest.mark.parametrize("name", REFUSED)
def test_no_other_key_is_taken(name):
    with pytest.raises(keys.BadKey):
        jwk.decode(REFUSED[name])


def test_the_keys_that_are_taken():
    assert isinstance(
        jwk.decode(ES256_KEY | {"use": "sig", "key_ops": ["verify"]}), ec.EllipticCurvePublicKey
    )
    assert isinstance(jwk.decode(RS256_KEY), rsa.RSAPublicKey)


def test_a_did_jwk_holds_its_key():
    identifier = did.JWK_PREFIX + base64url.encode(b'{"crv":"P-256","kty":"EC","x":"f83O","y":"x_FE"}')
    record = did.resolve_jwk_did(f"{identifier}#0")
    assert (record.controller, record.jwk["x"]) == (identifier, "f83O")


@pytest.mark.parametrize(
    "method",
    [
        "did:jwk:e30",
        "did:jwk:e30#1",
        "did:jwk:e30#e30",
        "did:jwk:!!#0",
        "did:jwk:W10#0",
        f"did:jwk:{base64url.encode(b'{' + b' ' * 9000 + b'}')}#0",
        f"did:jwk:{base64url.encode(b'[' * 500)}#0",
        f"{DID_KEY_P256}#0",
    ],
)
def test_anything_else_is_no_did_jwk(method):
    with pytest.raises(did.KeyNotFound):
        did.resolve_jwk_did(method)


def test_a_p256_key_is_sealed_like_every_other():
    sealed = p256.seal(JWT_KEY, KEK, "org|key|1")
    raw = JWT_KEY.private_numbers().private_value.to_bytes(32, "big")
    assert raw not in sealed and len(sealed) == 1 + 12 + 32 + 16
    assert p256.seal(JWT_KEY, KEK, "org|key|1") != sealed
    assert p256.unseal(sealed, KEK, "org|key|1").private_numbers() == JWT_KEY.private_numbers()
    for kek, owner in ((KEK, "org|key|2"), (bytes(32), "org|key|1")):
        with pytest.raises(keys.SealError):
            p256.unseal(sealed, kek, owner)
    for broken in (sealed[:-1], b"\2" + sealed[1:], b"", bytes([*sealed[:-1], sealed[-1] ^ 1])):
        with pytest.raises(keys.SealError):
            p256.unseal(broken, KEK, "org|key|1")


@pytest.mark.parametrize("scalar", [bytes(32), b"\xff" * 32])
def test_what_is_no_private_key_is_not_opened_as_one(scalar):
    with pytest.raises(keys.SealError):
        p256.unseal(keys.seal_raw(scalar, KEK, "org|key|1"), KEK, "org|key|1")


def test_the_document_of_an_issuer_spells_each_kind_in_its_own_way():
    record = did.jwk_record("did:web:a.example", JWT_KEY.public_key())
    built = did.document("did:web:a.example", [record])
    (method,) = built["verificationMethod"]
    assert method["type"] == "JsonWebKey" and "publicKeyMultibase" not in method
    assert method["id"] == f"did:web:a.example#{method['publicKeyJwk']['kid']}"
    assert "https://w3id.org/security/jwk/v1" in built["@context"]
    found = did.find_in_document(built, method["id"])
    assert jwk.decode(found.jwk) == JWT_KEY.public_key() and found.may_assert
