"""Read the security rules of a Palo Alto configuration from its tree, whichever form it came in."""

from typing import Final

from assessments.analysers.configurations import lines
from assessments.analysers.configurations.dialects.panos_device import (
    doors_of,
    ipv6_of,
    protections_of,
    zones_of,
)
from assessments.analysers.configurations.dialects.panos_objects import Objects
from assessments.analysers.configurations.dialects.panos_tree import PanosTree
from assessments.analysers.configurations.dialects.word_tree import Node
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.rules import (
    Action,
    Addresses,
    NamedObject,
    Rule,
    Ruleset,
    Scope,
)

_ACTIONS: Final[dict[str, Action]] = {
    "allow": "accept",
    # What an application's own denial looks like depends on the application: a drop or a reset.
    "deny": "drop",
    "drop": "drop",
    "reset-client": "reject",
    "reset-server": "reject",
    "reset-both": "reject",
}
# Matches beside zones, addresses and services; ``any`` narrows nothing.
_NARROWING: Final = (
    "source-user",
    "category",
    "hip-profiles",
    "source-hip",
    "destination-hip",
    "schedule",
)
_RULEBASES: Final = ("pre-rulebase", "rulebase", "post-rulebase")
_READ: Final = frozenset(("security", "default-security-rules"))
_DEFAULTS: Final[dict[str, Action]] = {"intrazone-default": "accept", "interzone-default": "drop"}


def ruleset(tree: PanosTree, text: str, dialect: str, unread: UnreadLines) -> Ruleset:
    reader = _Reader(tree, unread)
    reader.read()
    ipv6, ipv6_line = ipv6_of(tree.top)
    return Ruleset(
        dialect,
        tree.top.value("deviceconfig", "system", "hostname"),
        lines.count_lines(text),
        tuple(reader.scopes),
        tuple(reader.rules),
        tuple(reader.objects.values()),
        tuple(doors_of(tree.top)),
        unread.as_tuple(),
        ipv6=ipv6,
        ipv6_line=ipv6_line,
    )


class _Reader:
    def __init__(self, tree: PanosTree, unread: UnreadLines) -> None:
        self.tree, self.unread = tree, unread
        self.scopes: list[Scope] = []
        self.rules: list[Rule] = []
        self.objects: dict[tuple[str, str, int], NamedObject] = {}

    def read(self) -> None:
        top = self.tree.top
        shared = top.get("shared")
        systems: list[tuple[str, Node]] = [("", top)]
        # A firewall with one virtual system writes its name in XML and leaves it out of ``set`` commands.
        systems += [("" if node.word == "vsys1" else f"{node.word} ", node) for node in top.under("vsys")]
        systems += [(f"{node.word} ", node) for node in top.under("device-group")]
        if shared:
            systems.append(("shared ", shared))
        for prefix, system in systems:
            self._system(prefix, system, shared)
        for one in protections_of(top, (system for _, system in systems)):
            self.objects[one.kind, one.name, one.first_line] = one
        if node := top.get("template"):
            self.unread.unknown(node.first_line, "template", last_line=node.last_line)

    def _system(self, prefix: str, system: Node, shared: Node | None) -> None:
        objects = Objects(system, shared, self.unread)
        used: set[str] = set()
        for word in _RULEBASES:
            rulebase = system.get(word)
            if rulebase:
                scope = f"{prefix}{'security' if word == 'rulebase' else word}"
                _Rulebase(self, rulebase, scope, objects, used).read(ends=word != "pre-rulebase")
        for one in [*objects.named_objects(), *zones_of(system, used)]:
            key = (one.kind, one.name, one.first_line)
            before = self.objects.get(key)
            if before is None or one.uses > before.uses:
                self.objects[key] = one
        if objects.limit_reached:
            self.unread.limit(system.first_line, system.last_line, "address-group")


