"""Make a report and write it to a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import translation

from assessments.models import Programme
from reviews.models.report import ReportKind
from reviews.reporting import WRITERS
from reviews.reports.collecting import collect


class Command(BaseCommand):
    help = "Write a programme's report to a file, without background work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=ReportKind.values)
        parser.add_argument("programme", help="the programme's short name or id")
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = self._programme(options["programme"])
        with translation.override(options["language"]):
            figures = collect(programme)
        content = WRITERS[ReportKind(options["kind"])](figures, language=options["language"])
        try:
            options["out"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"cannot write {options['out']}: {error.strerror}") from error
        self.stdout.write(f"{options['out']}: {len(content)} bytes")

    def _programme(self, name: str) -> Programme:
        try:
            found = list(Programme.objects.select_related("organisation").filter(Q(slug=name) | Q(pk=name)))
        except (ValidationError, ValueError):
            found = list(Programme.objects.select_related("organisation").filter(slug=name))
        if len(found) != 1:
            reason = "is called" if not found else "is the only one called"
            raise CommandError(f"no programme {reason} {name}; give its id")
        return found[0]
