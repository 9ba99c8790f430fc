"""What the interoperability tests try: issuers, verifiers, forms of a badge, and changes that break it."""

import hashlib
import hmac
import json

from badges.openbadges import base64url, contexts, did, jwk, jws, p256, parsing, proof
from tests.openbadges.awards import DID_KEY, DID_WEB, MOMENT, OTHER_KEY, signed_badge

ISSUERS = {"did:key": DID_KEY, "did:web": DID_WEB}
VERIFIERS = ("bazaar", "dcc")
SCHEMA_URL = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
# Where the product is served, so that its issuers are of each kind.
SITES = {"did:key": "http://testserver", "did:web": "https://badges.example.org"}
REVOKED_INDEX = 5
AWKWARD_GRAPHS = 300
FORMS = {
    "full": signed_badge,
    "without status": lambda issuer: signed_badge(issuer, status=None),
    "bare": lambda issuer: signed_badge(issuer, status=None, evidence=(), results=()),
    "as served": lambda issuer: parsing.parse(parsing.serialise(signed_badge(issuer))),
}


def set_in(path, value):
    def change(badge):
        node_ = badge
        for step in path[:-1]:
            node_ = node_[step]
        assert node_[path[-1]] != value
        node_[path[-1]] = value

    return change


def flip_signature(badge):
    value = badge["proof"][0]["proofValue"]
    badge["proof"][0]["proofValue"] = value[:-1] + ("2" if value[-1] != "2" else "3")


def speak_with_another_key(badge):
    """Dee signs what Lille is said to have issued."""
    dee = did.key_did(OTHER_KEY.public_key())
    unsigned = {key: value for key, value in badge.items() if key != "proof"}
    method = did.verification_method(dee, OTHER_KEY.public_key())
    badge["proof"] = proof.sign(unsigned, OTHER_KEY, method, MOMENT)["proof"]


SUBJECT = ("credentialSubject",)
ACHIEVEMENT = (*SUBJECT, "achievement")
TAMPERINGS = {
    "name": set_in(("name",), "Firewall wizardry"),
    "one letter": set_in(("description",), "Keeps a packet filter in order?"),
    "id": set_in(("id",), "https://badges.example/badges/2"),
    "issuer": set_in(("issuer", "id"), did.key_did(OTHER_KEY.public_key())),
    "issuer name": set_in(("issuer", "name"), "Université de Mons"),
    "earlier": set_in(("validFrom",), "2020-01-01T00:00:00Z"),
    "prolonged": lambda badge: badge.update(validUntil="2099-01-01T00:00:00Z"),
    "recipient": set_in((*SUBJECT, "identifier", 0, "identityHash"), "sha256$" + "0" * 64),
    "salt": set_in((*SUBJECT, "identifier", 0, "salt"), "pepper"),
    "not hashed": set_in((*SUBJECT, "identifier", 0, "hashed"), False),
    "subject": set_in((*SUBJECT, "id"), "urn:uuid:99999999-9999-4999-8999-999999999999"),
    "achievement": set_in((*ACHIEVEMENT, "name"), "Network analysis"),
    "criteria": set_in((*ACHIEVEMENT, "criteria", "narrative"), "* breathes"),
    "required level": set_in(
        (*ACHIEVEMENT, "resultDescription", 0, "requiredLevel"), "https://badges.example/#l"
    ),
    "points": set_in((*ACHIEVEMENT, "resultDescription", 0, "rubricCriterionLevel", 0, "points"), "9"),
    "achieved level": set_in(
        (*SUBJECT, "result", 0, "achievedLevel"), "https://badges.example/achievements/firewall#level-c0l0"
    ),
    "judgement": set_in((*SUBJECT, "narrative"), "Judged by nobody."),
    "evidence address": set_in(("evidence", 0, "id"), "https://evil.example/evidence"),
    "evidence text": set_in(("evidence", 0, "description"), "SHA-256 of the file: " + "0" * 64),
    "evidence removed": lambda badge: badge["evidence"].pop(),
    "evidence added": lambda badge: badge["evidence"].append({"type": ["Evidence"], "name": "more"}),
    "status index": set_in(("credentialStatus", "statusListIndex"), "94568"),
    "status removed": lambda badge: badge.pop("credentialStatus"),
    "undefined word": lambda badge: badge.update(surprise="unsigned"),
    "relative address": set_in((*SUBJECT, "id"), "ada"),
    "other context": lambda badge: badge["@context"].append(contexts.OPEN_BADGES_EXTENSIONS),
    "inline context": lambda badge: badge["@context"].append({"surprise": "https://evil.example/#surprise"}),
    "proof time": set_in(("proof", 0, "created"), "2026-03-02T09:30:01Z"),
    "proof purpose": set_in(("proof", 0, "proofPurpose"), "authentication"),
    "signature": flip_signature,
    "another key": speak_with_another_key,
    "no proof": lambda badge: badge.pop("proof"),
}
# An added context changes no statement before one of its words is used.
HARMLESS = {"other context", "inline context"}