class _Rulebase:
    """One ordered list of security rules with the two defaults behind it."""

    def __init__(self, reader: _Reader, node: Node, scope: str, objects: Objects, used: set[str]) -> None:
        self.reader, self.node, self.scope, self.objects, self.used = reader, node, scope, objects, used
        self.order = 0

    def read(self, *, ends: bool) -> None:
        """`ends` tells that what no rule decides meets the defaults, not another list."""
        listed = self.node.get("security", "rules")
        written = {
            node.word: node
            for node in self.node.under("default-security-rules", "rules")
            if node.word in _DEFAULTS
        }
        if listed is None and not written:
            self._note_other_rules()
            return
        default: Action = "drop"
        between = written.get("interzone-default")
        if between:
            default = _ACTIONS.get(between.value("action"), "drop")
        self.reader.scopes.append(
            Scope(
                self.scope,
                default if ends else "none",
                default_line=between.first_line if between and ends else None,
                implicit=not (between and ends),
                family="any",
                direction="forward",
            )
        )
        for node in listed.children.values() if listed else ():
            self._rule(node)
        for word, action in _DEFAULTS.items():
            if word in written:
                self._default(written[word], action)
        self._note_other_rules()

    def _note_other_rules(self) -> None:
        for node in self.node.under():
            if node.word not in _READ:
                self.reader.unread.unknown(node.first_line, node.word, last_line=node.last_line)

    def _rule(self, node: Node) -> None:
        action = _ACTIONS.get(node.value("action"))
        if node in self.reader.tree.cut:
            return
        if action is None:
            self.reader.unread.bad_value(node.first_line, "rules", last_line=node.last_line)
            return
        if len(self.reader.rules) >= lines.MAX_RULES:
            self.reader.unread.limit(node.first_line, node.last_line, "rules")
            return
        zones_in = tuple(zone for zone in node.words("from") if zone != "any")
        zones_out = tuple(zone for zone in node.words("to") if zone != "any")
        self.used.update(zones_in, zones_out)
        applications = self.objects.applications(node.words("application"))
        self.order += 1
        self.reader.rules.append(
            Rule(
                len(self.reader.rules) + 1,
                self.scope,
                self.order,
                action,
                node.first_line,
                node.last_line,
                name=node.word,
                target=_profiles(node),
                family="any",
                direction="forward",
                interfaces_in=zones_in,
                interfaces_out=zones_out,
                sources=self._addresses(node, "source"),
                destinations=self._addresses(node, "destination"),
                services=self.objects.use_services(node.words("service"), applications),
                conditions=_conditions(node),
                references=_references(node),
                # The end of a session is logged unless a rule says not to.
                logging=node.value("log-start") == "yes" or node.value("log-end") != "no",
                enabled=node.value("disabled") != "yes",
                comment=_comment(node),
            )
        )

    def _addresses(self, node: Node, side: str) -> Addresses:
        return self.objects.use_addresses(node.words(side), negated=node.value(f"negate-{side}") == "yes")

    def _default(self, node: Node, action: Action) -> None:
        """A default that the file changes is shown as the last rule; by itself it logs nothing."""
        self.order += 1
        self.reader.rules.append(
            Rule(
                len(self.reader.rules) + 1,
                self.scope,
                self.order,
                _ACTIONS.get(node.value("action"), action),
                node.first_line,
                node.last_line,
                name=node.word,
                target=_profiles(node),
                family="any",
                direction="forward",
                # What is not within a zone is between zones, so that the second default decides all the rest.
                conditions=("intrazone",) if node.word == "intrazone-default" else (),
                logging="yes" in (node.value("log-start"), node.value("log-end")),
            )
        )


def _conditions(node: Node) -> tuple[str, ...]:
    found = []
    applications = [word for word in node.words("application") if word != "any"]
    if applications:
        found.append(f"application {', '.join(applications)}")
    for name in _NARROWING:
        words = [word for word in node.words(name) if word != "any"]
        if words:
            found.append(f"{name} {', '.join(words)}")
    kind = node.value("rule-type")
    if kind and kind != "universal":
        found.append(kind)
    return tuple(found)


def _references(node: Node) -> tuple[str, ...]:
    names = [name for side in ("source", "destination", "service") for name in node.words(side)]
    return tuple(dict.fromkeys(name for name in names if name not in ("any", "application-default")))


def _profiles(node: Node) -> str:
    """The inspections of permitted traffic: they narrow nothing that the rule matches."""
    group = node.words("profile-setting", "group")
    if group:
        return f"group {', '.join(group)}"
    kinds = node.under("profile-setting", "profiles")
    return ", ".join(" ".join((kind.word, *kind.words())) for kind in kinds)


def _comment(node: Node) -> str:
    tags = " ".join(f"#{tag}" for tag in node.words("tag"))
    return " ".join([*node.value("description").split(), tags]).strip()
