"""Independent implementations accept what we issue, refuse what was touched, and so do we with theirs."""

import copy
import random
from datetime import UTC, datetime, timedelta

import pytest

from badges.openbadges import checks, contexts, credential, did, keys, parsing, proof, status_list
from badges.openbadges.canonical import canonicalise
from badges.openbadges.status_list import StatusListDefinition
from tests.interop import node
from tests.interop.cases import (
    AWKWARD_GRAPHS,
    FORMS,
    HARMLESS,
    ISSUERS,
    REVOKED_INDEX,
    SCHEMA_URL,
    TAMPERINGS,
    VERIFIERS,
)
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


@pytest.fixture(autouse=True)
def verifiers():
    node.need_verifiers()


def signed_list(issuer):
    definition = StatusListDefinition(LIST_URL, issuer, "revocation", MOMENT, frozenset({REVOKED_INDEX}))
    return proof.sign(
        status_list.build(definition), KEY, did.verification_method(issuer, KEY.public_key()), MOMENT
    )


def documents(issuer):
    return bundled_documents() | {
        DID_WEB: did_web_document(),
        did.document_url(DID_WEB): did_web_document(),
        LIST_URL: signed_list(issuer),
        SCHEMA_URL: open_badges_schema(),
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
    badges = {name: make(issuer) for name, make in FORMS.items()}
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


def issue_with_node(unsigned, key, issuer, by="bazaar"):
    method = did.verification_method(issuer, key.public_key())
    return node.run(
        {
            "mode": "issue",
            "by": by,
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


@pytest.mark.parametrize("by", VERIFIERS)
@pytest.mark.parametrize("issuer", ISSUERS.values(), ids=ISSUERS.keys())
def test_a_badge_signed_by_node_is_verified_by_us_and_its_tampered_copies_are_not(issuer, by):
    theirs = issue_with_node(credential.build(make_award(issuer)), KEY, issuer, by)
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


@pytest.mark.parametrize("by", VERIFIERS)
def test_a_minimal_badge_of_another_issuer_is_verified_by_us(by):
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
    signed = issue_with_node(foreign, OTHER_KEY, other, by)
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
    datasets = [random_dataset(seed) for seed in range(AWKWARD_GRAPHS)]
    texts = [
        "".join(" ".join(part for part in quad if part) + " .\n" for quad in dataset) for dataset in datasets
    ]
    theirs = node.run({"mode": "canonise", "documents": {}, "datasets": texts})
    for dataset, expected in zip(datasets, theirs, strict=True):
        assert canonicalise(dataset) == expected
