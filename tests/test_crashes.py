"""Whoever is killed, and whenever: one approved decision has exactly one badge in the end."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from badges.issuing import ISSUE
from badges.models import Credential
from badges.verifying import verify
from reviews.models import Decision, Review
from tests import factories
from workbench.audit import breaks
from workbench.models import Event, Job
from workbench.models.job import JobState

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60

START = """
import os, signal, sys
import django
django.setup()

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
"""
DECIDE = """
from reviews.deciding import decide
from reviews.models import Review
from reviews.models.decision import Outcome
review = Review.objects.get(pk=sys.argv[1])
decide(review, outcome=Outcome.APPROVE, feedback="Good work.", by=review.assessor)
"""
KILLED_AFTER_DECIDING = START + DECIDE + "die()\n"
KILLED_WHILE_DECIDING = START + "import reviews.deciding\nreviews.deciding.record = die\n" + DECIDE
KILLED_WHILE_PLANNING = START + "import badges.issuing\nbadges.issuing.record = die\n" + DECIDE

WORK = """
from workbench import jobs
jobs.run_due()
"""
KILLED_BEFORE_STORING = (
    START
    + """
import badges.issuing
sign = badges.issuing.signed_text
badges.issuing.signed_text = lambda credential: (sign(credential), die())
"""
    + WORK
)
KILLED_WHILE_STORING = START + "import badges.issuing\nbadges.issuing.record = die\n" + WORK
KILLED_AFTER_STORING = (
    START
    + """
import badges.tasks
issue = badges.tasks.issue
badges.tasks.issue = lambda pk: (issue(pk), die())
"""
    + WORK
)


@pytest.fixture
def review(ada, bo, programme) -> Review:
    return factories.make_review(factories.make_submission(ada, programme), bo)


def run(code: str, *arguments: object, environment: dict[str, str]) -> int:
    """Run Python in a process of its own; returns how it ended (-9: killed)."""
    finished = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        timeout=PATIENCE,
        check=False,
    )
    return finished.returncode


def manage(*arguments: str, environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        timeout=PATIENCE,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def let_leases_end() -> None:
    """A killed worker's lease ends by itself after some seconds; here at once."""
    with transaction.atomic():
        running = Job.objects.filter(kind=ISSUE, state=JobState.RUNNING)
        running.update(lease_until=timezone.now() - timedelta(seconds=1))


def assert_one_good_badge() -> None:
    decision = Decision.objects.get()
    credential = Credential.objects.get()
    assert credential.decision_id == decision.pk
    assert credential.state == "issued"
    assert verify(credential.signed.encode()).verified
    verbs = list(Event.objects.about(credential).in_order().values_list("verb", flat=True))
    assert verbs == ["badge-planned", "badge-issued"]
    assert not list(breaks())
    assert Job.objects.get(kind=ISSUE).state == JobState.DONE
    call_command("check_audit")


def test_killed_between_deciding_and_issuing(review, environment):
    assert run(KILLED_AFTER_DECIDING, review.pk, environment=environment) == -signal.SIGKILL
    assert Credential.objects.get().state == "planned"
    manage("reconcile", environment=environment)
    assert_one_good_badge()


@pytest.mark.parametrize("code", [KILLED_WHILE_PLANNING, KILLED_WHILE_DECIDING], ids=["planning", "deciding"])
def test_killed_while_deciding_leaves_nothing_and_bo_decides_again(review, environment, code):
    before = Event.objects.count()
    assert run(code, review.pk, environment=environment) == -signal.SIGKILL
    assert not Decision.objects.exists()
    assert not Credential.objects.exists()
    assert not Job.objects.filter(kind=ISSUE).exists()
    assert Event.objects.count() == before
    assert run(START + DECIDE, review.pk, environment=environment) == 0
    manage("reconcile", environment=environment)
    assert_one_good_badge()


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (KILLED_BEFORE_STORING, "planned"),
        (KILLED_WHILE_STORING, "planned"),
        (KILLED_AFTER_STORING, "issued"),
    ],
    ids=["before storing", "while storing", "after storing"],
)
def test_a_killed_worker_leaves_work_that_is_found(review, environment, code, state):
    run(START + DECIDE, review.pk, environment=environment)
    assert run(code, environment=environment) == -signal.SIGKILL
    credential = Credential.objects.get()
    assert credential.state == state
    assert Job.objects.get(kind=ISSUE).state == JobState.RUNNING
    let_leases_end()
    manage("reconcile", environment=environment)
    assert_one_good_badge()
    if state == "issued":
        assert Credential.objects.get().signed == credential.signed


def test_before_its_lease_ends_nobody_takes_a_killed_workers_job(review, environment):
    run(START + DECIDE, review.pk, environment=environment)
    run(KILLED_BEFORE_STORING, environment=environment)
    manage("reconcile", environment=environment)
    assert Credential.objects.get().state == "planned"


def test_the_next_worker_finishes_what_a_killed_one_left(review, environment):
    run(START + DECIDE, review.pk, environment=environment)
    for _crash in range(3):
        assert run(KILLED_BEFORE_STORING, environment=environment) == -signal.SIGKILL
        let_leases_end()
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "work", "--interval", "0.1"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + PATIENCE
        while Job.objects.get(kind=ISSUE).state != JobState.DONE and time.monotonic() < until:
            time.sleep(0.2)
    finally:
        worker.kill()
        worker.wait()
    assert_one_good_badge()
