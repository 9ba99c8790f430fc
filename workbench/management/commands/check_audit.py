"""Prove that the audit trail is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workbench.audit import breaks
from workbench.models import Event


class Command(BaseCommand):
    help = "Recompute the hash chain of the audit trail; exit 1 with the places where it does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(breaks())
        for place in found:
            self.stderr.write(f"event {place.sequence}: {place.reason}")
        if found:
            raise CommandError(f"the audit trail does not hold in {len(found)} places")
        self.stdout.write(f"audit trail whole: {Event.objects.count()} events")
