"""Compact signatures: the vectors of the standards, each broken, and everything else refused by name."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from badges.openbadges import base64url, jwk, jws, p256, parsing
from tests.openbadges.jwts import JWT_KEY

# RFC 7515 appendices A.3 and A.2, RFC 8037 appendix A.4: the key, then the whole text.
ES256_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
ES256_PRIVATE = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
RS256_KEY = {
    "kty": "RSA",
    "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-y"
    "RT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-U"
    "To7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkM"
    "Ls91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    "e": "AQAB",
}
VECTORS = {
    "ES256": (
        ES256_KEY,
        f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}."
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    ),
    "RS256": (
        RS256_KEY,
        f"eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}."
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdb"
        "F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383"
        "LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy"
        "wlVmtVrBp0igcN_IoypGlUPQGe77Rw",
    ),
    "EdDSA": (
        {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    ),
}


def flipped(text: str, at: int) -> str:
    data = bytearray(base64url.decode(text))
    data[at % len(data)] ^= 1 << (at % 8)
    return base64url.encode(bytes(data))


@pytest.mark.parametrize("algorithm", VECTORS)
def test_the_vectors_of_the_standards_hold(algorithm):
    key, text = VECTORS[algorithm]
    read = jws.read(text)
    assert read.header == {"alg": algorithm}
    assert jws.verify(read, jwk.decode(key))


@pytest.mark.parametrize("algorithm", VECTORS)
def test_no_bit_of_a_vector_may_change(algorithm):
    key, text = VECTORS[algorithm]
    head, payload, signature = text.split(".")
    for at in range(64):
        for broken in (
            f"{head}.{flipped(payload, at)}.{signature}",
            f"{head}.{payload}.{flipped(signature, at)}",
        ):
            assert not jws.verify(jws.read(broken), jwk.decode(key))
    raw = base64url.decode(signature)
    for cut in (raw[:-1], raw + b"\0", raw[1:], b""):
        assert not jws.verify(jws.read(f"{head}.{payload}.{base64url.encode(cut)}"), jwk.decode(key))


@pytest.mark.parametrize("algorithm", VECTORS)
def test_a_key_serves_its_own_algorithm_alone(algorithm):
    _key, text = VECTORS[algorithm]
    for other, (key, _text) in VECTORS.items():
        assert jws.verify(jws.read(text), jwk.decode(key)) is (other == algorithm)


def test_what_we_sign_with_the_key_of_the_vector_has_its_payload_and_holds():
    private = ec.derive_private_key(int.from_bytes(base64url.decode(ES256_PRIVATE), "big"), p256.CURVE)
    assert jwk.encode(private.public_key()) == ES256_KEY
    signed = jws.sign(base64url.decode(PAYLOAD), {}, private)
    assert signed.rpartition(".")[0] == VECTORS["ES256"][1].rpartition(".")[0]
    assert jws.verify(jws.read(signed), jwk.decode(ES256_KEY))
    assert len(base64url.decode(signed.rpartition(".")[2])) == 64


def test_signatures_of_zeros_and_of_the_order_of_the_curve_hold_for_nothing():
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    head = VECTORS["ES256"][1].rpartition(".")[0]
    for r in (0, 1, order, 2**256 - 1):
        for s in (0, 1, order, 2**256 - 1):
            forged = base64url.encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
            assert not jws.verify(jws.read(f"{head}.{forged}"), jwk.decode(ES256_KEY))


def with_header(**header):
    head = base64url.encode(json.dumps(header).encode())
    return f"{head}.{PAYLOAD}.c2ln"


REFUSED = {
    "none": (with_header(alg="none"), jws.AlgorithmRefused),
    "None": (with_header(alg="None"), jws.AlgorithmRefused),
    "a shared secret": (with_header(alg="HS256"), jws.AlgorithmRefused),
    "another curve": (with_header(alg="ES384"), jws.AlgorithmRefused),
    "another hash": (with_header(alg="RS1"), jws.AlgorithmRefused),
    "a list of algorithms": (with_header(alg=["ES256"]), jws.AlgorithmRefused),
    "no algorithm": (with_header(typ="JWT"), jws.AlgorithmRefused),
    "crit": (with_header(alg="ES256", crit=["b64"], b64=False), jws.HeaderRefused),
    "empty crit": (with_header(alg="ES256", crit=[]), jws.HeaderRefused),
    "address of keys": (with_header(alg="ES256", jku="https://evil.example/keys"), jws.HeaderRefused),
    "certificates": (with_header(alg="ES256", x5c=["MII"]), jws.HeaderRefused),
    "compression": (with_header(alg="ES256", zip="DEF"), jws.HeaderRefused),
    "another type": (with_header(alg="ES256", typ="at+jwt"), jws.HeaderRefused),
    "another content": (with_header(alg="ES256", cty="vp"), jws.HeaderRefused),
    "kid that is no text": (with_header(alg="ES256", kid=7), jws.HeaderRefused),
    "jwk that is no key": (with_header(alg="ES256", jwk="AQAB"), jws.HeaderRefused),
    "detached": ("eyJhbGciOiJFUzI1NiJ9..c2ln", jws.Detached),
    "encrypted": ("eyJhbGciOiJFUzI1NiJ9.a.b.c.d", jws.Encrypted),
    "disclosures": (f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.c2ln~WyJhIl0~", jws.Selective),
    "two parts": (f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}", jws.JwsError),
    "six parts": ("eyJhbGciOiJFUzI1NiJ9.a.b.c.d.e", jws.JwsError),
    "padding": (f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.c2lnbg==", jws.JwsError),
    "the other alphabet": (f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.a+b/", jws.JwsError),
    "a second spelling": (f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.c2lnbh", jws.JwsError),
    "white space": (f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD} .c2ln", jws.JwsError),
    "huge": (f"eyJhbGciOiJFUzI1NiJ9.{'A' * jws.MAX_CHARACTERS}.c2ln", jws.JwsTooLarge),
    "huge header": (f"{'e' * (jws.MAX_HEADER_CHARACTERS + 1)}.{PAYLOAD}.c2ln", jws.JwsTooLarge),
    "huge signature": (f"eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{'A' * 4000}", jws.JwsTooLarge),
    "header said twice": (
        base64url.encode(b'{"alg":"ES256","alg":"none"}') + f".{PAYLOAD}.c2ln",
        parsing.DuplicateKey,
    ),
    "header of depth": (
        base64url.encode(b'{"jwk":' + b"[" * 99 + b"]" * 99 + b"}") + ".YQ.c2ln",
        parsing.TooDeep,
    ),
    "header that is a list": (base64url.encode(b"[]") + ".YQ.c2ln", parsing.NotAnObject),
}


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_by_name(name):
    text, error = REFUSED[name]
    with pytest.raises(error) as refused:
        jws.read(text)
    assert type(refused.value) is error


def test_each_refusal_has_its_own_code():
    kinds = [jws.JwsError, *jws.JwsError.__subclasses__()]
    assert len({kind.code for kind in kinds}) == len(kinds) >= 7


@pytest.mark.parametrize(
    "document",
    [
        {"payload": PAYLOAD, "protected": "e30", "signature": "c2ln"},
        {"payload": PAYLOAD, "signatures": [{"protected": "e30", "signature": "c2ln"}]},
    ],
)
def test_the_json_serialisations_are_known_and_a_badge_is_none(document):
    assert jws.is_in_json(document)
    assert not jws.is_in_json({"payload": 1, "proof": []})


@given(st.binary(max_size=200))
def test_any_bytes_have_one_spelling(data):
    text = base64url.encode(data)
    assert base64url.decode(text) == data and "=" not in text


@given(st.binary(min_size=1, max_size=300), st.text(max_size=40))
def test_any_payload_is_signed_and_read_back(payload, kid):
    kid = "".join(letter for letter in kid if not "\ud800" <= letter <= "\udfff")
    read = jws.read(jws.sign(payload, {"kid": kid}, JWT_KEY))
    assert (read.payload, read.header) == (payload, {"alg": "ES256", "kid": kid})
    assert jws.verify(read, JWT_KEY.public_key())
