"""Bring the message catalogues up to date with the code."""

from typing import Any

from django.core.management.base import BaseCommand

from workbench import catalogues


class Command(BaseCommand):
    help = "Add new texts to the catalogues and drop those that the code no longer asks for."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for language in catalogues.TRANSLATED:
            self.stdout.write(f"{language}: {catalogues.update(language)} texts to translate")
