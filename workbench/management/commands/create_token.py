"""Give a person a key to the REST API."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from workbench.audit import record
from workbench.models import Token, User


class Command(BaseCommand):
    help = "Create an API token; the token stands alone on the last line and is never shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--label", default="command line")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(f"nobody with the address {options['email']} has an active account")
        with transaction.atomic():
            token, secret = Token.issue(user, label=options["label"])
            record(None, "token-created", token, person=str(user.pk))
        self.stdout.write(secret)
