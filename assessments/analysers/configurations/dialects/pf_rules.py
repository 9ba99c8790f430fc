"""Read rules, port forwards and doors of a pfSense or OPNsense configuration."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Literal

from assessments.analysers.configurations import lines
from assessments.analysers.configurations.dialects.pf_aliases import Aliases
from assessments.analysers.configurations.dialects.pf_endpoints import FAMILIES, End, Ends, services_of
from assessments.analysers.configurations.dialects.pf_interfaces import Interfaces, is_on
from assessments.analysers.configurations.dialects.xml_lines import Element
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    Action,
    Direction,
    ManagementAccess,
    Rule,
    Ruleset,
    Scope,
)

_ACTIONS: Final[dict[str, Action]] = {"pass": "accept", "block": "drop", "reject": "reject", "match": "other"}
_FLOATING: Final = "Floating"
_LAST_MATCH: Final = "Floating, last match"
_FORWARDS: Final = "Port forward"
# Matches that narrow a rule beyond its ends.
_NARROWING: Final = (
    *("icmptype", "icmp6type", "icmp6-type", "os", "tagged", "dscp", "vlanprio", "sched", "schedule"),
    *("tcpflags1", "tcpflags2", "prio"),
)
_LIMITS: Final = ("max", "max-src-nodes", "max-src-conn", "max-src-states", "max-src-conn-rate")
# What is done with the traffic besides: none of it narrows what matches.
_EXTRAS: Final = ("gateway", "statetype", "tag", "dnpipe", "pdnpipe", "ackqueue", "defaultqueue")


class PfReader:
    """Gathers the lists of a configuration as the rules page shows them: floating rules, then a tab each.

    A packet meets the floating rules that are quick, then the tab of its interface, first match first.
    Floating rules that are not quick decide only when nothing else did, the last match winning: they are a
    list of their own that is read backwards.
    """

    def __init__(self, root: Element, unread: UnreadLines, *, present: bool) -> None:
        self.root, self.unread, self.present = root, unread, present
        self.interfaces = Interfaces(root)
        self.aliases = Aliases(unread)
        self.ends = Ends(self.interfaces, self.aliases, present=present)
        self._lists: dict[str, list[Rule]] = {_FLOATING: []}
        self._last_match: list[Rule] = []
        self._forwards: list[Rule] = []
        self._count = 0

    def rule(self, element: Element) -> None:
        """A rule of the filter section."""
        family = FAMILIES.get(element.value("ipprotocol") or "inet", "any")
        source = self.ends.of_element(element.get("source"), family)
        destination = self.ends.of_element(element.get("destination"), family)
        self.add(element, source, destination, action=element.value("type") or "pass")

    def add(self, element: Element, source: End, destination: End, *, action: str) -> None:
        known = _ACTIONS.get(action.lower())
        if known is None:
            self.unread.bad_value(element.first_line, "rule", last_line=element.last_line)
            return
        if self._count >= lines.MAX_RULES:
            self.unread.limit(element.first_line, element.last_line, "rule")
            return
        self._count += 1
        keys = [key for key in element.value("interface").split(",") if key and key != "any"]
        floating = is_on(element, "floating", present=self.present) or len(keys) != 1
        names = tuple(self.interfaces.name(key) for key in keys)
        if names and element.value("interfacenot") == "1":
            floating, names = True, (f"!{', '.join(names)}",)
        # A tab is evaluated first match first; only floating rules may be slow.
        quick = not floating or is_on(element, "quick", present=self.present)
        scope = (_FLOATING if quick else _LAST_MATCH) if floating else names[0]
        direction = _direction(element) if floating else ""
        family = FAMILIES.get(element.value("ipprotocol") or "inet", "any")
        rule = Rule(
            self._count,
            scope,
            0,
            known,
            element.first_line,
            element.last_line,
            target=_extras(element),
            family=family,
            direction=direction,
            interfaces_in=() if direction == "out" else names,
            interfaces_out=names if direction == "out" else (),
            sources=source.addresses,
            destinations=destination.addresses,
            services=services_of(element.value("protocol"), family, source, destination),
            conditions=_conditions(element),
            references=tuple(dict.fromkeys((*source.references, *destination.references))),
            logging=is_on(element, "log", present=self.present),
            enabled=not is_on(element, "disabled", present=self.present) and element.value("enabled") != "0",
            comment=" ".join((element.value("descr") or element.value("description")).split()),
        )
        (self._lists.setdefault(scope, []) if quick else self._last_match).append(rule)

    def forward(self, element: Element) -> None:
        """A port forward: where its packets are sent is its target; what may pass is said by a rule."""
        family = FAMILIES.get(element.value("ipprotocol") or "inet", "any")
        source = self.ends.of_element(element.get("source"), family)
        destination = self.ends.of_element(element.get("destination"), family)
        inside = self.ends.of_words(
            element.value("target"), element.value("local-port"), family, negated=False
        )
        self._count += 1
        port = element.value("local-port")
        target = element.value("target") + (f" port {port}" if port else "")
        if element.value("associated-rule-id") == "pass":
            target += " (passes without a rule)"
        names = [self.interfaces.name(key) for key in element.value("interface").split(",") if key]
        self._forwards.append(
            Rule(
                self._count,
                _FORWARDS,
                len(self._forwards) + 1,
                "accept" if is_on(element, "nordr", present=self.present) else "nat",
                element.first_line,
                element.last_line,
                target=target,
                family=family,
                interfaces_in=tuple(names),
                sources=source.addresses,
                destinations=destination.addresses,
                services=services_of(element.value("protocol"), family, source, destination),
                references=tuple(
                    dict.fromkeys((*source.references, *destination.references, *inside.references))
                ),
                enabled=not is_on(element, "disabled", present=self.present),
                comment=" ".join(element.value("descr").split()),
            )
        )

    def not_read(self, elements: Iterable[Element | None], statement: str) -> None:
        for element in elements:
            if element is not None:
                self.unread.unknown(element.first_line, statement, last_line=element.last_line)

    def ruleset(self, text: str, dialect: str) -> Ruleset:
        state, line = self._ipv6()
        if self.aliases.limit_reached:
            self.unread.limit(1, 1, "alias")
        rules = [
            replace(rule, order=at) for listed in self._lists.values() for at, rule in enumerate(listed, 1)
        ]
        # Read from the end, the first that matches is the one that wins.
        rules += [replace(rule, order=at) for at, rule in enumerate(reversed(self._last_match), 1)]
        rules += self._forwards
        rules.sort(key=lambda rule: rule.number)
        return Ruleset(
            dialect,
            self.root.value("system", "hostname"),
            lines.count_lines(text),
            self._scopes(),
            tuple(rules),
            tuple(self.aliases.named_objects()),
            tuple(self._doors()),
            self.unread.as_tuple(),
            ipv6=state,
            ipv6_line=line,
        )

    def _scopes(self) -> tuple[Scope, ...]:
        # Every interface has its tab; an empty one denies everything that comes in.
        tabs = dict.fromkeys([*(one.name for one in self.interfaces), *self._lists])
        tabs.pop(_FLOATING)
        scopes = [Scope(_FLOATING, "none", family="any")] if self._lists[_FLOATING] else []
        default: Literal["none", "drop"] = "none" if self._last_match else "drop"
        scopes += [Scope(name, default, family="any", where=(name,)) for name in tabs]
        if self._last_match:
            scopes.append(Scope(_LAST_MATCH, "drop", family="any"))
        if self._forwards:
            scopes.append(Scope(_FORWARDS, "none", family="any", filters=False))
        return tuple(scopes)

    def _doors(self) -> list[ManagementAccess]:
        """The rule against locking oneself out opens web pages and SSH on the first inner interface."""
        system = self.root.get("system")
        inner = self.interfaces.get("lan") or next(iter(self.interfaces), None)
        if system is None or inner is None:
            return []
        page = system.get("webgui")
        if page and is_on(page, "noantilockout", present=self.present):
            return []
        sources = inner.network if inner.network.known else ANY_ADDRESS
        found = []
        if page:
            protocol = page.get("protocol") or page
            service = "http" if page.value("protocol") == "http" else "https"
            found.append((service, protocol))
        shell = system.get("ssh")
        if shell and any(is_on(shell, name, present=self.present) for name in ("enable", "enabled")):
            found.append(("ssh", shell))
        elif old := system.get("enablesshd"):
            found.append(("ssh", old))
        return [
            ManagementAccess(service, inner.name, sources, element.first_line, element.last_line)
            for service, element in found
        ]

    def _ipv6(self) -> tuple[Literal["filtered", "off", "unseen"], int | None]:
        """What is not allowed is blocked in IPv6 as well; without ``ipv6allow`` all of it is."""
        system = self.root.get("system")
        line = self.interfaces.v6_line
        if system and not is_on(system, "ipv6allow", present=self.present):
            return "off", system.first_line
        return ("filtered", line) if line else ("unseen", None)


def _direction(element: Element) -> Direction:
    """Into an interface, out of it, or both ways: a rule for one way never covers one for both."""
    match element.value("direction"):
        case "in":
            return "in"
        case "out":
            return "out"
    return ""


def _conditions(element: Element) -> tuple[str, ...]:
    found = []
    for name in _NARROWING:
        told = element.value(name)
        if told and told not in ("any", "0"):
            found.append(f"{name} {told}")
    found += [f"limit {name} {element.value(name)}" for name in _LIMITS if element.value(name)]
    return tuple(found)


def _extras(element: Element) -> str:
    found = []
    for name in _EXTRAS:
        told = element.value(name)
        if told and told not in ("keep state", "keep", "default"):
            found.append(f"{name} {told}")
    return ", ".join(found)
