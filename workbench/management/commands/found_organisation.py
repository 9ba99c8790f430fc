"""Found an organisation and give it its first administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email, validate_slug
from django.db import transaction

from workbench.access import grant_role
from workbench.audit import record
from workbench.models import Organisation, User


class Command(BaseCommand):
    help = "Make an organisation, or find it by its short name, and appoint an administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name in addresses; badges carry it for years")
        parser.add_argument("name")
        parser.add_argument("--administrator", required=True, metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_slug(options["slug"])
            validate_email(options["administrator"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            organisation, founded = Organisation.objects.get_or_create(
                slug=options["slug"], defaults={"name": options["name"]}
            )
            person = User.objects.filter(email__iexact=options["administrator"]).first()
            if person is None:
                person = User.objects.create_user(options["administrator"], name=options["administrator"])
            grant_role(person, "administrator", organisation, by=None)
            if founded:
                record(None, "organisation-founded", organisation)
        self.stdout.write(f"{organisation.name}: {person.email} administers it")
