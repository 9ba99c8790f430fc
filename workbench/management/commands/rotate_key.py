"""Replace the signing keys of an issuer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from badges.rotating import rotate_key
from workbench.models import Organisation


class Command(BaseCommand):
    help = (
        "Retire an issuer's signing keys and put those made ahead into service, or new ones; "
        "badges that older keys signed stay valid."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the issuer's short name, as in /issuers/SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["slug"]).first()
        if organisation is None:
            raise CommandError(f"there is no issuer with the short name {options['slug']}")
        key = rotate_key(organisation, by=None)
        self.stdout.write(f"{organisation.slug}: key {key.version} signs now")
        self.stdout.write(key.public_multibase)
