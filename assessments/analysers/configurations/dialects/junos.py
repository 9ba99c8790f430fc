"""Read a Juniper configuration in braces or in ``set`` commands: security policies and firewall filters."""

from typing import Final, Literal

from assessments.analysers.configurations import addresses, lines
from assessments.analysers.configurations.dialects.junos_applications import (
    NARROWED,
    predefined,
    read_applications,
)
from assessments.analysers.configurations.dialects.junos_filters import Filters, prefix_lists
from assessments.analysers.configurations.dialects.junos_tree import JunosTree, read_braces, read_set
from assessments.analysers.configurations.dialects.junos_zones import AddressBooks, doors_of, zones_of
from assessments.analysers.configurations.dialects.word_tree import Node, nodes_of
from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    ANY_SERVICE,
    Action,
    Addresses,
    Direction,
    ManagementAccess,
    NamedObject,
    Rule,
    Ruleset,
    Scope,
    Service,
)

_ACTIONS: Final[dict[str, Action]] = {"permit": "accept", "deny": "drop", "reject": "reject"}
_ARROW: Final = " → "
_MATCHED: Final = frozenset(
    (
        *("source-address", "destination-address", "application", "from-zone", "to-zone"),
        *("source-address-excluded", "destination-address-excluded"),
    )
)
_NO_CONDITION: Final = frozenset(("any", "none"))
# Parts of ``security`` that decide about traffic and are not read.
_NOT_READ: Final = ("nat", "dynamic-policies", "firewall-authentication")


def read(text: str, dialect: str) -> Ruleset:
    """The policies, filters, zones and doors of a configuration; a block that is cut off is left out."""
    unread = lines.UnreadLines()
    rows = lines.split_lines(text, unread)
    tree = (read_set if dialect == "junos-set" else read_braces)(rows, unread)
    reader = _Reader(tree, unread)
    reader.read(tree.top, "")
    for kind in ("logical-systems", "tenants"):
        for system in tree.top.under(kind):
            reader.read(system, f"{system.word}: ")
    return reader.ruleset(text, dialect)


class _Reader:
    def __init__(self, tree: JunosTree, unread: lines.UnreadLines) -> None:
        self.tree, self.unread = tree, unread
        self.scopes: list[Scope] = []
        self.rules: list[Rule] = []
        self.objects: list[NamedObject] = []
        self.management: list[ManagementAccess] = []
        self.filtered_families: set[str] = set()

    def read(self, top: Node, prefix: str) -> None:
        security = top.get("security") or Node("security", 1, 1)
        policies = _Policies(top, security, prefix, self)
        if not security.inactive:
            policies.read()
        lists = prefix_lists(top)
        filters = Filters(top, prefix, lists, self.tree.cut)
        scopes, rules = filters.read(len(self.rules) + 1, lines.MAX_RULES - len(self.rules))
        self.scopes += scopes
        self.rules += rules
        self.filtered_families |= filters.filtered_families()
        self.objects += [
            *policies.books.named_objects(),
            *policies.applications.named_objects(),
            *lists.named_objects(),
            *zones_of(security, policies.zones_used),
        ]
        self.management += doors_of(top)
        if policies.books.limit_reached or policies.applications.limit_reached:
            self.unread.limit(security.first_line, security.last_line, "address-set")
        for word in _NOT_READ:
            if (node := security.get(word)) and not node.inactive:
                self.unread.unknown(node.first_line, word, last_line=node.last_line)

    def ruleset(self, text: str, dialect: str) -> Ruleset:
        self._note_groups()
        state, line = self._ipv6()
        return Ruleset(
            dialect,
            self.tree.top.value("system", "host-name"),
            lines.count_lines(text),
            tuple(self.scopes),
            tuple(self.rules),
            tuple(self.objects),
            tuple(self.management),
            self.unread.as_tuple(),
            ipv6=state,
            ipv6_line=line,
        )

    def _note_groups(self) -> None:
        """What a configuration takes over from its groups is not followed, and that is said."""
        for node in nodes_of(self.tree.top):
            if node.word == "apply-groups" and node.children and not node.inactive:
                self.unread.unknown(node.first_line, "apply-groups", last_line=node.last_line)

    def _ipv6(self) -> tuple[Literal["filtered", "open", "off", "unseen"], int | None]:
        spoken = _first_ipv6_line(self.tree.top)
        mode = self.tree.top.get("security", "forwarding-options", "family", "inet6", "mode")
        if mode and "drop" in mode.children:
            return "off", mode.first_line
        if mode and "packet-based" in mode.children:
            return ("filtered" if "ipv6" in self.filtered_families else "open"), mode.first_line
        if spoken is None:
            return "unseen", None
        policies = any(_ARROW in scope.name or scope.name.endswith("global") for scope in self.scopes)
        return ("filtered" if policies or "ipv6" in self.filtered_families else "open"), spoken


def _first_ipv6_line(top: Node) -> int | None:
    for interface in top.under("interfaces"):
        for unit in interface.under("unit"):
            family = unit.get("family", "inet6")
            if family and not family.inactive:
                return family.first_line
    return None


