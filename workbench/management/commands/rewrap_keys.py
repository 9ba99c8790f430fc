"""Seal the signing keys under a new key-encryption key."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from badges.rewrapping import rewrap_keys
from badges.witnessing import Ceremony
from workbench.errors import DomainError


class Command(BaseCommand):
    help = (
        "Seal every signing key under WORKBENCH_KEY_ENCRYPTION_KEY that WORKBENCH_KEY_ENCRYPTION_KEY_OLD "
        "sealed: all of them, or none. Asking again is harmless."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--witnesses", default="", help="who watches, for the key register")
        parser.add_argument("--note", default="", help="why, for the key register")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.KEY_ENCRYPTION_KEY_OLD:
            raise CommandError(
                "WORKBENCH_KEY_ENCRYPTION_KEY_OLD is not set: give the former key there, "
                "and the new one in WORKBENCH_KEY_ENCRYPTION_KEY."
            )
        try:
            count = rewrap_keys(ceremony=Ceremony(options["witnesses"], options["note"]))
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"sealed anew: {count}")
        self.stdout.write("Take WORKBENCH_KEY_ENCRYPTION_KEY_OLD out of the environment now.")
