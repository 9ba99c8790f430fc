"""Keys come and go, badges stay: independent verifiers follow our DID document and key set through it all."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from jsonschema import Draft201909Validator

from badges.compromising import compromise
from badges.identifying import verification_method
from badges.listing import sign_due_lists
from badges.models import Credential
from badges.openbadges import did, parsing, proof
from badges.resigning import resign_all
from badges.rotating import prepare_keys, rotate_key
from badges.signing import private_half
from badges.suspending import reinstate, suspend
from badges.verifying import verify
from tests import factories
from tests.interop import node
from tests.interop.cases import SCHEMA_URL, VERIFIERS
from tests.openbadges.awards import bundled_documents, open_badges_schema
from workbench import jobs

pytestmark = pytest.mark.interop


@pytest.fixture(autouse=True)
def verifiers():
    node.need_verifiers()


@pytest.fixture
def earn(programme, bo):
    def earn() -> Credential:
        learner = factories.make_user(f"Learner{next(factories.numbers)} X")
        factories.enrol(programme, learner)
        factories.make_decision(factories.make_submission(learner, programme), bo)
        jobs.run_due()
        return Credential.objects.get(learner=learner)

    return earn


@pytest.fixture
def ask(client, site):
    """Both verifiers, with what the product serves to anybody at this moment."""

    def served(url):
        answer = client.get(urlsplit(url).path, secure=site.startswith("https:"))
        assert answer.status_code == 200, url
        return json.loads(answer.content)

    def ask(badges: dict[str, str]):
        documents = bundled_documents() | {SCHEMA_URL: open_badges_schema()}
        credentials = {name: json.loads(text) for name, text in badges.items()}
        for badge in credentials.values():
            issuer, url = badge["issuer"]["id"], badge["credentialStatus"]["statusListCredential"]
            documents[url] = served(url)
            if issuer.startswith(did.WEB_PREFIX):
                documents[issuer] = documents[did.document_url(issuer)] = served(did.document_url(issuer))
        return node.run({"mode": "verify", "documents": documents, "credentials": credentials})

    return ask


@pytest.fixture
def ask_jose(client, site):
    def ask(tokens: dict[str, str]):
        answer = client.get("/issuers/lille/jwks.json", secure=site.startswith("https:"))
        now = timezone.now().timestamp() + 1
        job = {"mode": "verify", "keys": json.loads(answer.content), "now": now, "tokens": tokens}
        return {name: one["verified"] for name, one in node.run(job, "jwt.mjs").items()}

    return ask


def test_after_five_rotations_every_badge_is_accepted_by_all(earn, ask, ask_jose, organisation):
    """Every second time the keys were made ahead."""
    badges = [earn()]
    for number in range(5):
        if number % 2:
            prepare_keys(organisation, by=None)
        rotate_key(organisation, by=None)
        badges.append(earn())
    assert len({badge.signing_key_id for badge in badges}) == len({badge.jwt_key_id for badge in badges}) == 6
    answers = ask({str(badge.pk): badge.signed for badge in badges})
    for badge in badges:
        for verifier in VERIFIERS:
            answer = answers[str(badge.pk)][verifier]
            assert answer["verified"] and not answer["revoked"], (verifier, answer["why"])
        assert verify(badge.signed.encode()).verified and verify(badge.jwt.encode()).verified
    assert all(ask_jose({str(badge.pk): badge.jwt for badge in badges}).values())


def test_a_thief_is_refused_by_all_and_badges_signed_again_are_accepted(earn, ask, ask_jose, site):
    """The thief dates a badge before the theft. Where the issuer is a did:key, only we can refuse it."""
    badge = earn()
    old, old_jwt, old_key = badge.signed, badge.jwt, badge.signing_key
    document = {name: value for name, value in json.loads(old).items() if name != "proof"}
    stolen = proof.sign(
        document | {"name": "Better badge"},
        private_half(old_key),
        verification_method(old_key),
        badge.issued_at - timedelta(days=30),
    )
    forged = parsing.serialise(stolen)
    assert all(ask({"forged": forged})["forged"][verifier]["verified"] for verifier in VERIFIERS)
    for key in (old_key, badge.jwt_key):
        compromise(key, since=timezone.now(), by=None)
    sign_due_lists()
    assert not verify(forged.encode()).verified
    refused = [ask({"forged": forged})["forged"][verifier]["verified"] for verifier in VERIFIERS]
    assert refused == [not site.startswith("https:")] * len(VERIFIERS)
    assert ask_jose({"old": old_jwt}) == {"old": False}
    for key in (old_key, badge.jwt_key):
        resign_all(key, by=None)
    jobs.run_due()
    sign_due_lists()
    badge.refresh_from_db()
    answers = ask({"again": badge.signed})["again"]
    for verifier in VERIFIERS:
        assert answers[verifier]["verified"] and not answers[verifier]["revoked"], answers[verifier]["why"]
    assert ask_jose({"again": badge.jwt}) == {"again": True}
    assert answers["dcc"]["schema"][0]["result"] == {"valid": True}
    if not site.startswith("https:"):  # the former place says that the former copy is not to be relied on
        assert all(ask({"old": old})["old"][verifier]["revoked"] for verifier in VERIFIERS)


def test_a_suspended_badge_is_refused_by_all_and_accepted_again(earn, ask, root):
    badge = earn()
    suspend(badge, reason="Looked into.", by=root)
    sign_due_lists()
    assert all(ask({"badge": badge.signed})["badge"][verifier]["revoked"] for verifier in VERIFIERS)
    reinstate(badge, by=root)
    sign_due_lists()
    answers = ask({"badge": badge.signed})["badge"]
    assert all(answers[verifier]["verified"] and not answers[verifier]["revoked"] for verifier in VERIFIERS)


def test_two_status_entries_would_break_the_schema_and_so_there_is_one(earn, ask):
    """Why a suspension is told by the entry for revocation: see decision 0010."""
    badge = json.loads(earn().signed)
    document = {name: value for name, value in badge.items() if name != "proof"}
    entry = document["credentialStatus"]
    both = document | {"credentialStatus": [entry, {**entry, "id": entry["id"] + "s"}]}
    answers = ask({"one": json.dumps(badge)})["one"]
    assert answers["dcc"]["schema"][0]["result"]["valid"]
    errors = list(Draft201909Validator(open_badges_schema()).iter_errors(both))
    assert any(list(error.absolute_path) == ["credentialStatus"] for error in errors)
