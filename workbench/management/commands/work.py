"""Run background work: badges, reports, mails, and whatever a crash left unfinished."""

import socket
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from badges.listing import sign_due_lists
from workbench import jobs, mailing
from workbench.models import WorkerPulse

PULSE_SECONDS = 30
MAIL_SECONDS = 5
STATUS_SECONDS = 0.2
KEEP_RESULTS = timedelta(days=7)


class Command(BaseCommand):
    help = "Run the background worker: reconciliation every 30 seconds, mail every 5, status lists at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--interval", type=float, default=0.5, help="seconds between looks at an empty queue"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker(
            queue_names=["*"],
            interval=options["interval"],
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{socket.gethostname()[:40]}-{threading.get_native_id()}",
            excluded_queue_names=[],
        )
        stop = threading.Event()
        # Mail has a thread of its own: a server that answers slowly must not keep a badge waiting. So have
        # the status lists: until one is signed anew nobody is told the state of its badges.
        threads = [
            threading.Thread(target=self._every, args=(seconds, stop, act), name=name, daemon=True)
            for name, seconds, act in (
                ("reconcile", PULSE_SECONDS, partial(self._beat, worker.worker_id)),
                ("mail", MAIL_SECONDS, self._post),
                ("status", STATUS_SECONDS, self._sign),
            )
        ]
        for thread in threads:
            thread.start()
        worker.configure_signals()
        self.stdout.write("worker ready")
        self.stdout.flush()
        try:
            worker.run()
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=mailing.SILENCE_SECONDS)
            WorkerPulse.objects.filter(name=worker.worker_id).delete()

    def _every(self, seconds: float, stop: threading.Event, act: Callable[[], None]) -> None:
        while True:
            try:
                act()
            except DatabaseError as error:
                # The database restarts or is busy: the next round tries again with a new connection.
                self.stderr.write(f"{threading.current_thread().name}: {type(error).__name__}")
                connection.close()
            if stop.wait(seconds):
                connection.close()
                return
            close_old_connections()

    def _beat(self, name: str) -> None:
        WorkerPulse.objects.update_or_create(name=name, defaults={"at": Now()})
        jobs.reconcile()
        self._prune()

    def _post(self) -> None:
        mailing.gather()
        mailing.send_due()

    def _sign(self) -> None:
        sign_due_lists()

    def _prune(self) -> None:
        DBTaskResult.objects.filter(finished_at__lt=timezone.now() - KEEP_RESULTS).delete()
        WorkerPulse.objects.filter(at__lt=Now() - timedelta(days=1)).delete()
        if connection.vendor == "sqlite":
            # Without statistics SQLite reads the queue from the index of the whole history.
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA optimize=0x10002")
