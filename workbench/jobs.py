"""Background work with a lease, bounded tries and a dead-letter state.

django-tasks-db runs what is enqueued once and forgets a task whose worker was killed. Each piece of
work that must be finished is therefore a Job row, written in the transaction of what asked for it; the
task only carries the row's id, and ``reconcile`` enqueues every row that nobody holds any more.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks import task

from workbench.models import Job
from workbench.models.job import JobState

logger = logging.getLogger(__name__)

# A killed worker's job is free after the lease and found at the next beat of another worker, 30 s later:
# together less than the minute within which an approved decision must have its badge.
LEASE = timedelta(seconds=25)
BEAT_SECONDS = 8
# Waiting work that no task has taken for this long has lost its task.
OVERDUE = timedelta(seconds=15)
MAX_TRIES = 8
FIRST_PAUSE = timedelta(seconds=5)

Handler = Callable[[UUID], None]
HANDLERS: dict[str, Handler] = {}
GIVEN_UP: dict[str, Handler] = {}
SWEEPERS: dict[str, Callable[[], int]] = {}


def handles(kind: str, *, given_up: Handler | None = None) -> Callable[[Handler], Handler]:
    """Register a function that does one kind of work, given its subject's id. It must be idempotent.

    ``given_up`` is told the subject when the last try has failed.
    """

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        if given_up:
            GIVEN_UP[kind] = given_up
        return function

    return register


def sweeps(name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register a function that finds what a crash left and returns how much it set going again."""

    def register(function: Callable[[], int]) -> Callable[[], int]:
        SWEEPERS[name] = function
        return function

    return register


def enqueue(kind: str, subject_id: UUID) -> Job:
    """Ask for work, in the caller's transaction. Asking again for finished work does it again."""
    if kind not in HANDLERS:
        raise LookupError(f"no handler for {kind}")
    with transaction.atomic():
        job, created = Job.objects.get_or_create(kind=kind, subject_id=subject_id)
        if not created and job.state in {JobState.DONE, JobState.DEAD}:
            Job.objects.filter(pk=job.pk).update(
                state=JobState.WAITING,
                tries=0,
                available_at=Now(),
                lease_until=None,
                finished_at=None,
                error="",
            )
        run_job.enqueue(str(job.pk))
    return job


def _take(job_id: str) -> Job | None:
    """Take the lease with one conditional update; None when another worker has it or nothing is due."""
    taken = (
        Job.objects.due()
        .filter(pk=job_id)
        .update(state=JobState.RUNNING, lease_until=Now() + LEASE, tries=F("tries") + 1)
    )
    return Job.objects.get(pk=job_id) if taken else None


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Keep the lease while the handler works; a killed process stops beating and the lease ends."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(BEAT_SECONDS):
            try:
                Job.objects.filter(pk=job.pk, tries=job.tries, state=JobState.RUNNING).update(
                    lease_until=Now() + LEASE
                )
            except OperationalError:
                # A busy database: the lease outlasts several beats, so the next one is in time.
                logger.warning("a beat of job %s was lost", job.pk)
        connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.kind}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@task()
def run_job(job_id: str) -> None:
    job = _take(job_id)
    if job is None:
        return
    try:
        with _heartbeat(job):
            HANDLERS[job.kind](job.subject_id)
    except Exception as error:  # noqa: BLE001 (the one place that catches everything)
        # Whatever a job raises, the worker lives and the row says it.
        _failed(job, error)
    else:
        Job.objects.filter(pk=job.pk, tries=job.tries).update(
            state=JobState.DONE, lease_until=None, finished_at=Now(), error=""
        )


def _failed(job: Job, error: Exception) -> None:
    dead = job.tries >= MAX_TRIES
    logger.exception("job %s %s failed (try %d%s)", job.kind, job.pk, job.tries, ", given up" if dead else "")
    Job.objects.filter(pk=job.pk, tries=job.tries).update(
        state=JobState.DEAD if dead else JobState.WAITING,
        lease_until=None,
        # Doubling pauses: 5 s, 10 s, 20 s … about five minutes before the last try.
        available_at=timezone.now() + FIRST_PAUSE * 2 ** (job.tries - 1),
        finished_at=timezone.now() if dead else None,
        error=type(error).__name__,  # the name only: a message may carry personal data
    )
    if dead and job.kind in GIVEN_UP:
        GIVEN_UP[job.kind](job.subject_id)


def reconcile() -> dict[str, int]:
    """Set going again whatever a crash left: app sweepers first, then every job nobody holds."""
    found = {name: sweep() for name, sweep in SWEEPERS.items()}
    lost = Job.objects.due().exclude(state=JobState.WAITING, available_at__gt=Now() - OVERDUE)
    pks = list(lost.values_list("pk", flat=True)[:1000])
    for pk in pks:
        # Moving available_at keeps the next beat from enqueueing the same job while its task waits its turn.
        Job.objects.filter(pk=pk, state=JobState.WAITING).update(available_at=Now())
        run_job.enqueue(str(pk))
    return {**found, "jobs": len(pks)}


def revive_dead() -> int:
    """Give what was given up its tries again; the operator asks for this after mending the cause."""
    return Job.objects.dead().update(
        state=JobState.WAITING, tries=0, available_at=Now(), finished_at=None, error=""
    )


def run_due(limit: int = 10_000) -> int:
    """Run due jobs in this process, oldest first (commands and tests); returns how many were run."""
    done = 0
    while done < limit:
        job = Job.objects.due().order_by("created_at").first()
        if job is None:
            break
        run_job.call(str(job.pk))
        done += 1
    return done
