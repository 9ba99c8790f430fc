"""Verifying over the API: any badge, in any of its forms, without a token."""

import json
from io import BytesIO
from typing import Any

import pytest

from badges.models import Credential
from tests import factories
from tests.api.conftest import refused
from workbench.jobs import run_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge(ada, bo, programme) -> Credential:
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    run_due()
    return Credential.objects.get(decision_id=decision.pk)


def named(content: bytes, name: str) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def failed(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    assert answer.json()["verified"] is False
    return [check["name"] for check in answer.json()["checks"] if check["passed"] is False]


def test_a_badge_verifies_as_object_text_address_and_file(calls, badge):
    api = calls(None)
    answers = [
        api.post("/verify", {"credential": json.loads(badge.signed)}),
        api.post("/verify", {"credential": badge.signed}),
        api.post("/verify", {"url": badge.url}),
        api.post("/verify", {"url": f"{badge.url}.png"}),
        api.upload("/verify", file=named(badge.signed.encode(), "badge.json")),
        api.upload("/verify", url=badge.url),
        api.upload("/verify", credential=badge.signed),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.content
        assert answer.json()["verified"] is True
        assert {check["name"] for check in answer.json()["checks"]} >= {"proof", "status", "dates"}
        told = {"name", "passed", "code", "detail", "advice"}
        assert all(check.keys() == told for check in answer.json()["checks"])


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_baked_image_verifies(calls, client, badge, suffix):
    image = client.get(f"/badges/{badge.pk}.{suffix}")
    content = b"".join(image.streaming_content) if image.streaming else image.content
    answer = calls(None).upload("/verify", file=named(content, f"badge.{suffix}"))
    assert answer.json()["verified"] is True


def test_a_changed_word_fails_the_proof(calls, badge):
    credential = json.loads(badge.signed)
    credential["credentialSubject"]["achievement"]["name"] = "Everything"
    assert "proof" in failed(calls(None).post("/verify", {"credential": credential}))


def test_what_is_no_badge_fails_the_structure(calls):
    api = calls(None)
    assert "structure" in failed(api.post("/verify", {"credential": {}}))
    assert "structure" in failed(api.post("/verify", {"credential": {"name": "x"}}))
    assert "structure" in failed(api.upload("/verify", file=named(b"just a text", "badge.json")))
    twice = '{"credential": {"id": "a", "id": "b"}}'
    answer = api.client.post("/api/v1/verify", twice, "application/json")
    assert "structure" in failed(answer)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "one-source"),
        ({"url": "http://testserver/badges/x", "credential": {}}, 422, "one-source"),
        ({"url": 3}, 422, "one-source"),
        ({"credential": []}, 422, "one-source"),
        ({"credential": ""}, 422, "nothing-to-verify"),
        ({"url": "https://elsewhere.example/badge"}, 422, "foreign-address"),
        ({"url": "http://169.254.169.254/latest"}, 422, "foreign-address"),
        ({"url": "file:///etc/passwd"}, 422, "foreign-address"),
        ({"url": ""}, 422, "foreign-address"),
        ({"url": "http://testserver/badges/00000000-0000-4000-8000-000000000000"}, 422, "unknown-badge"),
        ([], 400, "malformed"),
        ("text", 400, "malformed"),
        ({"credential": "\ud800"}, 400, "malformed"),
    ],
)
def test_what_cannot_be_verified_is_refused(calls, db, body, status, code):
    refused(calls(None).post("/verify", body), status, code)


def test_a_file_beside_an_address_or_too_large_is_refused(calls, db):
    api = calls(None)
    refused(api.upload("/verify", file=named(b"{}", "a.json"), url="x"), 422, "one-source")
    refused(api.upload("/verify", file=named(b"x" * (2 * 1024 * 1024 + 1), "a.png")), 422, "too-large")
    refused(api.upload("/verify", file=named(b"", "a.json")), 422, "nothing-to-verify")
    refused(api.upload("/verify"), 422, "one-source")


def test_whoever_asks_too_often_is_told_when_to_come_back(calls, badge):
    api = calls(None)
    answers = [api.post("/verify", {"url": badge.url}) for _ in range(32)]
    problem = answers[-1]
    refused(problem, 429, "too-many-requests")
    assert 0 < int(problem["Retry-After"]) <= 60
