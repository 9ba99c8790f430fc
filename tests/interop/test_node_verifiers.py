"""Independent implementations accept what we issue, refuse what was touched, and so do we with theirs."""

import copy
import random
from datetime import UTC, datetime, timedelta

import pytest

from badges.openbadges import checks, contexts, credential, did, keys, parsing, proof, status_list
from badges.openbadges.canonical import canonicalise
from badges.openbadges.status_list import StatusListDefinition
from tests.interop import node
from tests.openbadges.awards import (
    DID_KEY,
    DID_WEB,
    KEY,
    LIST_URL,
    MOMENT,
    OTHER_KEY,
    bundled_documents,
    did_web_document,
    make_award,
    open_badges_schema,
    resolve,
    sign,
    signed_badge,
)

pytestmark = pytest.mark.interop

ISSUERS = {"did:key": DID_KEY, "did:web": DID_WEB}
VERIFIERS = ("bazaar", "dcc")
REVOKED_INDEX = 5


@pytest.fixture(autouse=True)
def verifiers():
    node.need_verifiers()


def signed_list(issuer):
    definition = StatusListDefinition(LIST_URL, issuer, "revocation", MOMENT, frozenset({REVOKED_INDEX}))
    return proof.sign(
        status_list.build(definition), KEY, did.verification_method(issuer, KEY.public_key()), MOMENT
    )


def documents(issuer):
    schema = open_badges_schema()
    address = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
    return bundled_documents() | {
        DID_WEB: did_web_document(),
        did.document_url(DID_WEB): did_web_document(),
        LIST_URL: signed_list(issuer),
        address: schema,
    }


def ask(issuer, credentials):
    return node.run({"mode": "verify", "documents": documents(issuer), "credentials": credentials})


def ours(badge, issuer):
    found = checks.run(
        badge, resolve=resolve, now=MOMENT + timedelta(days=1), fetch_list=lambda url: signed_list(issuer)
    )
    return all(check.passed for check in found)


@pytest.mark.parametrize("issuer", ISSUERS.values(), ids=ISSUERS.keys())
def test_what_we_issue_is_accepted_by_both(issuer):
    badges = {
        "full": signed_badge(issuer),
        "without status": signed_badge(issuer, status=None),
        "bare": signed_badge(issuer, status=None, evidence=(), results=()),
        "as served": parsing.parse(parsing.serialise(signed_badge(issuer))),
    }
    for name, answers in ask(issuer, badges).items():
        assert ours(badges[name], issuer)
        for verifier in VERIFIERS:
            assert answers[verifier]["verified"], (name, verifier, answers[verifier]["why"])
        assert answers["dcc"]["schema"][0]["result"] == {"valid": True}


def test_the_served_text_is_the_text_that_was_signed():
    hostile = make_award(DID_KEY, status=None)
    unsigned = credential.build(hostile) | {
        "name": 'tab\t quote" slash\\ crlf\r\n 🛡\u2028 \u202e ]]> é \x01\x7f'
    }
    badge = proof.sign(unsigned, KEY, hostile.key.verification_method, MOMENT)
    reread = parsing.parse(parsing.serialise(badge))
    answers = ask(DID_KEY, {"hostile": reread})["hostile"]
    assert all(answers[verifier]["verified"] for verifier in VERIFIERS), answers
    assert ours(reread, DID_KEY)


@pytest.mark.parametrize("issuer", ISSUERS.values(), ids=ISSUERS.keys())
def test_a_revoked_badge_is_revoked_for_all(issuer):
    award = make_award(issuer)
    revoked = sign(make_award(issuer, status=award.status.__class__(LIST_URL, REVOKED_INDEX, "revocation")))
    answers = ask(issuer, {"revoked": revoked, "sound": signed_badge(issuer)})
    for verifier in VERIFIERS:
        assert answers["revoked"][verifier]["revoked"], answers["revoked"][verifier]
        assert not answers["sound"][verifier]["revoked"]
    assert not ours(revoked, issuer)


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


