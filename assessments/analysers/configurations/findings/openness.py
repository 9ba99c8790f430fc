"""Findings on what is let in that should not be."""

from collections.abc import Iterator
from typing import Final

from assessments.analysers.analysis import Finding, Place, Severity
from assessments.analysers.configurations.findings.codes import finding, rule_finding
from assessments.analysers.configurations.findings.context import (
    ANYONE,
    CISCO,
    EVERYTHING,
    NETFILTER,
    PART,
    Context,
    closing,
    contains,
    is_any_service,
    is_whole,
    lets_anyone,
    opens_to_anyone,
)
from assessments.analysers.configurations.rules import PORT_MOST, Rule, Scope, Service

# Ports through which machines are administered, with the name a person knows them by.
MANAGEMENT_PORTS: Final[dict[tuple[str, int], str]] = {
    ("tcp", 22): "ssh",
    ("tcp", 23): "telnet",
    ("tcp", 80): "http",
    ("tcp", 135): "rpc",
    ("tcp", 443): "https",
    ("tcp", 445): "smb",
    ("tcp", 512): "rexec",
    ("tcp", 513): "rlogin",
    ("tcp", 514): "rsh",
    ("tcp", 623): "ipmi",
    ("udp", 623): "ipmi",
    ("udp", 69): "tftp",
    ("udp", 161): "snmp",
    ("tcp", 830): "netconf",
    ("tcp", 1433): "mssql",
    ("tcp", 3306): "mysql",
    ("tcp", 3389): "rdp",
    ("udp", 3389): "rdp",
    ("tcp", 5432): "postgresql",
    ("tcp", 5900): "vnc",
    ("tcp", 5901): "vnc",
    ("tcp", 5985): "winrm",
    ("tcp", 5986): "winrm",
    ("tcp", 8080): "http-alt",
    ("tcp", 8443): "https-alt",
    ("tcp", 8291): "winbox",
    ("tcp", 9090): "cockpit",
    ("tcp", 10000): "webmin",
}
# What the public is often meant to reach: open to any it is only worth a look.
_ALSO_PUBLIC: Final = frozenset((80, 443, 8080, 8443))
# Services that send what they carry, most of all passwords, for anyone on the way to read.
CLEAR_TEXT_PORTS: Final[dict[tuple[str, int], str]] = {
    ("tcp", 20): "ftp-data",
    ("tcp", 21): "ftp",
    ("tcp", 23): "telnet",
    ("udp", 69): "tftp",
    ("tcp", 109): "pop2",
    ("tcp", 110): "pop3",
    ("tcp", 143): "imap",
    ("udp", 161): "snmp",
    ("udp", 162): "snmptrap",
    ("tcp", 389): "ldap",
    ("tcp", 512): "rexec",
    ("tcp", 513): "rlogin",
    ("tcp", 514): "rsh",
    ("tcp", 5900): "vnc",
}
CLEAR_TEXT_DOORS: Final = frozenset(("telnet", "http", "snmp", "tftp", "finger", "rlogin", "ftp"))
# Wider ranges are one finding of their own, not one for each port in them.
BROAD: Final = 1_000


def default_accepts(context: Context) -> Iterator[Finding]:
    """Lists that let pass whatever none of their rules decides."""
    for scope, rules in context.filtering():
        if scope.default != "accept" or scope.direction == "out" or not scope.applied:
            continue
        if scope.direction == "" and context.ruleset.dialect in NETFILTER:
            continue
        ends = closing(scope, rules)
        if ends is not None and ends.action != "accept":
            continue
        yield finding(
            _default_code(context, scope, rules),
            *([Place("line", scope.default_line, scope.default_line)] if scope.default_line else []),
            values={"scope": scope.name},
        )


def _default_code(context: Context, scope: Scope, rules: list[Rule]) -> str:
    if context.ruleset.dialect not in CISCO or rules:
        return "default-accepts"
    return "security-level-accepts" if "(security-level " in scope.name else "empty-list-accepts"


