"""Probes: alive says little, ready says everything."""

import logging.config

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now
from django.urls import reverse

from workbench.access import may
from workbench.models import Job, Mail, Organisation, Token, User, WorkerPulse
from workbench.storage import FolderStorage

pytestmark = pytest.mark.django_db


def test_the_process_answers_without_a_session(client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_ready_names_what_is_missing(client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": True, "storage": True, "keys": True, "worker": False}


def test_ready_when_everything_is_there_and_counts_what_was_given_up(client) -> None:
    WorkerPulse.objects.create(name="worker", at=Now())
    Job.objects.create(kind="count", subject_id="00000000-0000-4000-8000-000000000000", state="dead")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"], answer.json()["dead_jobs"]) == (200, True, 1)
    assert answer.json()["failed_mails"] == 0


def test_ready_counts_the_mails_that_were_given_up(client) -> None:
    person = User.objects.create_user("ada@example.org", name="Ada")
    for state in ("failed", "failed", "waiting"):
        Mail.objects.create(recipient=person, state=state)
    assert client.get("/readyz").json()["failed_mails"] == 2


def test_a_database_without_its_tables_is_not_ready_and_says_so(client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE workbench_job RENAME TO workbench_job_of_later")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "dead_jobs" not in answer.json()


def test_a_probe_that_hears_not_yet_is_no_error_in_the_log(client, capsys) -> None:
    logging.config.dictConfig(settings.LOGGING)
    assert client.get("/readyz").status_code == 503
    client.get("/nonsense")
    lines = [
        line for line in capsys.readouterr().err.splitlines() if "django.request" in line or "/readyz" in line
    ]
    assert len(lines) == 1
    assert "/nonsense" in lines[0]


def test_a_storage_that_fails_is_seen(client, monkeypatch) -> None:
    def broken(*_arguments: object) -> str:
        raise OSError("disk full")

    monkeypatch.setattr(FolderStorage, "_save", broken)
    assert client.get("/readyz").json()["checks"]["storage"] is False


def test_headers_of_every_page(client) -> None:
    answer = client.get(reverse("account_login"))
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_an_organisation_is_founded_with_its_administrator(capsys) -> None:
    for _time in range(2):
        call_command("found_organisation", "lille", "Université de Lille", administrator="root@univ.example")
    person = User.objects.get(email="root@univ.example")
    assert may(person, "administer", Organisation.objects.get(slug="lille"))
    assert not person.has_usable_password()
    with pytest.raises(CommandError):
        call_command("found_organisation", "not a slug", "X", administrator="root@univ.example")


def test_a_token_stands_alone_on_the_last_line(capsys, dee) -> None:
    call_command("create_token", dee.email)
    token = capsys.readouterr().out.splitlines()[-1]
    assert dee.tokens.get().digest not in token
    assert Token.objects.for_secret(token).user == dee
    with pytest.raises(CommandError, match="nobody"):
        call_command("create_token", "nobody@example.org")