@pytest.mark.parametrize("issuer", ISSUERS.values(), ids=ISSUERS.keys())
def test_every_tampered_copy_is_refused_by_ours_and_theirs(issuer):
    copies = {}
    for name, change in TAMPERINGS.items():
        copies[name] = copy.deepcopy(signed_badge(issuer))
        change(copies[name])
    answers = ask(issuer, copies)
    assert len(copies) - len(HARMLESS) >= 12
    for name, badge in copies.items():
        if name not in HARMLESS:
            assert not ours(badge, issuer), name
            assert [answers[name][verifier]["verified"] for verifier in VERIFIERS] == [False, False], name
    assert not ours(copies["inline context"], issuer)


def issue_with_node(unsigned, key, issuer):
    method = did.verification_method(issuer, key.public_key())
    return node.run(
        {
            "mode": "issue",
            "documents": documents(issuer),
            "credential": unsigned,
            "key": {
                "id": method,
                "controller": issuer,
                "publicKeyMultibase": keys.encode_public(key.public_key()),
                "secretKeyMultibase": keys.encode_private(key),
            },
        }
    )


@pytest.mark.parametrize("issuer", ISSUERS.values(), ids=ISSUERS.keys())
def test_a_badge_signed_by_node_is_verified_by_us_and_its_tampered_copies_are_not(issuer):
    theirs = issue_with_node(credential.build(make_award(issuer)), KEY, issuer)
    issued = datetime.fromisoformat(theirs["proof"]["created"])
    assert isinstance(theirs["proof"], dict)
    assert abs((datetime.now(UTC) - issued).total_seconds()) < 300
    assert ours(theirs, issuer)
    for name, change in TAMPERINGS.items():
        touched = copy.deepcopy(theirs) | {"proof": [copy.deepcopy(theirs["proof"])]}
        assert ours(touched, issuer)
        change(touched)
        if name not in HARMLESS:
            assert not ours(touched, issuer), name


def test_a_minimal_badge_of_another_issuer_is_verified_by_us():
    other = did.key_did(OTHER_KEY.public_key())
    foreign = {
        "@context": [contexts.CREDENTIALS, contexts.OPEN_BADGES],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": {"id": other, "type": ["Profile"], "name": "Elsewhere"},
        "validFrom": "2024-05-01T09:00:00.123456+02:00",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "id": "mailto:ada@demo.example",
            "creditsEarned": 2.5,
            "achievement": {
                "id": "urn:uuid:2",
                "type": ["Achievement"],
                "name": "Elsewhere badge",
                "description": "x",
                "creditsAvailable": 1234567.891,
                "criteria": {"narrative": "x"},
                "resultDescription": [
                    {
                        "id": "urn:uuid:3",
                        "type": ["ResultDescription"],
                        "name": "Grade",
                        "resultType": "LetterGrade",
                        "allowedValue": ["C", "B", "A"],
                    }
                ],
            },
        },
    }
    signed = issue_with_node(foreign, OTHER_KEY, other)
    assert ours(signed, other)
    signed["credentialSubject"]["achievement"]["resultDescription"][0]["allowedValue"].reverse()
    assert not ours(signed, other)


def random_dataset(seed):
    chance = random.Random(seed)
    nodes = [f"_:b{number}" for number in range(chance.randint(1, 5))] + ["<urn:a>"]
    values = [*nodes, '"x"', r'"\u0000\b\t\n\u000B\f\r\u001F\"\\\u007Fé"', '"x"@fr', '"1"^^<urn:t>']
    graphs = ["", "<urn:g>", nodes[0]]
    return {
        (
            chance.choice(nodes),
            chance.choice(["<urn:p>", "<urn:q>"]),
            chance.choice(values),
            chance.choice(graphs),
        )
        for _ in range(chance.randint(1, 12))
    }


def test_canonical_forms_agree_with_rdf_canonize_on_awkward_graphs():
    datasets = [random_dataset(seed) for seed in range(300)]
    texts = [
        "".join(" ".join(part for part in quad if part) + " .\n" for quad in dataset) for dataset in datasets
    ]
    theirs = node.run({"mode": "canonise", "documents": {}, "datasets": texts})
    for dataset, expected in zip(datasets, theirs, strict=True):
        assert canonicalise(dataset) == expected