def any_any_accepts(context: Context) -> Iterator[Finding]:
    """Rules that accept everything from everywhere to everywhere."""
    for _scope, rule in context.accepts(EVERYTHING):
        if (
            is_whole(rule.sources, rule)
            and is_whole(rule.destinations, rule)
            and is_any_service(rule)
            and lets_anyone(rule)
        ):
            named = bool(rule.interfaces_in or rule.interfaces_out)
            severity: Severity = "medium" if named or rule.conditions else "high"
            yield rule_finding("any-any-accepts", rule, severity)


def management_port_open(context: Context) -> Iterator[Finding]:
    """Rules that let any address reach a port through which machines are administered."""
    for scope, rule in context.accepts(ANYONE):
        if not is_whole(rule.sources, rule) or not opens_to_anyone(rule):
            continue
        found = _named_ports(rule, MANAGEMENT_PORTS)
        if not found:
            continue
        only_public = all(number in _ALSO_PUBLIC for number, _ in found)
        guarded = bool(rule.interfaces_in or rule.conditions)
        severity: Severity = "medium" if guarded else "high"
        if only_public:
            # A web server behind the firewall is there to be reached; the device itself is not.
            severity = "low" if scope.direction == "in" else "info"
        ports = ", ".join(f"{number} ({name})" for number, name in found)
        yield rule_finding("management-port-open", rule, severity, ports=ports)


def clear_text_service(context: Context) -> Iterator[Finding]:
    """Rules that accept a service which sends its content in the clear."""
    for _scope, rule in context.accepts(PART):
        found = _named_ports(rule, CLEAR_TEXT_PORTS)
        if found:
            services = ", ".join(f"{name} ({number})" for number, name in found)
            yield rule_finding("clear-text-service", rule, services=services)


def broad_port_range(context: Context) -> Iterator[Finding]:
    """Rules that accept a thousand ports or more of TCP or UDP."""
    for _scope, rule in context.accepts(ANYONE):
        for one in rule.services:
            count = _width(one)
            if one.known and one.protocol in ("tcp", "udp") and count >= BROAD and not one.source_ports:
                shown = ", ".join(
                    f"{first}-{last}" if first < last else str(first) for first, last in one.ports
                )
                severity: Severity = "medium" if is_whole(rule.sources, rule) else "low"
                yield rule_finding(
                    "broad-port-range",
                    rule,
                    severity,
                    ports=f"{one.protocol} {shown or '0-65535'}",
                    count=count,
                )
                break


def management_access(context: Context) -> Iterator[Finding]:
    """Doors to the device itself: open to any address, or in clear text."""
    for door in context.ruleset.management:
        place = Place("line", door.first_line, door.last_line)
        values: dict[str, str | int] = {"service": door.service, "interface": door.interface or "*"}
        clear = door.service in CLEAR_TEXT_DOORS
        if door.sources.is_any:
            yield finding(
                "management-access-open", place, severity="high" if clear else "medium", values=values
            )
        if clear:
            yield finding("clear-text-management", place, values=values)


def ipv6_left_open(context: Context) -> Iterator[Finding]:
    """IPv6 passes beside the rules, or the file says nothing on it."""
    line = context.ruleset.ipv6_line
    if context.ruleset.ipv6 == "open":
        yield finding("ipv6-open", *([Place("line", line, line)] if line else []))
    elif context.ruleset.ipv6 == "unseen" and context.ruleset.dialect == "iptables-save":
        yield finding("ipv6-unseen")


def _width(one: Service) -> int:
    if not one.ports:
        return PORT_MOST + 1
    return sum(last - first + 1 for first, last in one.ports)


def _named_ports(rule: Rule, table: dict[tuple[str, int], str]) -> list[tuple[int, str]]:
    """The ports of `table` that the rule names, beside those within a broad range."""
    found = {}
    for one in rule.services:
        if not one.known or not one.ports or one.source_ports or _width(one) >= BROAD:
            continue
        for (protocol, number), name in table.items():
            if one.protocol in (protocol, "any") and contains(one.ports, number):
                found[number] = name
    return sorted(found.items())
