"""Real workers before a real mail server: whoever is killed, each mail arrives, under one Message-ID."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from tests.smtp import MailServer, listening
from workbench.models import Mail
from workbench.models.mail import MailState
from workbench.notifying import notify

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60

Worker = subprocess.Popen


@pytest.fixture
def server() -> Iterator[MailServer]:
    with listening() as server:
        yield server


@pytest.fixture
def start(environment, server: MailServer) -> Iterator[Callable[[], Worker]]:
    """Start a worker that sends through the server of the test."""
    workers: list[Worker] = []

    def start_worker() -> Worker:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "work", "--interval", "0.2"],
            cwd=ROOT,
            env=environment | {"EMAIL_URL": server.url},
            stdout=subprocess.DEVNULL,
        )
        workers.append(worker)
        return worker

    yield start_worker
    for worker in workers:
        worker.kill()
        worker.wait()


def tell(person, number: int = 1) -> None:
    EmailAddress.objects.get_or_create(user=person, email=person.email, verified=True, primary=True)
    names = {"achievement": {"en": "Firewalls"}, "programme": {"en": "Pilot"}}
    with transaction.atomic():
        for _number in range(number):
            notify(person, "decided", person, outcome="return", **names)


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "it did not come to pass in time"
        time.sleep(0.1)


def all_sent() -> bool:
    return not Mail.objects.exclude(state=MailState.SENT).exists()


def test_two_workers_send_each_of_many_mails_once(ada, alan, server, start) -> None:
    for person in (ada, alan):
        tell(person, 6)
    start(), start()
    wait_until(all_sent)
    assert len(server.ids) == len(set(server.ids)) == 12
    assert {message["To"] for message in server.taken} == {"ada@example.org", "alan@example.org"}
    first = server.taken[0]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["List-Unsubscribe"].strip().startswith("<http://testserver/notifications/unsubscribe/")
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]


def test_a_worker_killed_before_it_hears_the_answer_repeats_nothing_but_the_same_id(
    ada, server, start
) -> None:
    tell(ada)
    worker = start()
    server.before_reply = worker.kill
    wait_until(lambda: worker.poll() is not None)
    server.before_reply = lambda: None
    mail = Mail.objects.get()
    assert (mail.state, mail.tries) == (MailState.WAITING, 1)
    assert mail.available_at > timezone.now(), "no other worker takes it while the lease runs"
    with transaction.atomic():
        Mail.objects.update(available_at=timezone.now() - timedelta(seconds=1))
    start()
    wait_until(all_sent)
    assert server.ids == [f"<{mail.pk}@testserver>"] * 2
    assert Mail.objects.get().tries == 2


def test_a_worker_that_is_told_to_stop_notes_what_it_sends_first(ada, server, start) -> None:
    tell(ada)
    worker = start()

    def stop_while_the_server_thinks() -> None:
        worker.terminate()
        time.sleep(1)

    server.before_reply = stop_while_the_server_thinks
    wait_until(lambda: worker.poll() is not None)
    assert all_sent() and len(server.ids) == 1
