"""Genuine badges spoiled in every place and in every way that changes what they say or who says it.

What JSON-LD takes for the same statement (another order of a set, a list of one) is no spoiling and is not
made, nor is the second valid signature that ECDSA knows for the same words.
"""

import base64
import copy
import json
import random
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from badges.openbadges import baking, base64url, contexts, did, jws, multibase, parsing, proof, status_list
from badges.openbadges.status_list import StatusListDefinition
from tests.openbadges import older
from tests.openbadges.awards import DID_KEY, KEY, LIST_URL, MOMENT, OTHER_KEY, make_award, sign
from tests.openbadges.jwts import OTHER_JWT_KEY, record

ORDER = 2**252 + 27742317777372353535851937790883648493  # of the group of Ed25519
LEAST = 5_000  # so many are made, all told
LATER = MOMENT + timedelta(days=30)
INDEX = make_award().status.index

Spoiled = tuple[str, bytes]
Moved = tuple[str, dict[str, Any] | None, datetime]


def listing(
    indexes: tuple[int, ...] = (), *, issuer: str = DID_KEY, key: Any = KEY, **changes: Any
) -> dict[str, Any]:
    """A status list, well signed, of which ``changes`` replace members before it is signed."""
    definition = StatusListDefinition(LIST_URL, issuer, "revocation", MOMENT, frozenset(indexes))
    built = status_list.build(definition) | changes
    return proof.sign(built, key, did.verification_method(issuer, key.public_key()), MOMENT)


# --- The words ------------------------------------------------------------------------------------------


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document: the leaves, and the objects and lists on the way."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from paths(inner, (*path, number))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def with_value(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def without(document: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    del at(changed, path[:-1])[path[-1]]
    return changed


def other_values(value: Any, chance: random.Random) -> list[Any]:
    """What else could stand in a place, none of it meaning the same."""
    if isinstance(value, bool):
        return [not value, str(value), 2]
    if isinstance(value, int | float):
        return [value + 1, -value - 1, str(value) + "0"]
    if not isinstance(value, str):
        return ["text", 7]
    place = chance.randrange(len(value)) if value else 0
    found = [
        value + chance.choice(["x", " ", "\u200b", "é", "\u0000", "/"]),
        chance.choice(["x", " ", "\ufeff"]) + value,
        value[:place] + chance.choice("abcxyz0189") + value[place:],
        value[:place] + value[place + 1 :],
        value.swapcase(),
        "",
        "https://evil.example/",
        {"id": "https://evil.example/"},
        [value, "more"],
    ]
    return [one for one in found if one != value]


def spoiled_words(
    document: dict[str, Any], seed: int, changes: int = 4
) -> Iterator[tuple[str, dict[str, Any]]]:
    """A document with one place changed, taken out, or given a neighbour."""
    chance = random.Random(seed)
    for path in list(paths(document)):
        if "@context" in path:
            continue
        value, name = at(document, path), ".".join(map(str, path))
        if not isinstance(value, dict | list):
            others = other_values(value, chance)
            for other in chance.sample(others, min(changes, len(others))):
                yield f"{name} = {other!r}"[:80], with_value(document, path, other)
        yield f"{name} taken out", without(document, path)
        if isinstance(value, dict):
            yield f"{name} with a word more", with_value(document, path, value | {"surprise": "x"})
            yield (
                f"{name} with a name more",
                with_value(document, path, value | {"humanCode": "x", "name": "y"}),
            )
    if isinstance(document.get("@context"), list):
        yield from spoiled_contexts(document)


