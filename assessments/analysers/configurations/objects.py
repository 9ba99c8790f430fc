"""Keep what a configuration defines under names, resolve groups of groups and count who uses what."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from assessments.analysers.configurations.addresses import united, unknown
from assessments.analysers.configurations.protocols import unknown_service
from assessments.analysers.configurations.rules import Addresses, NamedObject, Service

ObjectKind = Literal["address", "service", "group", "list", "zone", "other"]
Services = tuple[Service, ...]
Value = TypeVar("Value")

# What all members of all groups may come to; beyond it a set is unknown and `limit_reached` says so.
MAX_MEMBERS: Final = 1_000_000
# What one name may come to.
MAX_MEMBERS_OF_ONE: Final = 50_000

# Descriptions and comments may stand between two members; a second block elsewhere is no part of the first.
_SAME_BLOCK: Final = 5


@dataclass(frozen=True, slots=True)
class Named:
    """A member of a group that is an object of this name."""

    name: str


class Book(Generic[Value]):
    """Objects of one kind by name; a name may be used before it is defined, so resolve after reading all.

    A group that holds itself, directly or not, is unknown and so is one with an undefined member.
    """

    def __init__(
        self,
        join: Callable[[str, list[Value]], Value],
        missing: Callable[[str], Value],
        weigh: Callable[[Value], int],
    ) -> None:
        self._join, self._missing, self._weigh = join, missing, weigh
        self._members: dict[str, list[Value | Named]] = {}
        self._objects: dict[str, tuple[ObjectKind, int, int]] = {}
        self._uses: Counter[str] = Counter()
        self._found: dict[str, Value] = {}
        self._left = MAX_MEMBERS
        self.limit_reached = False
        # The line of the first object that is too large.
        self.limit_line = 1

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def define(
        self,
        name: str,
        members: Iterable[Value | Named],
        *,
        kind: ObjectKind,
        first_line: int,
        last_line: int,
    ) -> None:
        """Name the union of `members`; said twice, members are added as the products do on a second block."""
        if name in self._members:
            self._members[name].extend(members)
            known, first, last = self._objects[name]
            if first_line <= last + _SAME_BLOCK:
                self._objects[name] = (known, first, max(last, last_line))
        else:
            self._members[name] = list(members)
            self._objects[name] = (kind, first_line, last_line)
        if name in self._found:
            self._found.clear()

    def use(self, name: str) -> Value:
        """What `name` stands for, counted as one use by something outside this book."""
        self._uses[name] += 1
        return self.resolve(name)

    def count_use(self, name: str) -> None:
        """Count a use without resolving: the rule that says the name may stand before its definition."""
        self._uses[name] += 1

    def resolve(self, name: str) -> Value:
        """What `name` stands for; linear in the members, however groups are nested."""
        stack, entered = [name], set[str]()
        while stack:
            current = stack[-1]
            if current in self._found:
                stack.pop()
                continue
            members = self._members.get(current, ())
            inner = [one.name for one in members if isinstance(one, Named) and one.name not in self._found]
            if current not in entered and inner:
                entered.add(current)
                # What is being entered already stands in its own way: a circle.
                stack.extend(one for one in dict.fromkeys(inner) if one not in entered)
                continue
            entered.add(current)
            self._found[current] = self._joined(current, members)
            stack.pop()
        return self._found[name]

    def named_objects(self) -> tuple[NamedObject, ...]:
        """All objects in the order of their definition, with the uses by rules and by other groups."""
        uses = self._uses.copy()
        for name, members in self._members.items():
            uses.update({one.name for one in members if isinstance(one, Named)} - {name})
        return tuple(
            NamedObject(kind, name, first, last, uses[name])
            for name, (kind, first, last) in self._objects.items()
        )

    def _joined(self, name: str, members: Iterable[Value | Named]) -> Value:
        if name not in self._members:
            return self._missing(name)
        values = []
        weight = 0
        for one in members:
            # A circle leaves its own inner name unfound.
            value = self._found.get(one.name, self._missing(one.name)) if isinstance(one, Named) else one
            weight += self._weigh(value)
            values.append(value)
            if weight > min(self._left, MAX_MEMBERS_OF_ONE):
                if not self.limit_reached:
                    self.limit_line = self._objects[name][1]
                self.limit_reached = True
                return self._missing(name)
        self._left -= weight
        return self._join(name, values)


def address_book() -> Book[Addresses]:
    """A book of address objects and groups; the text of a resolved set is the object's name."""
    return Book(united, unknown, lambda one: 1 + len(one.v4) + len(one.v6))


def service_book() -> Book[Services]:
    """A book of service objects and groups."""
    return Book(_services_joined, lambda name: (unknown_service(name),), len)


def _services_joined(name: str, parts: list[Services]) -> Services:
    return tuple(dict.fromkeys(one for part in parts for one in part))
