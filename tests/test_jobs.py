"""Background work: done once, tried again, given up in the end, and never lost."""

import time
import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from workbench import jobs
from workbench.models import Job
from workbench.models.job import JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch):
    """A kind of work that counts its calls and fails as often as told."""

    class Work:
        def __init__(self) -> None:
            self.calls: list[uuid.UUID] = []
            self.failures = 0

        def __call__(self, subject: uuid.UUID) -> None:
            self.calls.append(subject)
            if len(self.calls) <= self.failures:
                raise ConnectionError("the address of a learner must not reach the row")

    work = Work()
    monkeypatch.setitem(jobs.HANDLERS, "count", work)
    return work


def test_asking_twice_is_asking_once(kind) -> None:
    subject = uuid.uuid4()
    assert jobs.enqueue("count", subject) == jobs.enqueue("count", subject)
    assert jobs.run_due() == 1
    assert kind.calls == [subject]
    assert Job.objects.get().state == JobState.DONE


def test_asking_again_for_finished_work_does_it_again(kind) -> None:
    subject = uuid.uuid4()
    for _time in range(2):
        jobs.enqueue("count", subject)
        jobs.run_due()
    assert kind.calls == [subject, subject]


def test_work_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(LookupError):
        jobs.enqueue("no such kind", uuid.uuid4())


def test_a_change_that_is_rolled_back_asks_for_nothing(kind) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("count", uuid.uuid4())
        1 / 0  # noqa: B018
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_failure_waits_longer_each_time_and_names_no_detail(kind) -> None:
    kind.failures = 2
    job = jobs.enqueue("count", uuid.uuid4())
    pauses = []
    for _try in range(2):
        jobs.run_job.call(str(job.pk))
        job.refresh_from_db()
        assert (job.state, job.error) == (JobState.WAITING, "ConnectionError")
        pauses.append(job.available_at - timezone.now())
        Job.objects.update(available_at=Now())
    assert pauses[1] > pauses[0] > timedelta(0)
    jobs.run_job.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.error, len(kind.calls)) == (JobState.DONE, "", 3)


def test_work_that_always_fails_is_given_up_and_can_be_revived(kind) -> None:
    kind.failures = 1000
    job = jobs.enqueue("count", uuid.uuid4())
    for _try in range(jobs.MAX_TRIES + 3):
        Job.objects.filter(state=JobState.WAITING).update(available_at=Now())
        jobs.run_due()
    job.refresh_from_db()
    assert (job.state, job.tries, len(kind.calls)) == (JobState.DEAD, jobs.MAX_TRIES, jobs.MAX_TRIES)
    kind.failures = 0
    assert jobs.revive_dead() == 1
    jobs.run_due()
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_work_of_a_killed_worker_is_found_when_its_lease_ends(kind) -> None:
    job = jobs.enqueue("count", uuid.uuid4())
    DBTaskResult.objects.all().delete()  # the killed worker had taken the task
    Job.objects.update(state=JobState.RUNNING, tries=1, lease_until=timezone.now() + timedelta(seconds=20))
    assert jobs.reconcile()["jobs"] == 0
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.reconcile()["jobs"] == 1
    assert str(job.pk) in str(DBTaskResult.objects.get().args_kwargs)
    assert jobs.run_due() == 1
    assert len(kind.calls) == 1


def test_waiting_work_is_enqueued_again_only_when_its_task_is_long_gone(kind) -> None:
    jobs.enqueue("count", uuid.uuid4())
    assert jobs.reconcile()["jobs"] == 0
    Job.objects.update(available_at=timezone.now() - 2 * jobs.OVERDUE)
    assert jobs.reconcile()["jobs"] == 1
    assert jobs.reconcile()["jobs"] == 0


def test_a_worker_that_lost_its_lease_does_not_finish_the_job_of_another(kind, monkeypatch) -> None:
    job = jobs.enqueue("count", uuid.uuid4())

    def taken_over(_subject: uuid.UUID) -> None:
        Job.objects.update(tries=5)  # another worker took the job after the lease ended

    monkeypatch.setitem(jobs.HANDLERS, "count", taken_over)
    jobs.run_job.call(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


@pytest.mark.django_db(transaction=True)
def test_long_work_keeps_its_lease(kind, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.05)
    job = jobs.enqueue("count", uuid.uuid4())
    seen = []

    def slow(_subject: uuid.UUID) -> None:
        Job.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
        for _look in range(100):
            job.refresh_from_db()
            if job.lease_until > timezone.now():
                seen.append(job.lease_until)
                return
            time.sleep(0.05)

    monkeypatch.setitem(jobs.HANDLERS, "count", slow)
    jobs.run_job.call(str(job.pk))
    assert seen
