"""Refusals: each kind as a problem document with a code to rely on."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.api import me
from tests import factories
from tests.api.conftest import refused
from workbench.api.problems import server_error
from workbench.models import Token

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "Token x"])
def test_without_a_good_token_nobody_enters(calls, header):
    api = calls(None)
    if header is not None:
        api.headers["Authorization"] = header
    response = api.get("/me")
    refused(response, 401, "unauthorized")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_or_expired_token_or_a_closed_account_opens_nothing(calls, ada):
    api = calls(ada)
    assert api.get("/me").status_code == 200
    token = Token.objects.get(user=ada)
    for change in (
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ):
        Token.objects.filter(pk=token.pk).update(**change)
        refused(api.get("/me"), 401, "unauthorized")
        Token.objects.filter(pk=token.pk).update(revoked_at=None, expires_at=None)
    ada.is_active = False
    ada.save()
    refused(api.get("/me"), 401, "unauthorized")


def test_the_scheme_may_be_written_in_any_case(calls, ada):
    api = calls(ada)
    api.headers["Authorization"] = api.headers["Authorization"].replace("Bearer", "bearer")
    assert api.get("/me").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/me/",
        "/submissions/no-id",
        "/submissions/00000000-0000-4000-8000-00000000dead",
        "/../x",
        "/submissions/%00",
        "/",
    ],
)
def test_what_is_not_there_is_404(calls, ada, path):
    refused(calls(ada).get(path), 404, "not-found")


def test_other_methods_are_405_and_say_which_are_answered(calls, ada):
    api = calls(ada)
    response = api.delete("/me")
    refused(response, 405, "method-not-allowed")
    assert response["Allow"] == "GET"
    refused(api.post("/openapi.json"), 405, "method-not-allowed")


@pytest.mark.parametrize("body", ["{", "", "nothing", "[" * 100_000, '{"a": NaN', "\xff"])
def test_a_body_that_is_no_json_is_refused(calls, ada, body):
    api = calls(ada)
    response = api.client.post("/api/v1/submissions", body, "application/json", headers=api.headers)
    if body:
        refused(response, 400, "malformed")
    else:
        refused(response, 422, "invalid")


def test_each_wrong_field_is_named(calls, bo, programme, ada):
    review = factories.make_review(factories.make_submission(ada, programme), bo, position=None)
    body = {
        "version": "first",
        "scores": [
            {"criterion": str(uuid.uuid4())},
            {"criterion": "x", "level": 3, "comment": "y" * 5001},
        ],
    }
    problem = refused(calls(bo).put(f"/reviews/{review.pk}/scores", body), 422, "invalid")
    assert [(error["location"], error["field"], error["code"]) for error in problem["errors"]] == [
        ("body", "version", "int-parsing"),
        ("body", "scores.1.criterion", "uuid-parsing"),
        ("body", "scores.1.level", "uuid-type"),
        ("body", "scores.1.comment", "string-too-long"),
    ]
    assert all(error["detail"] for error in problem["errors"])


def test_a_missing_field_and_a_wrong_query_are_named(calls, ada):
    problem = refused(calls(ada).post("/submissions", {"programme": str(uuid.uuid4())}), 422, "invalid")
    assert problem["errors"] == [
        {
            "location": "body",
            "field": "achievement",
            "code": "missing",
            "detail": "This field is required.",
        }
    ]
    problem = refused(calls(ada).get("/submissions", limit=101, state="lost"), 422, "invalid")
    assert [(error["location"], error["field"]) for error in problem["errors"]] == [
        ("query", "limit"),
        ("query", "state"),
    ]


@pytest.mark.parametrize("text", ["a\0b", "half \ud800"])
def test_texts_that_no_database_keeps_are_refused(calls, bo, ada, programme, text):
    review = factories.make_review(factories.make_submission(ada, programme), bo, position=None)
    problem = refused(
        calls(bo).post(f"/reviews/{review.pk}/decision", {"outcome": "reject", "feedback": text}),
        422,
        "invalid",
    )
    assert problem["errors"][0]["field"] == "feedback"


def test_a_rule_of_the_trade_gives_its_code(calls, ada, programme, achievement):
    api = calls(ada)
    body = {"programme": str(programme.pk), "achievement": str(achievement.pk)}
    assert api.post("/submissions", body).status_code == 201
    refused(api.post("/submissions", body), 409, "already-open")
    unoffered = factories.make_achievement(programme.organisation)
    refused(api.post("/submissions", body | {"achievement": str(unoffered.pk)}), 422, "not-offered")


def test_messages_are_told_in_the_language_of_the_person(calls, ada, programme):
    ada.language = "fr"
    ada.save()
    answer = calls(ada).get(f"/programmes/{programme.pk}")
    assert answer.json()["name"] == "Pilote cybersécurité" and answer["Content-Language"] == "fr"
    assert calls(ada).get("/programmes").json()["items"][0]["names"]["nl"] == "Pilot cyberbeveiliging"


def test_a_large_body_is_413(calls, ada):
    response = calls(ada).post("/submissions", {"programme": "x" * 3_000_000})
    refused(response, 413, "too-large")


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "application/xml"],
)
def test_a_broken_form_is_refused(calls, ada, programme, content_type):
    api = calls(ada)
    draft = factories.make_draft(ada, programme)
    response = api.client.generic(
        "POST", f"/api/v1/submissions/{draft.pk}/evidence", "--nothing", content_type, headers=api.headers
    )
    assert response.status_code in (400, 422)
    refused(response, response.status_code, "malformed" if response.status_code == 400 else "one-source")


def test_too_many_fields_are_refused(calls, ada, programme):
    draft = factories.make_draft(ada, programme)
    response = calls(ada).upload(f"/submissions/{draft.pk}/evidence", criteria=["x"] * 2001, text="y")
    refused(response, 400, "malformed")


def test_the_unexpected_is_told_without_details(calls, ada, monkeypatch):
    def broken(_self: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(me.Enrolment.objects, "filter", lambda **_: broken(None))
    api = calls(ada)
    api.client = Client(raise_request_exception=False)
    response = api.get("/me")
    refused(response, 500, "server-error")
    assert b"secret" not in response.content


def test_outside_the_api_the_unexpected_is_a_page(rf):
    response = server_error(rf.get("/verify"))
    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")


def test_answers_are_not_kept_by_caches(calls, ada):
    assert calls(ada).get("/me")["Cache-Control"] == "no-store"
