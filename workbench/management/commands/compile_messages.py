"""Compile the message catalogues."""

from typing import Any

from django.core.management.base import BaseCommand

from workbench import catalogues


class Command(BaseCommand):
    help = "Compile workbench/locale/*/LC_MESSAGES/django.po, without GNU gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        catalogues.compile_all()
