"""The one model that every firewall dialect is read into."""

from dataclasses import dataclass
from typing import Final, Literal

Action = Literal["accept", "drop", "reject", "jump", "return", "log", "nat", "other"]
Family = Literal["ipv4", "ipv6", "any"]
Direction = Literal["in", "out", "forward", ""]

V4_MOST: Final = 2**32 - 1
V6_MOST: Final = 2**128 - 1
PORT_MOST: Final = 65_535

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses one side of a rule matches: inclusive integer ranges by family, sorted and merged.

    `text` is what the configuration says (object names kept). `known` is False when a part cannot be told
    from the file (a name it does not define, a country, a host name): such a set is never compared.
    """

    text: str
    v4: tuple[Range, ...] = ()
    v6: tuple[Range, ...] = ()
    known: bool = True

    @property
    def is_any(self) -> bool:
        """Whether every address of at least one family matches."""
        return self.known and (self.v4 == ((0, V4_MOST),) or self.v6 == ((0, V6_MOST),))


ANY_ADDRESS: Final = Addresses("any", ((0, V4_MOST),), ((0, V6_MOST),))
ANY_V4: Final = Addresses("any", ((0, V4_MOST),), ())
ANY_V6: Final = Addresses("any", (), ((0, V6_MOST),))


@dataclass(frozen=True, slots=True)
class Service:
    """One protocol with the ports it is matched on.

    `protocol` is the IANA keyword in lower case (``tcp``, ``udp``, ``icmp``, ``ipv6-icmp``, ``esp``, …) or
    ``any``; ports are inclusive ranges, empty when any port matches; `text` is what the configuration says.
    `known` is False for a name that the file does not define.
    """

    protocol: str
    ports: tuple[Range, ...] = ()
    source_ports: tuple[Range, ...] = ()
    text: str = ""
    known: bool = True


ANY_SERVICE: Final = Service("any", text="any")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is evaluated.

    `number` counts rules over the file from 1; `scope` is the list that is evaluated in order, named as
    people of that product name it (``filter INPUT``, ``OUTSIDE-IN``, ``trust → untrust``) and `order` the
    place in it from 1. `interfaces_in` and `interfaces_out` hold interfaces or zones (empty: any).
    `conditions` are matches the model does not hold otherwise, in the dialect's words (``limit 10/second``):
    the rule matches less than its addresses and services say, so it never shadows another. `references` are
    the names of objects it uses. `hits` is the packet counter when the file has it.
    """

    number: int
    scope: str
    order: int
    action: Action
    first_line: int
    last_line: int
    name: str = ""
    target: str = ""
    family: Family = "ipv4"
    direction: Direction = ""
    interfaces_in: tuple[str, ...] = ()
    interfaces_out: tuple[str, ...] = ()
    sources: Addresses = ANY_ADDRESS
    destinations: Addresses = ANY_ADDRESS
    services: tuple[Service, ...] = (ANY_SERVICE,)
    states: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    logging: bool = False
    enabled: bool = True
    comment: str = ""
    hits: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A list of rules with what happens to a packet that none of them decides.

    `default` is ``none`` for a list that only returns to its caller; `default_line` the line that states it,
    None when the product's own default applies. `implicit` tells that the default is not written in the file.
    `filters` is False for NAT, mangle and the like, on which no finding about openness is made.
    `direction` tells what passes: to the device, through it, or from it. `applied` is False for a list that
    nothing in the file uses (an access list on no interface, a chain nobody jumps to). `where` tells on what
    a list is applied, in the product's words (``GigabitEthernet0/0 in``).
    """

    name: str
    default: Action | Literal["none"]
    default_line: int | None = None
    implicit: bool = True
    family: Family = "ipv4"
    direction: Direction = ""
    filters: bool = True
    applied: bool = True
    stateful: bool = True
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedObject:
    """An address, service, group, zone, alias or list that the file names; `uses` counts references."""

    kind: Literal["address", "service", "group", "list", "zone", "other"]
    name: str
    first_line: int
    last_line: int
    uses: int = 0


@dataclass(frozen=True, slots=True)
class ManagementAccess:
    """A door to the device itself outside the rules (``ip http server``, ``telnet 0 0 inside``, allowaccess).

    `service` is the plain protocol (``telnet``, ``http``, ``https``, ``ssh``, ``snmp``); `sources` who may
    come in.
    """

    service: str
    interface: str
    sources: Addresses
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Lines the reader did not understand; `statement` is its first word or two, never values."""

    first_line: int
    last_line: int
    statement: str
    reason: Literal["unknown-statement", "bad-value", "damaged-tail", "limit"] = "unknown-statement"


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Everything a dialect's reader found, in the order of the file.

    `lines` counts the lines of the text. `ipv6` tells what becomes of IPv6: rules for it, addresses without
    rules (``open``), switched off, or no word; `ipv6_line` is the line that shows it.
    """

    dialect: str
    hostname: str
    lines: int
    scopes: tuple[Scope, ...]
    rules: tuple[Rule, ...]
    objects: tuple[NamedObject, ...] = ()
    management: tuple[ManagementAccess, ...] = ()
    unread: tuple[Unread, ...] = ()
    ipv6: Literal["filtered", "open", "off", "unseen"] = "unseen"
    ipv6_line: int | None = None
