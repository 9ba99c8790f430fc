"""Say a rule in one line, so that what is expected can be written by hand."""

import ipaddress
import re
from pathlib import Path

from assessments.analysers.configurations.rules import (
    V4_MOST,
    V6_MOST,
    Addresses,
    ManagementAccess,
    Range,
    Rule,
    Ruleset,
    Scope,
    Service,
)

FIXTURES = Path(__file__).parent / "fixtures"


def fixture(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8")


def addresses_told(told: Addresses) -> str:
    """``any``, ``any4``, networks and ranges; ``?`` before a name that is not known."""
    if not told.known:
        return f"?{told.text}"
    v4 = told.v4 == ((0, V4_MOST),)
    v6 = told.v6 == ((0, V6_MOST),)
    if v4 and v6:
        return "any"
    parts = ["any4"] if v4 else [_range(one, ipaddress.IPv4Address) for one in told.v4]
    parts += ["any6"] if v6 else [_range(one, ipaddress.IPv6Address) for one in told.v6]
    return ",".join(parts) or "none"


def _range(one: Range, kind: type) -> str:
    networks = list(ipaddress.summarize_address_range(kind(one[0]), kind(one[1])))
    if len(networks) > 1:
        return f"{kind(one[0])}-{kind(one[1])}"
    return str(networks[0]).removesuffix("/32").removesuffix("/128")


def ports_told(ranges: tuple[Range, ...]) -> str:
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def service_told(one: Service) -> str:
    """``tcp/80``, with source ports ``tcp/80 from 1024-65535``."""
    if not one.known:
        return f"?{one.text}"
    text = one.protocol + (f"/{ports_told(one.ports)}" if one.ports else "")
    return text + (f" from {ports_told(one.source_ports)}" if one.source_ports else "")


def rule_told(rule: Rule, *, lines: bool = True) -> str:
    """``scope #order name: action from → to, services`` and whatever is not as usual."""
    way = f"{'|'.join(rule.interfaces_in) or '*'}>{'|'.join(rule.interfaces_out) or '*'}"
    words = [
        f"{rule.scope} #{rule.order} {rule.name}: {rule.action} {rule.family} {rule.direction or '-'} {way}",
        f"{addresses_told(rule.sources)} → {addresses_told(rule.destinations)}",
        " + ".join(map(service_told, rule.services)),
    ]
    words += [f"target {rule.target}"] if rule.target else []
    words += [f"state {','.join(rule.states)}"] if rule.states else []
    words += [f"if {'; '.join(rule.conditions)}"] if rule.conditions else []
    words += [f"uses {','.join(rule.references)}"] if rule.references else []
    words += ["logged"] if rule.logging else []
    words += [] if rule.enabled else ["disabled"]
    words += [f"“{rule.comment}”"] if rule.comment else []
    words += [f"lines {rule.first_line}-{rule.last_line}"] if lines else []
    return " | ".join(words)


def rules_told(found: Ruleset, *, lines: bool = True) -> list[str]:
    return [rule_told(rule, lines=lines) for rule in found.rules]


def scope_told(scope: Scope) -> str:
    words = [f"{scope.name}: {scope.default} {scope.family} {scope.direction or '-'}"]
    words += [f"line {scope.default_line}"] if scope.default_line else []
    words += [] if scope.implicit else ["written"]
    words += [] if scope.filters else ["no filter"]
    words += [] if scope.applied else ["not applied"]
    words += [] if scope.stateful else ["stateless"]
    words += [f"at {', '.join(scope.where)}"] if scope.where else []
    return " | ".join(words)


def scopes_told(found: Ruleset) -> list[str]:
    return [scope_told(scope) for scope in found.scopes]


def door_told(door: ManagementAccess) -> str:
    lines = f"{door.first_line}-{door.last_line}"
    return f"{door.service} on {door.interface or '-'} from {addresses_told(door.sources)} | {lines}"


def doors_told(found: Ruleset) -> list[str]:
    return [door_told(door) for door in found.management]


def objects_told(found: Ruleset) -> list[str]:
    return [f"{one.kind} {one.name} {one.first_line}-{one.last_line} ×{one.uses}" for one in found.objects]


def unread_told(found: Ruleset) -> list[str]:
    return [f"{one.first_line}-{one.last_line} {one.statement} {one.reason}" for one in found.unread]


def written(text: str) -> list[str]:
    """The lines of a hand-written expectation; a line that begins with a bar goes on with the one before."""
    return re.sub(r"\n\s*\| ", " | ", text.strip("\n")).strip().split("\n")
