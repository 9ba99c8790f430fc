"""What the interoperability tests try: issuers, verifiers, forms of a badge, and changes that break it."""

from badges.openbadges import contexts, did, parsing, proof
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
