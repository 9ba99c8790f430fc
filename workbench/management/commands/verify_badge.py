"""Verify a badge from a file or from an address of our own."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from badges.verifying import MAX_BYTES, Verification, verify
from workbench.errors import DomainError

MARKS = {True: "passed", False: "FAILED", None: "not checked"}


class Command(BaseCommand):
    help = "Verify a badge (PNG, SVG, JSON, JWT, or an address of ours); exit 0 when it verifies, 1 when not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="FILE|URL")
        parser.add_argument("--json", action="store_true", help="answer {verified, checks} as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verification = verify(self._read(options["source"]))
        except DomainError as error:
            if options["json"]:
                refusal = {"name": "structure", "passed": False, "detail": str(error)}
                self.stdout.write(json.dumps({"verified": False, "checks": [refusal]}, ensure_ascii=False))
                sys.exit(1)
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(verification.to_json(), ensure_ascii=False, indent=2))
        else:
            self._tell(verification)
        if not verification.verified:
            sys.exit(1)

    def _read(self, source: str) -> bytes | str:
        if source.startswith(("http://", "https://")):
            return source
        try:
            with open(source, "rb") as file:
                return file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{source}: {error.strerror}") from error

    def _tell(self, verification: Verification) -> None:
        for check in verification.checks:
            self.stdout.write(f"{check.name:10} {MARKS[check.passed]:12} {check.detail}")
        self.stdout.write("verified" if verification.verified else "NOT VERIFIED")
