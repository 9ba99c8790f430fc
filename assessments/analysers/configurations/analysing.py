"""Analyse a firewall configuration: decode it, read it and say what an assessor should look at."""

from collections import Counter
from typing import Any, BinaryIO, Final

from assessments.analysers.analysis import Analysis, Finding, Place, Skipped
from assessments.analysers.collecting import collector_paused
from assessments.analysers.configurations import reading, storing
from assessments.analysers.configurations.findings import table
from assessments.analysers.configurations.findings.habits import is_unused
from assessments.analysers.configurations.lines import count_lines
from assessments.analysers.configurations.refusing import RefusedContent
from assessments.analysers.configurations.rules import Ruleset
from assessments.analysers.recognising import Recognised
from assessments.analysers.recognition.decoding import decode
from assessments.analysers.secrets import finding as secrets
from assessments.analysers.secrets.mixed import holds_more

NAME: Final = "firewall-configuration"
VERSION: Final = 1
# Larger files are read up to here; the largest real configurations are some 20 MB.
MAX_BYTES: Final = 32 * 1024 * 1024
_MOST_SCOPES_SHOWN: Final = 200


def analyse(content: BinaryIO, recognised: Recognised) -> Analysis:
    """Facts, findings, secrets and all rules of a configuration.

    Facts: ``hostname``; ``lines``; ``rules``, ``actions`` (rules by action), ``disabled`` and ``logged``;
    ``scopes`` (a list of name, default, rules, applied) with ``scopes_total``; ``objects`` and
    ``unused_objects``; ``ipv6`` (filtered, open, off, unseen); ``management`` (doors to the device);
    ``unread_lines``; ``findings`` (by severity). `detail` is what ``storing.from_json`` reads.
    """
    with collector_paused():
        return _analysed(content.read(MAX_BYTES + 1), recognised)


def _analysed(data: bytes, recognised: Recognised) -> Analysis:
    text, skipped = _text(data, recognised)
    try:
        ruleset = reading.read(text, recognised.dialect)
    except RefusedContent as refusal:
        ruleset = Ruleset(recognised.dialect, "", count_lines(text), (), ())
        skipped.append(Skipped(refusal.code, Place("line", refusal.line, refusal.line)))
    findings, uncompared = table.look(ruleset)
    # Whatever the dialect: people put what they took from several devices into one file.
    known = secrets.survey(secrets.lines_of(text), "")
    skipped += [_skipped(one.reason, one.first_line, one.last_line, one.statement) for one in ruleset.unread]
    return Analysis(
        NAME,
        VERSION,
        recognised.dialect,
        _facts(ruleset, findings),
        findings,
        known.secrets,
        tuple(skipped) + uncompared,
        storing.to_json(ruleset),
        secrets_left_out=known.left_out,
    )


def _text(data: bytes, recognised: Recognised) -> tuple[str, list[Skipped]]:
    """The text with what had to be left out to get it."""
    skipped = []
    cut = len(data) > MAX_BYTES
    if cut:
        data = data[:MAX_BYTES]
        skipped.append(Skipped("text-limit", detail="file"))
    decoded = decode(data, cut=cut)
    if decoded is not None:
        if holds_more(data, decoded):
            skipped.append(Skipped("undecodable", detail=decoded.encoding))
        return decoded.text, skipped
    # Recognised as text by its beginning, damaged further on: read what can be read.
    skipped.append(Skipped("undecodable", detail=recognised.encoding or ""))
    return data.decode(recognised.encoding or "utf-8", errors="replace").replace("\0", "\ufffd"), skipped


def _skipped(reason: str, first: int, last: int, statement: str) -> Skipped:
    return Skipped(reason, Place("line", first, last), last - first + 1, statement)


def _facts(ruleset: Ruleset, findings: tuple[Finding, ...]) -> dict[str, Any]:
    by_scope = Counter(rule.scope for rule in ruleset.rules)
    return {
        "hostname": ruleset.hostname[:100],
        "lines": ruleset.lines,
        "rules": len(ruleset.rules),
        "actions": dict(Counter(rule.action for rule in ruleset.rules)),
        "disabled": sum(1 for rule in ruleset.rules if not rule.enabled),
        "logged": sum(1 for rule in ruleset.rules if rule.logging),
        "scopes": [
            {
                "name": scope.name[:100],
                "default": scope.default,
                "rules": by_scope[scope.name],
                "applied": scope.applied,
            }
            for scope in ruleset.scopes[:_MOST_SCOPES_SHOWN]
        ],
        "scopes_total": len(ruleset.scopes),
        "objects": len(ruleset.objects),
        "unused_objects": sum(1 for one in ruleset.objects if is_unused(one)),
        "ipv6": ruleset.ipv6,
        "management": len(ruleset.management),
        "unread_lines": sum(one.last_line - one.first_line + 1 for one in ruleset.unread),
        "findings": dict(Counter(one.severity for one in findings)),
    }