class _Policies:
    """The policies of one system: lists by pair of zones, then the global list, then the default."""

    def __init__(self, top: Node, security: Node, prefix: str, reader: _Reader) -> None:
        self.security, self.prefix, self.reader = security, prefix, reader
        self.books = AddressBooks(security, reader.unread)
        self.applications = read_applications(top, reader.unread)
        self.zones_used: set[str] = set()
        self.default, self.default_line = self._default()

    def _default(self) -> tuple[Action, int | None]:
        for node in self.security.under("policies", "default-policy"):
            if node.word in ("permit-all", "deny-all"):
                return ("accept" if node.word == "permit-all" else "drop"), node.first_line
        return "drop", None

    def read(self) -> None:
        shared = self.security.get("policies", "global", "policy")
        ends_globally = shared is not None or self.default_line is not None
        for source in self.security.under("policies", "from-zone"):
            for destination in source.under("to-zone"):
                listed = destination.get("policy")
                name = f"{self.prefix}{source.word}{_ARROW}{destination.word}"
                direction: Direction = "in" if destination.word == "junos-host" else "forward"
                where = (f"from-zone {source.word} to-zone {destination.word}",)
                self._scope(name, direction, where, falls_through=ends_globally)
                for node in listed.children.values() if listed else ():
                    off = destination.inactive or source.inactive
                    self._rule(node, name, (source.word,), (destination.word,), enabled=not off)
        if ends_globally:
            name = f"{self.prefix}global"
            self._scope(name, "forward", (), falls_through=False)
            for node in shared.children.values() if shared else ():
                self._rule(node, name, node.words("match", "from-zone"), node.words("match", "to-zone"))

    def _scope(self, name: str, direction: Direction, where: tuple[str, ...], *, falls_through: bool) -> None:
        self.reader.scopes.append(
            Scope(
                name,
                "none" if falls_through else self.default,
                default_line=None if falls_through else self.default_line,
                implicit=falls_through or self.default_line is None,
                family="any",
                direction=direction,
                where=where,
            )
        )
        self.order = 0

    def _rule(
        self,
        node: Node,
        scope: str,
        sources: tuple[str, ...],
        targets: tuple[str, ...],
        *,
        enabled: bool = True,
    ) -> None:
        action = next((_ACTIONS[word] for word in node.words("then") if word in _ACTIONS), None)
        if action is None or node in self.reader.tree.cut:
            if node not in self.reader.tree.cut:
                self.reader.unread.bad_value(node.first_line, "policy", last_line=node.last_line)
            return
        if len(self.reader.rules) >= lines.MAX_RULES:
            self.reader.unread.limit(node.first_line, node.last_line, "policy")
            return
        self.order += 1
        self.zones_used.update(sources, targets)
        names = {
            "from": node.words("match", "source-address"),
            "to": node.words("match", "destination-address"),
            "application": node.words("match", "application"),
        }
        self.reader.rules.append(
            Rule(
                len(self.reader.rules) + 1,
                scope,
                self.order,
                action,
                node.first_line,
                node.last_line,
                name=node.word,
                target=_target(node),
                family="any",
                direction="in" if targets == ("junos-host",) else "forward",
                interfaces_in=tuple(zone for zone in sources if zone != "any"),
                interfaces_out=tuple(zone for zone in targets if zone != "any"),
                sources=self._addresses(node, "source-address", names["from"], sources),
                destinations=self._addresses(node, "destination-address", names["to"], targets),
                services=self._services(names["application"]),
                conditions=_conditions(node, names["application"]),
                references=self._references(names),
                logging=node.has("then", "log", "session-init") or node.has("then", "log", "session-close"),
                enabled=enabled and not node.inactive,
                comment=node.value("description"),
            )
        )

    def _addresses(self, node: Node, side: str, names: tuple[str, ...], zones: tuple[str, ...]) -> Addresses:
        parts = [self.books.use(name, zones) for name in names]
        whole = parts[0] if len(parts) == 1 else addresses.united(", ".join(names), parts)
        if not parts:
            whole = ANY_ADDRESS
        if node.has("match", f"{side}-excluded"):
            return addresses.inverted(whole, family="any")
        return whole

    def _services(self, names: tuple[str, ...]) -> tuple[Service, ...]:
        found: list[Service] = []
        for name in names:
            if name == "any":
                found.append(ANY_SERVICE)
            elif name in self.applications:
                found += self.applications.use(name)
            else:
                found += predefined(name) or self.applications.use(name)
        return tuple(dict.fromkeys(found)) or (ANY_SERVICE,)

    def _references(self, names: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
        told = [name for listed in names.values() for name in listed if not name.startswith("any")]
        return tuple(dict.fromkeys(name for name in told if not predefined(name)))


def _conditions(node: Node, applications: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for one in node.under("match"):
        words = [word for word in one.words() if word not in _NO_CONDITION]
        if one.word not in _MATCHED and words:
            found.append(" ".join((one.word, *words)))
    if node.has("scheduler-name"):
        found.append(f"scheduler-name {node.value('scheduler-name')}")
    found += [f"application {name}" for name in applications if name in NARROWED]
    return tuple(found)


def _target(node: Node) -> str:
    """What happens to permitted traffic besides: a tunnel, inspections."""
    found = []
    for one in node.under("then", "permit"):
        if one.word == "application-services":
            found += [" ".join((service.word, *service.words())) for service in one.under()]
        elif one.word == "tunnel":
            found += [" ".join((tunnel.word, *tunnel.words())) for tunnel in one.under()]
    return ", ".join(found)
