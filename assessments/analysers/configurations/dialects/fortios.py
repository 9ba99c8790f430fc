"""Read the policies of a FortiOS configuration."""

from typing import Final

from assessments.analysers.configurations import addresses, lines
from assessments.analysers.configurations.dialects.fortios_device import doors_of, ipv6_line, zones_of
from assessments.analysers.configurations.dialects.fortios_objects import Objects
from assessments.analysers.configurations.dialects.fortios_tree import Block, read_blocks
from assessments.analysers.configurations.protocols import unknown_service
from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    Action,
    Addresses,
    Direction,
    Family,
    ManagementAccess,
    NamedObject,
    Rule,
    Ruleset,
    Scope,
    Service,
)

_ACTIONS: Final[dict[str, Action]] = {
    "accept": "accept",
    "deny": "drop",
    "ipsec": "accept",
    "ssl-vpn": "accept",
}
# Section, name of the list, family that its plain address settings are for.
_POLICIES: Final[tuple[tuple[str, str, Family], ...]] = (
    ("firewall policy", "policy", "ipv4"),
    ("firewall consolidated policy", "consolidated policy", "ipv4"),
    ("firewall security-policy", "security-policy", "ipv4"),
    ("firewall policy6", "policy6", "ipv6"),
)
_LOCAL: Final[tuple[tuple[str, str, Family], ...]] = (
    ("firewall local-in-policy", "local-in-policy", "ipv4"),
    ("firewall local-in-policy6", "local-in-policy6", "ipv6"),
)
_NARROWING: Final = (
    *("groups", "users", "fsso-groups", "devices", "application", "app-category", "url-category"),
    *("ztna-ems-tag", "ztna-geo-tag", "src-vendor-mac", "tos", "vlan-filter"),
)
_PROFILES: Final = (
    *("profile-group", "av-profile", "webfilter-profile", "dnsfilter-profile", "emailfilter-profile"),
    *("dlp-sensor", "dlp-profile", "file-filter-profile", "ips-sensor", "application-list", "waf-profile"),
    "ssl-ssh-profile",
)
# Sections that decide about traffic and are not read.
_NOT_READ: Final = (
    *("multicast-policy", "multicast-policy6", "interface-policy", "interface-policy6", "DoS-policy"),
    *("DoS-policy6", "proxy-policy", "sniffer", "acl", "acl6", "central-snat-map", "policy46", "policy64"),
)


def read(text: str, dialect: str) -> Ruleset:
    """The policies, objects and doors of all virtual domains; an entry that is cut off is left out."""
    unread = lines.UnreadLines()
    top = read_blocks(lines.split_lines(text, unread), unread)
    reader = _Reader(unread)
    domains = [block for block in top.entries("vdom") if block.sections] or _open_domains(top)
    system = top.sections.get("global") or top
    if not domains:
        reader.read(top, top, "")
    declared = top.sections.get("vdom")
    several = declared is not None and len(declared.edits) > 1
    for domain in domains:
        reader.read(domain, system, f"{domain.name}: " if several else "")
    settings = system.sections.get("system global")
    return Ruleset(
        dialect,
        settings.value("hostname") if settings else "",
        lines.count_lines(text),
        tuple(reader.scopes),
        tuple(reader.rules),
        tuple(reader.objects),
        tuple(dict.fromkeys(reader.management)),
        unread.as_tuple(),
        # IPv6 meets policies of its own, and the same denial of the rest.
        ipv6="filtered" if reader.ipv6_line or reader.has_ipv6_rules else "unseen",
        ipv6_line=reader.ipv6_line,
    )


def _open_domains(top: Block) -> list[Block]:
    """The virtual domain that a damaged file ends inside."""
    section = top.sections.get("vdom")
    return [block for block in section.edits.values() if block.sections] if section else []


class _Reader:
    def __init__(self, unread: lines.UnreadLines) -> None:
        self.unread = unread
        self.scopes: list[Scope] = []
        self.rules: list[Rule] = []
        self.objects: list[NamedObject] = []
        self.management: list[ManagementAccess] = []
        self.ipv6_line: int | None = None
        self.has_ipv6_rules = False

    def read(self, domain: Block, system: Block, prefix: str) -> None:
        objects = Objects(domain, self.unread)
        used: set[str] = set()
        for section, name, family in _POLICIES:
            if section in domain.sections:
                _Policies(self, objects, f"{prefix}{name}", family, used).read(domain, section)
        for section, name, family in _LOCAL:
            if section in domain.sections:
                _Policies(self, objects, f"{prefix}{name}", family, used).read_local(domain, section)
        self.objects += [*objects.named_objects(), *zones_of(domain, used)]
        self.management += doors_of(system, domain)
        self.ipv6_line = self.ipv6_line or ipv6_line(system, domain)
        if objects.limit_reached:
            self.unread.limit(domain.first_line, domain.last_line, "addrgrp")
        for word in _NOT_READ:
            block = domain.sections.get(f"firewall {word}")
            if block and block.edits:
                self.unread.unknown(block.first_line, word, last_line=block.last_line)

    @property
    def is_full(self) -> bool:
        return len(self.rules) >= lines.MAX_RULES


