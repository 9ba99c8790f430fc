"""Read a file as the workbench reads evidence, and tell what is in it."""

import json
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.analysers.analysis import Analysis
from assessments.analysers.configurations import telling as rules
from assessments.analysers.configurations.storing import from_json
from assessments.analysers.operations import recognised
from assessments.analysing import read, unpacked
from assessments.evidencing import ALSO
from assessments.explaining import findings
from assessments.models.evidence import Kind
from workbench.confining import Stopped


class Command(BaseCommand):
    help = (
        "Analyse a firewall configuration, packet capture, document or image: kind, dialect, facts, findings."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--kind", choices=Kind.values, help="refuse a file whose content is of another kind"
        )
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with open(options["file"], "rb") as content:
                found = recognised(content)
                if options["kind"] and Kind(options["kind"]) not in ALSO[Kind(found.kind)]:
                    raise CommandError(
                        f"{options['file']}: the content is a {found.kind} ({found.label_code})."
                    )
                analysis, detail = read(content)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except Stopped as stopped:
            raise CommandError(
                f"{options['file']}: could not be read ({type(stopped).__name__})."
            ) from stopped
        answer = told(analysis, unpacked(detail), kind=found.kind)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self._tell(os.path.basename(options["file"]), answer)
        sys.stdout.flush()

    def _tell(self, name: str, answer: dict[str, Any]) -> None:
        self.stdout.write(f"{name}: {answer['summary']}")
        for finding in answer["findings"]:
            self.stdout.write(f"  {finding['severity']:7} {finding['where']:16} {finding['title']}")
        for secret in answer["secrets"]:
            self.stdout.write(f"  secret  {secret['where']:16} {secret['title']}")
        for part in answer["skipped"]:
            self.stdout.write(f"  skipped {part['where']:16} {part['title']}")


def told(analysis: Analysis, detail: Any, *, kind: str) -> dict[str, Any]:
    """The whole answer as JSON values; ``rules``, or the facts under the name of the kind."""
    answer: dict[str, Any] = {
        "kind": kind,
        "dialect": analysis.dialect,
        "summary": findings.summary(analysis.analyser, analysis.dialect, analysis.facts),
        "findings": [findings.told(analysis.analyser, one) for one in analysis.findings],
        "findings_left_out": analysis.findings_left_out,
        "secrets": [findings.told_secret(one) for one in analysis.secrets],
        "secrets_left_out": analysis.secrets_left_out,
        "skipped": [findings.told_skipped(one) for one in analysis.skipped],
    }
    if analysis.analyser == "firewall-configuration":
        return answer | {"facts": analysis.facts} | rules.told(from_json(detail))
    if analysis.analyser == "packet-capture":
        size = analysis.facts.get("bytes", {})
        capture = analysis.facts | {
            "bytes": size.get("original", 0),
            "captured_bytes": size.get("captured", 0),
        }
        return answer | {"capture": capture}
    return answer | {"facts": analysis.facts}
