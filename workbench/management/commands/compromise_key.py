"""Say that others may have an issuer's signing key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from badges.compromising import compromise
from badges.models import SigningKey
from badges.resigning import resign_all, signed_with
from badges.witnessing import Ceremony
from workbench.errors import DomainError


class Command(BaseCommand):
    help = (
        "Distrust what a key signed from a moment on, replace it when it is active, and with --resign have "
        "the worker sign its genuine badges again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("public", help="the public key as the keys page shows it, z6Mk… or zDn…")
        parser.add_argument(
            "--since", required=True, help="the first moment, such as 2026-11-20T09:00:00+01:00"
        )
        parser.add_argument("--resign", action="store_true", help="sign its badges on record again")
        parser.add_argument("--witnesses", default="", help="who watches, for the key register")
        parser.add_argument("--note", default="", help="what happened, for the key register")

    def handle(self, *args: Any, **options: Any) -> None:
        key = (
            SigningKey.objects.select_related("organisation")
            .filter(public_multibase=options["public"])
            .first()
        )
        if key is None:
            raise CommandError("there is no such key")
        try:
            since = parse_datetime(options["since"])
        except ValueError:
            since = None
        if since is None or since.tzinfo is None:
            raise CommandError("--since needs a date, a time and a time zone")
        ceremony = Ceremony(options["witnesses"], options["note"])
        try:
            compromised = compromise(key, since=since, ceremony=ceremony, by=None)
            self.stdout.write(f"{compromised}: distrusted from {since.isoformat()} on")
            if options["resign"] and signed_with(compromised).exists():
                count = resign_all(compromised, ceremony=ceremony, by=None)
                self.stdout.write(f"to be signed again: {count}")
        except DomainError as error:
            raise CommandError(str(error)) from error