class _Policies:
    """One list of policies, in the order of the file, which is that of evaluation."""

    def __init__(self, reader: _Reader, objects: Objects, scope: str, family: Family, used: set[str]) -> None:
        self.reader, self.objects, self.scope, self.family, self.used = reader, objects, scope, family, used
        self.order = 0

    def read(self, domain: Block, section: str) -> None:
        combined: Family = "ipv6" if self.family == "ipv6" else "any"
        self.reader.scopes.append(Scope(self.scope, "drop", family=combined, direction="forward"))
        for entry in domain.entries(section):
            if self.reader.is_full:
                self.reader.unread.limit(entry.first_line, entry.last_line, "policy")
                return
            self._policy(entry)
        self._implicit(domain, combined)

    def read_local(self, domain: Block, section: str) -> None:
        # What no entry decides is decided by what `allowaccess` and the services of the device open.
        self.reader.scopes.append(Scope(self.scope, "none", family=self.family, direction="in"))
        for entry in domain.entries(section):
            if self.reader.is_full:
                self.reader.unread.limit(entry.first_line, entry.last_line, "local-in-policy")
                return
            self._policy(entry, direction="in")

    def _policy(self, entry: Block, direction: Direction = "forward") -> None:
        action = _ACTIONS.get(entry.value("action", "deny"))
        if action is None:
            self.reader.unread.bad_value(entry.first_line, "policy", last_line=entry.last_line)
            return
        entering = _names(entry, "srcintf") or _names(entry, "intf")
        leaving = _names(entry, "dstintf")
        self.used.update(entering, leaving)
        family = self._family(entry)
        self.reader.has_ipv6_rules |= family != "ipv4"
        self.order += 1
        self.reader.rules.append(
            Rule(
                len(self.reader.rules) + 1,
                self.scope,
                self.order,
                action,
                entry.first_line,
                entry.last_line,
                name=f"{entry.name} {entry.value('name')}".strip(),
                target=_target(entry),
                family=family,
                direction=direction,
                interfaces_in=entering,
                interfaces_out=leaving,
                sources=self._side(entry, "srcaddr", "internet-service-src", family),
                destinations=self._side(entry, "dstaddr", "internet-service", family),
                services=self._services(entry),
                conditions=_conditions(entry),
                references=_references(entry),
                logging=entry.value("logtraffic") == "all",
                enabled=entry.value("status") != "disable",
                comment=" ".join(entry.value("comments").split()),
            )
        )

    def _family(self, entry: Block) -> Family:
        if self.family == "ipv6":
            return "ipv6"
        has_v6 = bool(entry.words("srcaddr6") or entry.words("dstaddr6"))
        has_v4 = bool(entry.words("srcaddr") or entry.words("dstaddr")) or any(
            entry.is_on(name) for name in ("internet-service", "internet-service-src")
        )
        if has_v6:
            return "any" if has_v4 else "ipv6"
        return "ipv4"

    def _side(self, entry: Block, setting: str, service: str, family: Family) -> Addresses:
        if entry.is_on(service):
            names = entry.words(f"{service}-name") or entry.words(f"{service}-id") or (service,)
            return addresses.unknown(", ".join(names))
        plain, combined = entry.words(setting), entry.words(f"{setting}6")
        parts = []
        for names, name, own in ((plain, setting, self.family), (combined, f"{setting}6", "ipv6")):
            if names:
                told = addresses.united(", ".join(names), self.objects.use_addresses(names, v6=own == "ipv6"))
                if entry.is_on(f"{name}-negate"):
                    told = addresses.inverted(told, family="ipv6" if own == "ipv6" else "ipv4")
                parts.append(told)
        if not parts:
            return addresses.of_family(ANY_ADDRESS, family)
        if len(parts) == 1:
            return parts[0]
        return addresses.united(", ".join(dict.fromkeys(part.text for part in parts)), parts)

    def _services(self, entry: Block) -> tuple[Service, ...]:
        found = self.objects.use_services(entry.words("service"))
        if entry.is_on("service-negate"):
            return (unknown_service(f"!{entry.value('service')}"),)
        return found

    def _implicit(self, domain: Block, family: Family) -> None:
        """The denial behind all policies is a rule that people see once the file has it logged."""
        settings = domain.sections.get("log setting")
        name = "fwpolicy6-implicit-log" if self.family == "ipv6" else "fwpolicy-implicit-log"
        if settings is None or not settings.is_on(name):
            return
        line = settings.line_of(name)
        self.reader.rules.append(
            Rule(
                len(self.reader.rules) + 1,
                self.scope,
                self.order + 1,
                "drop",
                line,
                line,
                name="0 Implicit Deny",
                family=family,
                direction="forward",
                sources=addresses.of_family(ANY_ADDRESS, family),
                destinations=addresses.of_family(ANY_ADDRESS, family),
                logging=True,
            )
        )


def _names(entry: Block, setting: str) -> tuple[str, ...]:
    return tuple(name for name in entry.words(setting) if name != "any")


def _conditions(entry: Block) -> tuple[str, ...]:
    found = [f"{name} {', '.join(entry.words(name))}" for name in _NARROWING if entry.words(name)]
    schedule = entry.value("schedule", "always")
    if schedule != "always":
        found.append(f"schedule {schedule}")
    return tuple(found)


def _references(entry: Block) -> tuple[str, ...]:
    settings = ("srcaddr", "srcaddr6", "dstaddr", "dstaddr6", "service")
    names = [name for setting in settings for name in entry.words(setting)]
    return tuple(dict.fromkeys(name for name in names if name not in ("all", "ALL")))


def _target(entry: Block) -> str:
    """What happens to accepted traffic besides: a tunnel, translation, inspections, which narrow nothing."""
    found = []
    if entry.value("action") == "ipsec":
        found.append(f"ipsec {entry.value('vpntunnel')}".strip())
    if entry.is_on("nat"):
        found.append("nat")
    found += [f"{name} {entry.value(name)}" for name in _PROFILES if entry.words(name)]
    return ", ".join(found)
