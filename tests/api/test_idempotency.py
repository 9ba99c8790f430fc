"""A POST repeated with its key changes nothing and gives the same answer."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.models import Evidence, Submission
from tests import factories
from tests.api.conftest import refused
from workbench.api.idempotency import forget_old_replies
from workbench.models import IdempotentReply


@pytest.fixture
def body(programme, achievement) -> dict[str, str]:
    return {"programme": str(programme.pk), "achievement": str(achievement.pk)}


def rules(content: bytes = factories.RULES) -> BytesIO:
    file = BytesIO(content)
    file.name = "rules.v4"
    return file


def test_asking_again_gives_the_same_answer(calls, ada, body):
    ada = calls(ada)
    first = ada.post("/submissions", body, key="start-1")
    again = ada.post("/submissions", body, key="start-1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content and first["Content-Type"] == again["Content-Type"]
    assert "Idempotent-Replayed" not in first and again["Idempotent-Replayed"] == "true"
    assert Submission.objects.count() == 1


def test_a_refusal_is_an_answer_too(calls, ada, body):
    ada = calls(ada)
    ada.post("/submissions", body)
    first = ada.post("/submissions", body, key="start-2")
    Submission.objects.all().delete()
    again = ada.post("/submissions", body, key="start-2")
    assert refused(first, 409, "already-open") == refused(again, 409, "already-open")


def test_another_request_needs_another_key(calls, ada, alan, body):
    ada = calls(ada)
    ada.post("/submissions", body, key="one")
    refused(
        ada.post("/submissions", body | {"achievement": "other"}, key="one"), 422, "idempotency-key-reused"
    )
    refused(ada.post("/reports", body, key="one"), 422, "idempotency-key-reused")
    assert calls(alan).post("/submissions", body, key="one").status_code == 201  # keys are one's own


def test_the_same_file_is_the_same_request(calls, ada, programme):
    draft = factories.make_draft(ada, programme)
    path = f"/submissions/{draft.pk}/evidence"
    ada = calls(ada)
    first = ada.upload(path, key="file", file=rules(), title="Rules")
    again = ada.upload(path, key="file", file=rules(), title="Rules")
    assert first.status_code == 201 and first.content == again.content
    assert Evidence.objects.count() == 1
    for other in (
        {"file": rules(b"*filter\nCOMMIT\n"), "title": "Rules"},
        {"file": rules(), "title": "Else"},
    ):
        refused(ada.upload(path, key="file", **other), 422, "idempotency-key-reused")
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 201, "with space", "é"])
def test_a_key_that_is_no_key_is_refused(calls, ada, body, key):
    refused(calls(ada).post("/submissions", body, key=key), 400, "bad-idempotency-key")


def test_a_request_that_is_being_worked_on_is_409_until_it_counts_as_crashed(calls, ada, body):
    api = calls(ada)
    assert api.post("/submissions", body, key="slow").status_code == 201
    Submission.objects.all().delete()
    IdempotentReply.objects.update(status=None, body=b"", created_at=timezone.now() - timedelta(seconds=50))
    refused(api.post("/submissions", body, key="slow"), 409, "in-progress")
    IdempotentReply.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    assert api.post("/submissions", body, key="slow").status_code == 201
    assert api.post("/submissions", body, key="slow")["Idempotent-Replayed"] == "true"


def test_a_failure_of_ours_is_not_kept(calls, ada, body, monkeypatch):
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    api = calls(ada)
    api.client = Client(raise_request_exception=False)
    with monkeypatch.context() as patched:
        patched.setattr("assessments.api.submissions.start", broken)
        refused(api.post("/submissions", body, key="k"), 500, "server-error")
    assert not IdempotentReply.objects.exists()
    assert api.post("/submissions", body, key="k").status_code == 201


def test_without_a_token_no_key_is_kept(calls, body, db):
    refused(calls(None).post("/submissions", body, key="k"), 401, "unauthorized")
    assert not IdempotentReply.objects.exists()


def test_only_posts_honour_a_key(calls, ada):
    ada = calls(ada)
    ada.headers["Idempotency-Key"] = "read"
    assert ada.get("/me").status_code == 200
    assert not IdempotentReply.objects.exists()


def test_old_replies_are_forgotten(calls, ada, body):
    ada = calls(ada)
    ada.post("/submissions", body, key="old")
    assert forget_old_replies() == 0
    IdempotentReply.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert forget_old_replies() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_works(calls, ada, programme):
    draft = factories.make_draft(ada, programme)
    api = calls(ada)
    gate = threading.Barrier(8)
    answers: list[tuple[int, bytes]] = []

    def ask() -> None:
        gate.wait()
        fields = {"text": "Ordered by use.", "title": "Why"}
        headers = api.headers | {"Idempotency-Key": "at-once"}
        response = Client().post(f"/api/v1/submissions/{draft.pk}/evidence", fields, headers=headers)
        answers.append((response.status_code, response.content))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Evidence.objects.count() == 1
    assert {status for status, _body in answers} <= {201, 409}
    assert len({content for status, content in answers if status == 201}) == 1
