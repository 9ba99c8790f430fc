"""Write a rule set as JSON that viewers window over, and read it back."""

from operator import attrgetter
from typing import Any, Final

from assessments.analysers.analysis import BadAnalysis
from assessments.analysers.configurations.rules import (
    Addresses,
    ManagementAccess,
    NamedObject,
    Range,
    Rule,
    Ruleset,
    Scope,
    Service,
    Unread,
)

_RULE: Final = (
    *(
        "number",
        "scope",
        "order",
        "action",
        "first_line",
        "last_line",
        "name",
        "target",
        "family",
        "direction",
    ),
    *("interfaces_in", "interfaces_out", "sources", "destinations", "services", "states", "conditions"),
    *("references", "logging", "enabled", "comment", "hits"),
)
_SCOPE: Final = (
    *("name", "default", "default_line", "implicit", "family", "direction", "filters", "applied", "stateful"),
    "where",
)
_OBJECT: Final = ("kind", "name", "first_line", "last_line", "uses")
_UNREAD: Final = ("first_line", "last_line", "statement", "reason")
_DOOR: Final = ("service", "interface", "sources", "first_line", "last_line")
_WHOLE: Final = ("dialect", "hostname", "lines", "ipv6", "ipv6_line")
_TUPLES: Final = frozenset(("interfaces_in", "interfaces_out", "states", "conditions", "references", "where"))
_VALUES: Final = attrgetter(*_RULE)
_LISTED: Final = tuple(at for at, name in enumerate(_RULE) if name in _TUPLES)
_SOURCES, _DESTINATIONS, _SERVICES = map(_RULE.index, ("sources", "destinations", "services"))


def to_json(ruleset: Ruleset) -> dict[str, Any]:
    """The rule set in lists: columns once, a list of values for each row.

    Sets of addresses and of services are said once and named by their place, since many rules share them.
    """
    pool = _Pool()
    return {
        "whole": [getattr(ruleset, name) for name in _WHOLE],
        "columns": list(_RULE),
        "rules": [pool.rule(rule) for rule in ruleset.rules],
        "scopes": [[_plain(getattr(one, name)) for name in _SCOPE] for one in ruleset.scopes],
        "objects": [[getattr(one, name) for name in _OBJECT] for one in ruleset.objects],
        "management": [
            [one.service, one.interface, pool.addresses(one.sources), one.first_line, one.last_line]
            for one in ruleset.management
        ],
        "unread": [[getattr(one, name) for name in _UNREAD] for one in ruleset.unread],
        "addresses": pool.address_rows,
        "services": pool.service_rows,
    }


def from_json(data: Any) -> Ruleset:
    """The rule set that `to_json` wrote; raises `BadAnalysis` for anything else."""
    try:
        if data["columns"] != list(_RULE):
            raise BadAnalysis("the columns are not those of this version")
        addresses = [_addresses(row) for row in data["addresses"]]
        services = [_services(rows) for rows in data["services"]]
        whole = dict(zip(_WHOLE, data["whole"], strict=True))
        doors = [dict(zip(_DOOR, row, strict=True)) for row in data["management"]]
        for door in doors:
            door["sources"] = addresses[door["sources"]]
        return Ruleset(
            **whole,
            scopes=tuple(Scope(**_tupled(_SCOPE, row)) for row in data["scopes"]),
            rules=tuple(_rule(row, addresses, services) for row in data["rules"]),
            objects=tuple(NamedObject(*row) for row in data["objects"]),
            management=tuple(ManagementAccess(**door) for door in doors),
            unread=tuple(Unread(*row) for row in data["unread"]),
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadAnalysis("the detail is not a rule set") from error


class _Pool:
    """Gives each different set of addresses or services one place."""

    def __init__(self) -> None:
        self.address_rows: list[list[Any]] = []
        self.service_rows: list[list[list[Any]]] = []
        self._addresses: dict[Addresses, int] = {}
        self._services: dict[tuple[Service, ...], int] = {}
        # Hashing a large set for every rule that uses it would take as long as reading it.
        self._by_identity: dict[tuple[str, int, int, bool], int] = {}

    def rule(self, rule: Rule) -> list[Any]:
        row = list(_VALUES(rule))
        for at in _LISTED:
            row[at] = list(row[at])
        row[_SOURCES] = self.addresses(rule.sources)
        row[_DESTINATIONS] = self.addresses(rule.destinations)
        row[_SERVICES] = self.services(rule.services)
        return row

    def addresses(self, one: Addresses) -> int:
        identity = (one.text, id(one.v4), id(one.v6), one.known)
        known = self._by_identity.get(identity)
        if known is None:
            known = self._addresses.get(one)
            if known is None:
                known = self._addresses[one] = len(self.address_rows)
                self.address_rows.append([one.text, _flat(one.v4), _flat_v6(one.v6), one.known])
            self._by_identity[identity] = known
        return known

    def services(self, several: tuple[Service, ...]) -> int:
        known = self._services.get(several)
        if known is None:
            known = self._services[several] = len(self.service_rows)
            self.service_rows.append(
                [
                    [one.protocol, _flat(one.ports), _flat(one.source_ports), one.text, one.known]
                    for one in several
                ]
            )
        return known


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _flat(ranges: tuple[Range, ...]) -> list[int]:
    return [end for one in ranges for end in one]


def _flat_v6(ranges: tuple[Range, ...]) -> list[str]:
    """Hexadecimal, since many readers of JSON lose what goes beyond 53 bits."""
    return [f"{end:x}" for one in ranges for end in one]


def _paired(ends: list[int]) -> tuple[Range, ...]:
    return tuple(zip(ends[::2], ends[1::2], strict=True))


def _addresses(row: list[Any]) -> Addresses:
    text, v4, v6, known = row
    return Addresses(text, _paired(v4), _paired([int(end, 16) for end in v6]), known)


def _services(rows: list[list[Any]]) -> tuple[Service, ...]:
    return tuple(
        Service(protocol, _paired(ports), _paired(source_ports), text, known)
        for protocol, ports, source_ports, text, known in rows
    )


def _tupled(names: tuple[str, ...], row: list[Any]) -> dict[str, Any]:
    values = dict(zip(names, row, strict=True))
    return {name: tuple(value) if name in _TUPLES else value for name, value in values.items()}


def _rule(row: list[Any], addresses: list[Addresses], services: list[tuple[Service, ...]]) -> Rule:
    values = _tupled(_RULE, row)
    values["sources"] = addresses[values["sources"]]
    values["destinations"] = addresses[values["destinations"]]
    values["services"] = services[values["services"]]
    return Rule(**values)