def spoiled_contexts(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    named = document["@context"]
    for number, other in enumerate(
        other
        for other in [
            [],
            None,
            "x",
            named[:1],
            named[1:],
            named[::-1],
            [*named, "https://evil.example/v1"],
            ["https://evil.example/v1", *named],
            [*named, {"name": "https://evil.example/#name"}],
            [*named, {"@vocab": "https://evil.example/#"}],
            [named],
            [None, *named],
            [contexts.CREDENTIALS_V1, *named[1:]],
            {"@vocab": "https://evil.example/#"},
        ]
        if other != named
    ):
        yield f"contexts {number}", {**document, "@context": other}


# --- The embedded proof ------------------------------------------------------------------------------------


def with_proof(badge: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**badge, "proof": [{**badge["proof"][0], **changes}]}


def spoiled_proofs(badge: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every bit of the signature, every other spelling of it, and signatures made by others or for others."""
    signature = multibase.decode(badge["proof"][0]["proofValue"], 64)
    for bit in range(512):
        flipped = bytearray(signature)
        flipped[bit // 8] ^= 1 << bit % 8
        yield f"bit {bit} of the signature", with_proof(badge, proofValue=multibase.encode(bytes(flipped)))
    s = int.from_bytes(signature[32:], "little")
    for number, raw in enumerate(
        [
            bytes(64),
            b"\xff" * 64,
            signature[:63],
            signature + b"\0",
            signature[32:] + signature[:32],
            signature[::-1],
            signature[:32] + (s + ORDER).to_bytes(33, "little")[:32],
            bytes([1]) + bytes(31) + signature[32:],
            signature[:32] + bytes(32),
            KEY.sign(b"something else"),
            OTHER_KEY.sign(b"something else"),
        ]
    ):
        yield f"signature {number}", with_proof(badge, proofValue=multibase.encode(raw))
    value = badge["proof"][0]["proofValue"]
    encoded = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    for number, text in enumerate(
        [
            f"u{encoded}",
            value[1:],
            f"z1{value[1:]}",
            f"{value} ",
            f" {value}",
            f"Z{value[1:]}",
            "z",
            "",
            7,
            [value],
        ]
    ):
        yield f"spelling {number}", with_proof(badge, proofValue=text)
    yield from _borrowed_proofs(badge)


def _borrowed_proofs(badge: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    made = badge["proof"][0]
    unsigned = {key: value for key, value in badge.items() if key != "proof"}
    dee = did.key_did(OTHER_KEY.public_key())
    method = did.verification_method(dee, OTHER_KEY.public_key())
    of_another = sign(make_award(credential_url="https://badges.example/badges/2"))["proof"]
    yield "of another badge", {**badge, "proof": of_another}
    yield "by Dee", proof.sign(unsigned, OTHER_KEY, method, MOMENT)
    yield "by Dee in the name of the key", proof.sign(unsigned, OTHER_KEY, made["verificationMethod"], MOMENT)
    yield "twice", {**badge, "proof": [made, made]}
    yield (
        "beside that of Dee",
        {**badge, "proof": [*proof.sign(unsigned, OTHER_KEY, method, MOMENT)["proof"], made]},
    )
    yield "none", unsigned
    yield "empty", {**badge, "proof": []}
    for name, values in {
        "type": ["Ed25519Signature2020", "DataIntegrityproof", None],
        "cryptosuite": ["eddsa-jcs-2022", "ecdsa-rdfc-2019", "eddsa-2022", None],
        "proofPurpose": ["authentication", "capabilityInvocation", None],
        "created": ["2026-03-02T09:30:01Z", "2026-03-02", "soon", 7],
        "expires": ["2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "soon"],
        "verificationMethod": [f"{DID_KEY}#x", DID_KEY, method, "did:key:z6Mk", "", None, 7],
        "domain": ["evil.example"],
        "challenge": ["x"],
        "nonce": ["x"],
        "previousProof": ["urn:x"],
        "@context": [contexts.CREDENTIALS],
        "id": ["urn:x"],
    }.items():
        for value in values:
            yield f"proof {name} = {value}", with_proof(badge, **{name: value})


# --- The JWT form ------------------------------------------------------------------------------------------


def spoiled_jwts(text: str, seed: int) -> Iterator[Spoiled]:
    """Other claims under the same signature, every bit of it, other headers, other keys, other shapes."""
    head, payload, signature = text.split(".")
    claims, header = parsing.parse(base64url.decode(payload)), json.loads(base64url.decode(head))

    def put(given: Any, *, to: str = head) -> bytes:
        return f"{to}.{base64url.encode(parsing.serialise(given).encode())}.{signature}".encode()

    for name, changed in spoiled_words(claims, seed, changes=2):
        yield f"claim {name}", put(changed)
    raw = base64url.decode(signature)
    for bit in range(512):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        yield f"jwt bit {bit}", f"{head}.{payload}.{base64url.encode(bytes(flipped))}".encode()
    for number, other in enumerate(
        [bytes(64), b"\xff" * 64, raw[:63], raw + b"\0", raw[32:] + raw[:32], b""]
    ):
        yield f"jwt signature {number}", f"{head}.{payload}.{base64url.encode(other)}".encode()
    for number, other_header in enumerate(_headers(header)):
        again = base64url.encode(json.dumps(other_header).encode())
        yield f"jwt header {number} {other_header}"[:80], f"{again}.{payload}.{signature}".encode()
        for key in (OTHER_JWT_KEY,):
            named = {name: value for name, value in other_header.items() if value is not None}
            forged = jws.sign(base64url.decode(payload), {**named, "alg": "ES256"}, key)
            yield f"jwt header {number} signed by Dee", forged.encode()
    for number, shape in enumerate(_shapes(head, payload, signature)):
        yield f"jwt shape {number}", shape.encode()


def _headers(header: dict[str, Any]) -> list[dict[str, Any]]:
    dee = record(key=OTHER_JWT_KEY)
    return [
        *(
            {**header, "alg": name}
            for name in ("none", "HS256", "RS256", "EdDSA", "ES384", "es256", "", None, 7)
        ),
        *(
            {**header, "kid": name}
            for name in (dee.verification_method, "did:web:evil.example#k", "#k", "", 7)
        ),
        {**header, "jwk": dict(dee.jwk or {})},
        {**header, "kid": None, "jwk": dict(dee.jwk or {})},
        {**header, "crit": ["b64"], "b64": False},
        {**header, "jku": "https://evil.example/jwks.json"},
        {**header, "x5u": "https://evil.example/c.pem"},
        {**header, "x5c": ["AAAA"]},
        {**header, "typ": "at+jwt"},
        {**header, "cty": "text/html"},
        {**header, "zip": "DEF"},
        {},
    ]


def _shapes(head: str, payload: str, signature: str) -> list[str]:
    return [
        f"{head}..{signature}",
        f"{head}.{payload}.",
        f"{head}.{payload}",
        f".{payload}.{signature}",
        f"{head}.{payload}.{signature}.",
        f"{head}.{payload}.{signature}.{signature}.{signature}",
        f"{head}.{payload}.{signature}~",
        f"{head}.{payload}=.{signature}",
        f"{head}=.{payload}.{signature}",
        f"{head}.{payload}.{signature}=",
        f"{head}.{payload[:-1]}.{signature}",
        f"{payload}.{head}.{signature}",
        f"{head}.{payload}.{signature}x",
        f"{head}. {payload}.{signature}",
        json.dumps({"protected": head, "payload": payload, "signature": signature}),
        json.dumps({"payload": payload, "signatures": [{"protected": head, "signature": signature}]}),
        json.dumps({"id": f"data:application/vc+jwt,{head}.{payload}.{signature}x"}),
    ]


# --- Images ------------------------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def spoiled_pngs(image: bytes, text: str, seed: int, count: int) -> Iterator[Spoiled]:
    """Flipped bytes with and without a mended checksum, chunks doubled, renamed, compressed, cut."""
    chance = random.Random(seed)
    baked = baking.bake_png(image, text)
    start, end = 33, 33 + len(baked) - len(image)
    held = baked[start + 8 : end - 4]
    for number in range(count):
        place = chance.randrange(len(baked))
        yield f"png byte {place}", _flipped(baked, place, chance)
        inside = chance.randrange(len(held) - len(text.encode()), len(held))
        other = _flipped(held, inside, chance)
        yield f"png text {number} byte {inside}", baked[:start] + chunk(b"iTXt", other) + baked[end:]
        yield f"png cut at {place}", baked[:place]
    keyword, rest = held.split(b"\0", 1)
    bare = rest[4:]
    for number, other in enumerate(
        [
            chunk(b"tEXt", keyword + b"\0" + bare),
            chunk(b"zTXt", keyword + b"\0\0" + zlib.compress(bare)),
            chunk(b"iTXt", keyword + b"\0\1\0\0\0" + zlib.compress(bare)),
            chunk(b"iTXt", keyword + b"\0\2\0\0\0" + bare),
            chunk(b"iTXt", b"openbadges\0\0\0\0\0" + bare),
            chunk(b"iTXt", b"OpenBadgeCredential\0\0\0\0\0" + bare),
            chunk(b"iTXt", keyword + b" \0\0\0\0\0" + bare),
            chunk(b"iTXt", keyword),
            chunk(b"iTXt", held) * 2,
            chunk(b"iTXt", held) + chunk(b"tEXt", keyword + b"\0" + bare),
            chunk(b"itXt", held),
            b"",
        ]
    ):
        yield f"png chunk {number}", baked[:start] + other + baked[end:]
    yield "png with a tail", baked + b"tail"
    yield "png in a png", baked + baked


def spoiled_svgs(image: bytes, text: str, seed: int, count: int) -> Iterator[Spoiled]:
    """Flipped letters of the badge inside, elements doubled, nested, moved out of the namespace, entities."""
    chance = random.Random(seed)
    baked = baking.bake_svg(image, text)
    first = baked.index(b"<openbadges:credential")
    last = baked.index(b"</openbadges:credential>") + len(b"</openbadges:credential>")
    element, inner = baked[first:last], baked.index(text[:20].encode().split(b"&")[0][:10], first)
    length = len(text.encode()) if text.startswith("{") else len(text)
    for number in range(count):
        place = inner + chance.randrange(length)
        yield f"svg letter {number} at {place}", _flipped(baked, place, chance)
        yield f"svg cut {number}", baked[: chance.randrange(len(baked) - 6)]
    for number, other in enumerate(
        [
            element * 2,
            b"",
            element.replace(b"openbadges:credential", b"openbadges:assertion"),
            element.replace(b"openbadges:credential", b"credential"),
            element.replace(b"</openbadges", b"<g/></openbadges"),
            b"<openbadges:credential>" + element + b"</openbadges:credential>",
            element.replace(b"<openbadges:credential", b'<openbadges:credential verify="eyJ.e.e"')
            if text.startswith("{")
            else element.replace(b"></", b">{}</"),
            element.replace(b"</openbadges", b"&more;</openbadges"),
        ]
    ):
        yield f"svg element {number}", baked[:first] + other + baked[last:]
    yield "svg with a document type", b"<!DOCTYPE svg>" + baked
    yield (
        "svg of another namespace",
        baked.replace(b"purl.imsglobal.org/ob/v3p0", b"purl.imsglobal.org/ob/v3p1"),
    )
    yield "svg twice", baked + baked


def _flipped(data: bytes, place: int, chance: random.Random) -> bytes:
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


# --- What stands around a badge ----------------------------------------------------------------------------


def spoiled_lists() -> Iterator[Moved]:
    """A genuine badge beside a list that revokes it, or that cannot be trusted."""
    sound = listing()
    subject = sound["credentialSubject"]
    for extra in range(40):
        yield f"revoked among {extra}", listing((INDEX, *range(extra))), LATER
    for name, other in {
        "nothing": None,
        "another address": listing(id="https://evil.example/status"),
        "another type": listing(type=["VerifiableCredential"]),
        "another purpose": listing(credentialSubject=subject | {"statusPurpose": "suspension"}),
        "no purpose": listing(credentialSubject={k: v for k, v in subject.items() if k != "statusPurpose"}),
        "another issuer": listing(issuer=did.key_did(OTHER_KEY.public_key()), key=OTHER_KEY),
        "not yet": listing(validFrom="2030-01-01T00:00:00Z"),
        "no longer": listing(validUntil="2026-03-03T00:00:00Z"),
        "too short": listing(credentialSubject=subject | {"encodedList": "uH4sIAAAAAAAA_wMAAAAAAAAAAAA"}),
        "no list": listing(credentialSubject=subject | {"encodedList": "x"}),
        "no signature": {key: value for key, value in sound.items() if key != "proof"},
        "an empty object": {},
    }.items():
        yield f"list with {name}", other, LATER
    for name, other in spoiled_words(sound, 11, changes=3):
        yield f"list: {name}", other, LATER
    for name, other in list(spoiled_proofs(sound))[::4]:
        yield f"list: {name}", other, LATER


def other_times() -> Iterator[datetime]:
    """Moments at which a badge of thirty days does not hold."""
    for days in range(1, 80):
        yield MOMENT - timedelta(days=days * days, seconds=1)
        yield MOMENT + timedelta(days=60 + days * days)


# --- Version 2.0 -------------------------------------------------------------------------------------------


def spoiled_hosted(document: dict[str, Any], seed: int) -> Iterator[Spoiled]:
    """What a website vouches for, in other words than the website's."""
    for name, changed in spoiled_words(document, seed, changes=9):
        yield f"hosted {name}", json.dumps(changed).encode()


def spoiled_jws(text: str, seed: int, key: Any) -> Iterator[Spoiled]:
    """What a signature vouches for, in other words, under other headers and signatures."""
    head, payload, signature = text.split(".")
    for name, changed in spoiled_words(parsing.parse(base64url.decode(payload)), seed, changes=4):
        again = base64url.encode(parsing.serialise(changed).encode())
        yield f"jws {name}", f"{head}.{again}.{signature}".encode()
        yield f"jws {name} by Dee", older.signed(changed, key).encode()
    raw = base64url.decode(signature)
    for bit in range(0, 8 * len(raw), 4):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        yield f"jws bit {bit}", f"{head}.{payload}.{base64url.encode(bytes(flipped))}".encode()
    for number, shape in enumerate(_shapes(head, payload, signature)):
        yield f"jws shape {number}", shape.encode()
