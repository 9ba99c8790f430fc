"""A badge that the workbench issued, from decision to worker, is judged by independent verifiers."""

import copy
import json
from urllib.parse import urlsplit

import pytest

from badges.listing import sign_due_lists
from badges.openbadges import did
from badges.revoking import revoke
from badges.verifying import verify
from tests.interop import node
from tests.interop.cases import HARMLESS, SCHEMA_URL, TAMPERINGS, VERIFIERS
from tests.openbadges.awards import bundled_documents, open_badges_schema

pytestmark = pytest.mark.interop


@pytest.fixture(autouse=True)
def verifiers():
    node.need_verifiers()


def served(client, url, site):
    """What a stranger without an account gets from the product."""
    answer = client.get(urlsplit(url).path, secure=site.startswith("https:"))
    assert answer.status_code == 200, url
    return json.loads(answer.content)


@pytest.fixture
def ask(client, site, issued):
    """The answers of the verifiers, which find on the network only what the product serves to anybody."""

    def ask(credentials):
        badge = json.loads(issued.signed)
        list_url = badge["credentialStatus"]["statusListCredential"]
        documents = bundled_documents() | {SCHEMA_URL: open_badges_schema()}
        documents[list_url] = served(client, list_url, site)
        issuer = badge["issuer"]["id"]
        if issuer.startswith(did.WEB_PREFIX):
            documents[issuer] = documents[did.document_url(issuer)] = served(
                client, did.document_url(issuer), site
            )
        return node.run({"mode": "verify", "documents": documents, "credentials": credentials})

    return ask


def test_what_the_worker_issued_is_accepted_by_both(ask, client, site, issued):
    badge = served(client, f"/badges/{issued.pk}.json", site)
    assert badge["issuer"]["id"].startswith("did:web:" if site.startswith("https:") else "did:key:")
    answers = ask({"issued": badge})["issued"]
    for verifier in VERIFIERS:
        assert answers[verifier]["verified"], (verifier, answers[verifier]["why"])
        assert not answers[verifier]["revoked"]
    assert answers["dcc"]["schema"][0]["result"] == {"valid": True}
    assert verify(issued.signed.encode()).verified


def test_every_tampered_copy_of_it_is_refused(ask, issued):
    copies = {}
    for name, change in TAMPERINGS.items():
        copies[name] = json.loads(issued.signed)
        change(copies[name])
    answers = ask(copy.deepcopy(copies))
    for name, badge in copies.items():
        if name not in HARMLESS:
            assert not verify(json.dumps(badge).encode()).verified, name
            assert [answers[name][verifier]["verified"] for verifier in VERIFIERS] == [False, False], name


def test_once_revoked_it_is_revoked_for_both(ask, issued, root):
    badge = json.loads(issued.signed)
    assert not any(ask({"issued": badge})["issued"][verifier]["revoked"] for verifier in VERIFIERS)
    revoke(issued, reason="The evidence was somebody else's.", by=root)
    sign_due_lists()
    answers = ask({"issued": badge})["issued"]
    for verifier in VERIFIERS:
        assert answers[verifier]["revoked"], (verifier, answers[verifier]["why"])
    assert not verify(issued.signed.encode()).verified
