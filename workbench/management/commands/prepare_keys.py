"""Make the next signing keys of an issuer ahead of time."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from badges.rotating import prepare_keys
from badges.witnessing import Ceremony
from workbench.errors import DomainError
from workbench.models import Organisation


class Command(BaseCommand):
    help = "Make an issuer's next key of each kind: published at once, signing after the next rotate_key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the issuer's short name, as in /issuers/SLUG")
        parser.add_argument("--witnesses", default="", help="who watches, for the key register")
        parser.add_argument("--note", default="", help="for the key register")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["slug"]).first()
        if organisation is None:
            raise CommandError(f"there is no issuer with the short name {options['slug']}")
        try:
            made = prepare_keys(
                organisation, ceremony=Ceremony(options["witnesses"], options["note"]), by=None
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        for key in made:
            self.stdout.write(f"{key.algorithm} {key.version}: {key.public_multibase}")
