"""Verify a badge from a file or an address, also without database and network."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language

from badges.looking_up import Lookup, usual
from badges.openbadges import parsing
from badges.opening import MAX_BYTES
from badges.printing_verdicts import verdict_pdf
from badges.verdicts import Outcome, Verification
from badges.verifying import verify
from workbench.errors import DomainError

MARKS = {True: "passed", False: "FAILED", None: "not checked"}
REFUSED, UNDECIDED, UNUSABLE = 1, 2, 3


class Command(BaseCommand):
    help = (
        "Verify a badge (PNG, SVG, JSON, JWT, PDF, or an address). Exit code 0: it verifies; 1: it does not; "
        "2: nothing failed, but not everything could be checked; 3: a file cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="FILE|URL")
        parser.add_argument("--json", action="store_true", help="answer as the API does")
        parser.add_argument("--recipient", default="", metavar="EMAIL", help="whose badge it should be")
        parser.add_argument("--pdf", metavar="FILE", help="write the verdict as PDF too")
        parser.add_argument(
            "--offline", action="store_true", help="ask neither the database nor any website: files alone"
        )
        for option, what in (
            ("--did", "a DID document, or a JWKS as ADDRESS=FILE"),
            ("--status", "a status list"),
            ("--document", "any other document: of an issuer, a badge class, a key, a revocation list"),
        ):
            parser.add_argument(
                option,
                action="append",
                default=[],
                metavar="[ADDRESS=]FILE",
                help=f"{what}; without an address the document's own id counts. May be given again",
            )

    def handle(self, *args: Any, **options: Any) -> None:
        files = [*options["did"], *options["status"], *options["document"]]
        lookup = Lookup(own=False) if options["offline"] else usual()
        lookup.given = dict(self._given(files))
        try:
            source = self._read(options["source"])
            verification = verify(source, lookup=lookup, recipient=options["recipient"])
        except DomainError as error:
            if options["json"]:
                self._answer({"verified": False, "checks": [_refusal(error).to_json()]})
                sys.exit(REFUSED)
            raise CommandError(str(error)) from error
        if options["pdf"]:
            Path(options["pdf"]).write_bytes(verdict_pdf(verification, language=get_language() or "en"))
        if options["json"]:
            self._answer(verification.to_json())
        else:
            self._tell(verification)
        if not verification.verified:
            sys.exit(REFUSED if verification.failed else UNDECIDED)

    def _given(self, files: Iterable[str]) -> Iterable[tuple[str, bytes]]:
        """Each document under the address by which a badge asks for it."""
        for named in files:
            address, separator, path = named.rpartition("=")
            content = self._bytes(path)
            yield (address if separator else self._id_of(path, content)), content

    def _id_of(self, path: str, content: bytes) -> str:
        try:
            identifier = parsing.parse(content).get("id")
        except parsing.ParseError as error:
            raise CommandError(f"{path}: {error}", returncode=UNUSABLE) from error
        if not isinstance(identifier, str):
            raise CommandError(f"{path}: it has no id; give ADDRESS={path}", returncode=UNUSABLE)
        return identifier

    def _read(self, source: str) -> bytes | str:
        return source if source.startswith(("http://", "https://")) else self._bytes(source)

    def _bytes(self, path: str) -> bytes:
        try:
            with open(path, "rb") as file:
                return file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=UNUSABLE) from error

    def _answer(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))

    def _tell(self, verification: Verification) -> None:
        checks = (*verification.checks, *(verification.trace.checks if verification.trace else ()))
        for check in checks:
            self.stdout.write(f"{check.name:10} {MARKS[check.passed]:12} {check.detail}")
            if check.advice:
                self.stdout.write(f"{'':23} {check.advice}")
        self.stdout.write(f"{'trust':10} {verification.trust.kind:12} {verification.trust.text}")
        self.stdout.write(_verdict(verification))


def _verdict(verification: Verification) -> str:
    if verification.verified:
        return "verified"
    return "NOT VERIFIED" if verification.failed else "NOT DECIDED"


def _refusal(error: DomainError) -> Outcome:
    return Outcome("structure", False, error.code, "", str(error))
