"""Import a referential from files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.analysers.names import clean_filename
from assessments.importing import saving
from assessments.importing.messages import message, place
from assessments.importing.problems import MAX_BYTES
from assessments.importing.summary import lines
from workbench.errors import DomainError
from workbench.models import Organisation


class Command(BaseCommand):
    help = "Import a CASE package, CSV tables or a ZIP of them. The id stands on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--organisation", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"no organisation has the short name {options['organisation']}")
        seen = saving.preview(_read(options["files"]), organisation=organisation, by=None)
        if seen.record is None:
            for problem in seen.problems:
                self.stderr.write(f"{place(problem)}: {message(problem)}")
            raise CommandError("nothing was imported")
        try:
            referential = saving.save(seen.record, organisation=organisation, by=None)
        except DomainError as error:
            if error.code != "nothing-changed":
                raise CommandError(str(error)) from error
            self.stdout.write("nothing changed")
            self.stdout.write(error.extra["id"])
            return
        if seen.difference is not None:
            for line in lines(seen.difference):
                self.stdout.write(line)
        self.stdout.write(f"{referential} ({referential.get_adoption_status_display()})")
        self.stdout.write(str(referential.pk))


def _read(paths: list[Path]) -> dict[str, bytes]:
    """The files by name; of one that is too large only enough is read for the importer to say so."""
    found: dict[str, bytes] = {}
    for path in paths:
        name = clean_filename(path.name)
        if name in found:
            raise CommandError(f"two files are called {name}")
        try:
            with path.open("rb") as file:
                found[name] = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"cannot read {path}: {error.strerror}") from error
    return found
