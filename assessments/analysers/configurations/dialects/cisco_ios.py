"""Read a Cisco IOS or IOS-XE configuration: its access lists and where they are applied."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from assessments.analysers.configurations import addresses, lines
from assessments.analysers.configurations.dialects import cisco_ios_entries as entries
from assessments.analysers.configurations.dialects.cisco_ios_device import Device
from assessments.analysers.configurations.dialects.cisco_words import ACTIONS, BadEntry, Entry, Words
from assessments.analysers.configurations.objects import address_book, service_book
from assessments.analysers.configurations.rules import Family, NamedObject, Rule, Ruleset, Scope

_MATCHES: Final = re.compile(r"\((\d{1,18})\Z")
_COMMENT_MOST: Final = 500


@dataclass(slots=True)
class AccessList:
    """One access list while the file is being read; its entries wait until all object groups are known."""

    name: str
    scope: str
    family: Family
    is_standard: bool
    first_line: int
    last_line: int
    entries: list[tuple[int, list[str], str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_stateful: bool = False


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
        self.lists: dict[tuple[str, str], AccessList] = {}
        self.device = Device()
        self.networks, self.services = address_book(), service_book()
        self.rules: list[Rule] = []
        self.section: Callable[[int, list[str]], bool] | None = None
        self.list: AccessList | None = None
        self.group = ""
        self.banner = ""
        self.is_indented = False
        self._ours = (self._entry_line, self._network_line, self._service_line)

    def line(self, number: int, row: str) -> None:
        """Take one line: of the section that is open, or the start of another."""
        if self.banner:
            if self.banner in row:
                self.banner = ""
            return
        words = row.split()
        if not words:
            return
        if words[0][0] == "!":
            # A device writes it between sections; a person comments entries with it.
            self.section = self.section if self.section in self._ours else None
            return
        if self.section is not None and self._in_section(number, row, words):
            return
        self.section, self.is_indented = None, False
        self._top(number, words)

    def _in_section(self, number: int, row: str, words: list[str]) -> bool:
        assert self.section is not None
        indented = row[0] in " \t"
        if (
            not indented
            and self.section not in self._ours
            and (self.is_indented or self.device.starts(words))
        ):
            return False
        if self.section(number, words):
            self.is_indented = indented
            return True
        if indented:
            self.unread.unknown(number, row)
        return indented

    def _top(self, number: int, words: list[str]) -> None:
        match words:
            case ["access-list", name, *rest] if rest:
                self._numbered(number, name, rest)
            case ["ip", "access-list", ("standard" | "extended") as kind, name, *_]:
                self._open(name, "ipv4", kind == "standard", number)
            case ["ipv6", "access-list", name, *_]:
                self._open(name, "ipv6", False, number)
            case ["object-group", ("network" | "service") as kind, name, *_]:
                self._open_group(kind, name, number)
            case ["banner", _, text, *_]:
                self._open_banner(text, words)
            case _:
                self.section = self.device.top(number, words)
                if self.section is None:
                    self.unread.unknown(number, words[0])
                    self.section = self._skipped
                for what in self.device.taken_unread():
                    self.unread.unknown(number, what)

    def _skipped(self, number: int, words: list[str]) -> bool:
        return False

    def _open_banner(self, text: str, words: list[str]) -> None:
        mark = text[:2] if text.startswith("^") else text[:1]
        if " ".join(words[2:]).count(mark) < 2:
            self.banner = mark

    def _open(self, name: str, family: Family, is_standard: bool, number: int) -> None:
        self.list = self._list(name, family, is_standard, number)
        self.section = self._entry_line

    def _list(self, name: str, family: Family, is_standard: bool, number: int) -> AccessList:
        key = ("ipv6" if family == "ipv6" else "ip", name)
        if key not in self.lists:
            other = ("ip" if family == "ipv6" else "ipv6", name)
            scope = f"{name} ({family})" if other in self.lists else name
            self.lists[key] = AccessList(name, scope, family, is_standard, number, number)
        self.lists[key].last_line = number
        return self.lists[key]

    def _numbered(self, number: int, name: str, rest: list[str]) -> None:
        value = int(name) if name.isascii() and name.isdigit() and len(name) < 6 else 0
        is_standard = 1 <= value <= 99 or 1300 <= value <= 1999
        if not (is_standard or 100 <= value <= 199 or 2000 <= value <= 2699):
            self.unread.unknown(number, "access-list")
            return
        self.list = self._list(name, "ipv4", is_standard, number)
        if not self._entry_line(number, rest):
            self.unread.bad_value(number, "access-list")

    def _entry_line(self, number: int, words: list[str]) -> bool:
        """Keep an entry of the open list; False when the line is none."""
        assert self.list is not None
        at = 1 if words[0].isdigit() else 0
        if words[0] == "sequence":
            at = 2
        verb = words[at] if at < len(words) else ""
        if verb == "remark":
            self.list.remarks.append(" ".join(words[at + 1 :]))
        elif verb in ACTIONS:
            comment = " ".join(self.list.remarks)[:_COMMENT_MOST]
            self.list.remarks.clear()
            self.list.entries.append((number, words, comment))
        elif verb in ("evaluate", "dynamic"):
            self.list.is_stateful = self.list.is_stateful or verb == "evaluate"
            self.unread.unknown(number, verb)
        else:
            return False
        self.list.last_line = number
        return True

    def _open_group(self, kind: str, name: str, number: int) -> None:
        self.group = name
        book = self.networks if kind == "network" else self.services
        book.define(name, (), kind="group", first_line=number, last_line=number)
        self.section = self._network_line if kind == "network" else self._service_line

    def _network_line(self, number: int, words: list[str]) -> bool:
        if words[0] == "description":
            return True
        member = entries.network_member(words)
        if member is None:
            return False
        self.networks.define(self.group, (member,), kind="group", first_line=number, last_line=number)
        return True

    def _service_line(self, number: int, words: list[str]) -> bool:
        if words[0] == "description":
            return True
        if self.device.knows(words[0]) or words[0] in ("access-list", "object-group"):
            return False
        try:
            members = entries.service_members(words)
        except BadEntry:
            return False
        self.services.define(self.group, members, kind="group", first_line=number, last_line=number)
        return True

    def ruleset(self, dialect: str, count: int) -> Ruleset:
        scopes = [self._scope(one) for one in self.lists.values()]
        for one in self.lists.values():
            self._rules_of(one)
        # What a product does with a list that is applied and not defined: it lets everything pass.
        for family, name, line in self.device.applied_undefined(self.lists):
            place: Family = "ipv6" if family == "ipv6" else "ipv4"
            where = self.device.where(family, name)
            scopes.append(
                Scope(name, "accept", line, family=place, direction="forward", stateful=False, where=where)
            )
        for book in (self.networks, self.services):
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
            self.device.management(self.rules),
            self.unread.as_tuple(),
            ipv6,
            ipv6_line,
        )

    def _scope(self, one: AccessList) -> Scope:
        kind = "ipv6" if one.family == "ipv6" else "ip"
        where = self.device.where(kind, one.name)
        elsewhere = self.device.mentions(one.name)
        only_vty = bool(where) and all(place.startswith("vty") for place in where)
        return Scope(
            one.scope,
            # A list without an entry denies nothing.
            "drop" if one.entries else "accept",
            default_line=None if one.entries else one.first_line,
            family=one.family,
            direction="in" if only_vty else "forward",
            filters=bool(where) or not elsewhere,
            applied=bool(where) or elsewhere,
            stateful=one.is_stateful or one.is_standard or only_vty or self.device.inspects,
            where=where,
        )

    def _rules_of(self, one: AccessList) -> None:
        groups = entries.Groups(self.networks, self.services)
        order = 0
        for number, words, comment in _in_order(one.entries):
            if len(self.rules) >= lines.MAX_RULES:
                self.unread.limit(number, one.last_line, "access-list")
                return
            # ``show access-lists`` adds its counter to the entry: ``(12 matches)``.
            counter = _MATCHES.match(words[-2]) if words[-1] in ("matches)", "match)") else None
            said = words[:-2] if counter else words
            sequence, at = _sequence(said)
            try:
                cursor = Words(said, at)
                entry = (
                    entries.standard(cursor)
                    if one.is_standard
                    else entries.extended(cursor, one.family, groups)
                )
            except BadEntry:
                self.unread.bad_value(number, said[at])
                continue
            order += 1
            hits = int(counter[1]) if counter else None
            self.rules.append(self._rule(one, entry, (order, number, hits), (sequence, comment)))

    def _rule(
        self, one: AccessList, entry: Entry, at: tuple[int, int, int | None], said: tuple[str, str]
    ) -> Rule:
        order, number, hits = at
        return Rule(
            len(self.rules) + 1,
            one.scope,
            order,
            entry.action,
            number,
            number,
            name=said[0],
            family=one.family,
            direction="forward",
            sources=entry.sources or addresses.any_of(one.family),
            destinations=entry.destinations or addresses.any_of(one.family),
            services=entry.services,
            states=entry.states,
            conditions=tuple(entry.conditions),
            references=tuple(entry.references),
            logging=entry.logging,
            comment=said[1],
            hits=hits,
        )

    def _objects(self) -> tuple[NamedObject, ...]:
        lists = tuple(
            NamedObject("list", one.scope, one.first_line, one.last_line, self.device.uses(one.name))
            for one in self.lists.values()
        )
        return self.networks.named_objects() + self.services.named_objects() + lists


def _sequence(words: list[str]) -> tuple[str, int]:
    """(sequence number, place of the verb)"""
    if words[0] == "sequence":
        return words[1], 2
    if words[0].isdigit():
        return words[0], 1
    # IPv6 lists write it at the end.
    if len(words) > 2 and words[-2] == "sequence" and words[-1].isdigit():
        return words[-1], 0
    return "", 0


def _in_order(found: list[tuple[int, list[str], str]]) -> list[tuple[int, list[str], str]]:
    """Entries in the order the device puts them in: by sequence number when each has one."""
    numbers = [_sequence(words)[0] for _, words, _ in found]
    if not found or not all(number.isascii() and number.isdigit() and len(number) < 12 for number in numbers):
        return found
    return [one for _, one in sorted(zip(map(int, numbers), found, strict=True), key=lambda pair: pair[0])]
