"""Load the demo world, or print its accounts."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.db.models import Count

from assessments.models import Submission
from badges.models import Credential
from workbench.demo import people, world
from workbench.models import Event, Organisation, User


class Command(BaseCommand):
    help = "Load the demo world once: running this again changes nothing. Works in debug mode only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="print the demo accounts, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo world has accounts with a password that everybody knows: "
                "it is loaded only with WORKBENCH_DEBUG=1."
            )
        if options["accounts"]:
            self._accounts()
        else:
            made = self._make()
            self.stdout.write("The demo world is loaded." if made else "The demo world is there already.")
            self._summary()

    def _make(self) -> bool:
        try:
            return world.make()
        except IntegrityError as error:
            raise CommandError(
                "Something in this database has a name or an address that the demo world needs: "
                "load it into an empty database."
            ) from error

    def _summary(self) -> None:
        counts = {
            "organisations": Organisation.objects.count(),
            "people": User.objects.count(),
            "submissions": Submission.objects.count(),
        }
        states = Submission.objects.values_list("state").annotate(Count("pk")).order_by("state")
        counts |= {f"  {state.replace('_', ' ')}": count for state, count in states}
        counts |= {"badges": Credential.objects.published().count(), "audit events": Event.objects.count()}
        width = max(map(len, counts))
        for name, count in counts.items():
            self.stdout.write(f"  {name:{width}} {count:5}")

    def _accounts(self) -> None:
        rows = [("Role", "Address", "Password")]
        rows += [(member.role, member.email, people.PASSWORD) for member in people.CAST]
        role, address = (max(len(row[column]) for row in rows) for column in (0, 1))
        self.stdout.write("")
        self.stdout.write(f"  Open Badges for IT is at {settings.BASE_URL}")
        self.stdout.write("")
        for number, row in enumerate(rows):
            self.stdout.write(f"  {row[0]:{role}}  {row[1]:{address}}  {row[2]}")
            if number == 0:
                self.stdout.write(f"  {'-' * role}  {'-' * address}  --------")
        self.stdout.write("")
