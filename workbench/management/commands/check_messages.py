"""Refuse a text that somebody would read in the wrong language."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workbench import catalogues


class Command(BaseCommand):
    help = "Exit 1 and list every text that is missing, not translated or wrong in a catalogue."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(catalogues.holes())
        for hole in found:
            self.stderr.write(f"{hole.language}: {hole.reason}: {hole.text[:100]!r}")
        if found:
            raise CommandError(f"{len(found)} texts to mend; run `make messages` and translate")
