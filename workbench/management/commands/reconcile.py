"""Finish whatever a crash left."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from workbench import jobs, mailing


class Command(BaseCommand):
    help = "Find work that a crash left unfinished and finish it now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--enqueue-only", action="store_true", help="leave the work to the running workers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = jobs.reconcile()
        for name, count in found.items():
            self.stdout.write(f"{name}: {count}")
        self.stdout.write(f"revived: {jobs.revive_dead()}")
        self.stdout.write(f"mails revived: {mailing.revive_failed()}")
        if not options["enqueue_only"]:
            self.stdout.write(f"finished: {jobs.run_due()}")
