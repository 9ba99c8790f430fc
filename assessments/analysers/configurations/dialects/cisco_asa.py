"""Read a Cisco ASA configuration: access lists with their objects, and where they are applied."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from assessments.analysers.configurations import addresses, lines
from assessments.analysers.configurations.dialects import cisco_asa_entries as entries
from assessments.analysers.configurations.dialects.cisco_asa_device import Device, Interface
from assessments.analysers.configurations.dialects.cisco_words import BadEntry, Entry, Words
from assessments.analysers.configurations.objects import Book, ObjectKind
from assessments.analysers.configurations.rules import Addresses, Family, NamedObject, Rule, Ruleset, Scope

_HITS: Final = re.compile(r"\(hitcnt=(\d{1,18})\)")
_COMMENT_MOST: Final = 500
_TERSE: Final = frozenset(("cached", "alert-interval", "deny-flow-max"))


@dataclass(slots=True)
class AccessList:
    """One access list while the file is being read; its entries wait until all objects are known."""

    name: str
    first_line: int
    last_line: int
    is_standard: bool = False
    entries: list[tuple[int, list[str], str, int | None]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read(text: str, dialect: str) -> Ruleset:
    """The access lists of the file, each with the deny that the product adds at its end."""
    reader = _Reader()
    rows = lines.split_lines(text, reader.unread)
    for number, row in enumerate(rows, 1):
        reader.line(number, row)
    return reader.ruleset(dialect, lines.count_lines(text))


class _Reader:
    def __init__(self) -> None:
        self.unread = lines.UnreadLines()
        self.names = entries.Names()
        self.device = Device()
        self.lists: dict[str, AccessList] = {}
        self.rules: list[Rule] = []
        self.section: Callable[[int, list[str]], bool] | None = None
        self.object = ("", "")
        self.object_kind: ObjectKind = "address"
        self.group_protocol = ""

    def line(self, number: int, row: str) -> None:
        """Take one line: of the section that is open, or the start of another."""
        words = row.split()
        if not words or words[0][0] in "!:":
            return
        if self.section is not None:
            indented = row[0] in " \t"
            if (indented or self.section in (self._network_line, self._service_line)) and self.section(
                number, words
            ):
                return
            if indented:
                self.unread.unknown(number, row)
                return
        self.section = None
        self._top(number, words)

    def _top(self, number: int, words: list[str]) -> None:
        match words:
            case ["access-list", name, *_] if name in _TERSE:
                pass
            case ["access-list", name, *rest] if rest:
                self._entry_line(number, name, rest)
            case ["access-group", *_]:
                if not self.device.access_group(number, words):
                    self.unread.bad_value(number, "access-group")
            case [("object" | "object-group") as word, kind, name, *rest]:
                self._open_object(number, (word, kind, name), rest)
            case ["name", address, alias, *_]:
                self.names.aliases[alias] = address
            case ["interface", *name] if name:
                self.device.interfaces.append(Interface(" ".join(name)))
                self.section = self._interface_line
            case _:
                self.device.other(number, words)
                self._count_uses(words)
                self.section = self._other_line
                if not self.device.knows(words[0]):
                    self.unread.unknown(number, words[0])

    def _interface_line(self, number: int, words: list[str]) -> bool:
        return self.device.interface_line(words, number)

    def _other_line(self, number: int, words: list[str]) -> bool:
        self.device.other(number, ["", *words])
        self._count_uses(words)
        return True

    def _count_uses(self, words: list[str]) -> None:
        """Objects are used outside access lists too, most of all by ``nat``."""
        for word in words:
            if word in self.names.networks:
                self.names.networks.count_use(word)
            elif word in self.names.services:
                self.names.services.count_use(word)

    def _open_object(self, number: int, said: tuple[str, str, str], rest: list[str]) -> None:
        word, kind, name = said
        self.object = (word, name)
        if kind == "network":
            book: Book[Any] = self.names.networks
            self.object_kind, self.section = "address", self._network_line
        elif kind in ("service", "protocol", "icmp-type"):
            book = self.names.services
            self.object_kind, self.section = "service", self._service_line
            self.group_protocol = rest[0] if rest else ""
        else:
            self.unread.unknown(number, word)
            self.section = self._other_line
            return
        if word == "object-group":
            self.object_kind = "group"
        book.define(name, (), kind=self.object_kind, first_line=number, last_line=number)

    def _network_line(self, number: int, words: list[str]) -> bool:
        if words[0] in ("description", "nat"):
            if words[0] == "nat" and self.object[0] == "object":
                self.names.networks.count_use(self.object[1])
            return True
        member = entries.network_member(words, self.names)
        if member is None:
            return False
        self.names.networks.define(
            self.object[1], (member,), kind=self.object_kind, first_line=number, last_line=number
        )
        return True

    def _service_line(self, number: int, words: list[str]) -> bool:
        if words[0] == "description":
            return True
        try:
            members = entries.service_members(words, self.group_protocol)
        except BadEntry:
            return False
        self.names.services.define(
            self.object[1], members, kind=self.object_kind, first_line=number, last_line=number
        )
        return True

    def _entry_line(self, number: int, name: str, rest: list[str]) -> None:
        if rest[0] == "line" and len(rest) > 2:
            rest = rest[2:]
        if rest[0].endswith(";"):
            return  # ``show access-list`` heads each list with its count of elements.
        one = self.lists.setdefault(name, AccessList(name, number, number))
        one.last_line = number
        if rest[0] == "remark":
            one.remarks.append(" ".join(rest[1:]))
            return
        if rest[0] in ("permit", "deny"):
            rest = ["extended", *rest]
        if rest[0] not in ("extended", "standard"):
            self.unread.unknown(number, "access-list")
            return
        one.is_standard = rest[0] == "standard"
        hits = None
        if rest[-1].startswith("0x"):
            rest = rest[:-1]
        if counter := _HITS.match(rest[-1]):
            hits, rest = int(counter[1]), rest[:-1]
        one.entries.append((number, rest, " ".join(one.remarks)[:_COMMENT_MOST], hits))
        one.remarks.clear()

    def ruleset(self, dialect: str, count: int) -> Ruleset:
        scopes = [self._scope(one) for one in self.lists.values()]
        for one in self.lists.values():
            self._rules_of(one)
        for name, line in self.device.applied_undefined(self.lists):
            where = self.device.where(name)
            scopes.append(Scope(name, "accept", line, family="any", direction="forward", where=where))
        scopes += self.device.level_scopes()
        for book in (self.names.networks, self.names.services):
            if book.limit_reached:
                self.unread.limit(book.limit_line, book.limit_line, "object-group")
        ipv6, ipv6_line = self.device.ipv6()
        return Ruleset(
            dialect,
            self.device.hostname,
            count,
            tuple(scopes),
            tuple(self.rules),
            self._objects(),
            self.device.management(),
            self.unread.as_tuple(),
            ipv6,
            ipv6_line,
        )

    def _scope(self, one: AccessList) -> Scope:
        where = self.device.where(one.name)
        elsewhere = self.device.mentions(one.name)
        # What a list of an interface leaves undecided goes on to the global one.
        goes_on = bool(self.device.global_list) and one.name != self.device.global_list and bool(where)
        return Scope(
            one.name,
            "none" if goes_on else "drop",
            family="any",
            direction="forward",
            filters=(bool(where) or not elsewhere) and not one.is_standard,
            applied=bool(where) or elsewhere,
            where=where,
        )

    def _rules_of(self, one: AccessList) -> None:
        order = 0
        for number, words, comment, hits in one.entries:
            if len(self.rules) >= lines.MAX_RULES:
                self.unread.limit(number, one.last_line, "access-list")
                return
            cursor = Words(words, 1)
            try:
                entry = (entries.extended if words[0] == "extended" else entries.standard)(cursor, self.names)
            except BadEntry:
                self.unread.bad_value(number, "access-list")
                continue
            order += 1
            self.rules.append(self._rule(one, entry, (order, number), (comment, hits)))

    def _rule(self, one: AccessList, entry: Entry, at: tuple[int, int], said: tuple[str, int | None]) -> Rule:
        order, number = at
        comment, hits = said
        sources = entry.sources or addresses.any_of("any")
        destinations = entry.destinations or addresses.any_of("any")
        return Rule(
            len(self.rules) + 1,
            one.name,
            order,
            entry.action,
            number,
            number,
            family=_family(sources, destinations),
            direction="forward",
            sources=sources,
            destinations=destinations,
            services=entry.services,
            conditions=tuple(entry.conditions),
            references=tuple(entry.references),
            logging=entry.logging,
            enabled=entry.enabled,
            comment=comment,
            hits=hits,
        )

    def _objects(self) -> tuple[NamedObject, ...]:
        lists = tuple(
            NamedObject("list", one.name, one.first_line, one.last_line, self.device.uses(one.name))
            for one in self.lists.values()
        )
        return self.names.networks.named_objects() + self.names.services.named_objects() + lists


def _family(sources: Addresses, destinations: Addresses) -> Family:
    """The family that both sides leave possible."""
    sides = [side for side in (sources, destinations) if side.known]
    v4, v6 = all(side.v4 for side in sides), all(side.v6 for side in sides)
    if v4 == v6:
        return "any"
    return "ipv4" if v4 else "ipv6"