# --- The JWT form ----------------------------------------------------------------------------------------

ALGORITHMS = ("ES256", "EdDSA", "RS256")
OF_THE_PROOF = {"proof time", "proof purpose", "signature", "another key", "no proof"}
DEE = p256.generate()


def retold(change):
    """The same change to the claims of a JWT, under the signature that it had."""

    def tamper(text):
        head, payload, signature = text.split(".")
        claims = parsing.parse(base64url.decode(payload))
        change(claims)
        return f"{head}.{base64url.encode(parsing.serialise(claims).encode())}.{signature}"

    return tamper


def headed(**changes):
    """The same claims and signature under another header."""

    def tamper(text):
        head, payload, signature = text.split(".")
        header = json.loads(base64url.decode(head)) | changes
        return f"{base64url.encode(json.dumps(header).encode())}.{payload}.{signature}"

    return tamper


def unsigned(text):
    return headed(alg="none")(text).rpartition(".")[0] + "."


def sign_by_the_public_key(text):
    """The old trick: the published key taken for the secret of an HMAC."""
    signed = headed(alg="HS256")(text).rpartition(".")[0]
    secret = json.dumps(jwk.encode(DEE.public_key())).encode()
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64url.encode(mac)}"


def signed_by_dee(**header):
    """Dee signs the claims well, under the name of Lille's key or with her own in the header."""

    def tamper(text):
        read = jws.read(text)
        return jws.sign(read.payload, {"typ": "JWT", "kid": read.header["kid"], **header}, DEE)

    return tamper


def with_signature(change):
    def tamper(text):
        head, _, signature = text.rpartition(".")
        return f"{head}.{base64url.encode(change(base64url.decode(signature)))}"

    return tamper


JWT_TAMPERINGS = {name: retold(change) for name, change in TAMPERINGS.items() if name not in OF_THE_PROOF} | {
    "claim iss": retold(set_in(("iss",), "did:web:evil.example")),
    "claim jti": retold(set_in(("jti",), "urn:uuid:99999999-9999-4999-8999-999999999999")),
    "claim sub": retold(set_in(("sub",), "urn:uuid:99999999-9999-4999-8999-999999999999")),
    "claim nbf": retold(set_in(("nbf",), 1)),
    "claim exp": retold(lambda claims: claims.update(exp=4102444800)),
    "algorithm none": unsigned,
    "algorithm HS256": sign_by_the_public_key,
    "algorithm RS256": headed(alg="RS256"),
    "another kid": headed(kid="did:web:evil.example#key"),
    "critical header": headed(crit=["b64"], b64=False),
    "signature cut": with_signature(lambda raw: raw[:-1]),
    "signature flipped": with_signature(lambda raw: bytes([raw[0] ^ 1]) + raw[1:]),
    "signature halves swapped": with_signature(lambda raw: raw[32:] + raw[:32]),
    "signature of zeros": with_signature(lambda raw: bytes(64)),
    "signed by another": signed_by_dee(),
    "signed by another, key in the header": signed_by_dee(jwk=jwk.encode(DEE.public_key())),
}
# Copies that cannot be made of every badge of jose: without status, and by RS256.
ONLY_OURS = {"status index", "status removed", "algorithm RS256"}
