"""What an IOS configuration says around its access lists: interfaces, lines and servers of the device."""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Final, Literal

from assessments.analysers.configurations import addresses
from assessments.analysers.configurations.rules import Addresses, ManagementAccess, Rule

Section = Callable[[int, list[str]], bool]

# First words of lines that have nothing to do with filtering, with those of a configuration's frame.
_KNOWN: Final = frozenset(
    (
        *(
            "aaa",
            "alias",
            "archive",
            "arp",
            "boot",
            "boot-end-marker",
            "boot-start-marker",
            "bridge",
            "building",
        ),
        *(
            "call-home",
            "cdp",
            "clock",
            "cns",
            "config-register",
            "configuration",
            "control-plane",
            "controller",
        ),
        *(
            "crypto",
            "current",
            "default",
            "device-tracking",
            "diagnostic",
            "dot1x",
            "dspfarm",
            "enable",
            "end",
        ),
        *(
            "endpoint",
            "environment",
            "errdisable",
            "event",
            "exception",
            "exit",
            "exit-address-family",
            "fabric",
        ),
        *("flow", "gatekeeper", "hw-module", "ip", "ipv6", "isdn", "key", "l2vpn", "last", "ldap", "license"),
        *(
            "lldp",
            "logging",
            "login",
            "mac",
            "memory",
            "mls",
            "mpls",
            "multilink",
            "no",
            "ntp",
            "pagp",
            "parser",
        ),
        *("platform", "policy-map", "port-channel", "power", "prefix-list", "privilege", "process", "qos"),
        *("radius", "radius-server", "redundancy", "rmon", "route-map", "route-tag", "router", "scheduler"),
        *("service", "service-policy", "sntp", "spanning-tree", "standby", "subscriber", "switch", "system"),
        *(
            "tacacs",
            "tacacs-server",
            "template",
            "terminal",
            "tftp-server",
            "time-range",
            "track",
            "transceiver",
        ),
        *(
            "udld",
            "upgrade",
            "username",
            "version",
            "vlan",
            "vrf",
            "vtp",
            "vstack",
            "voice",
            "wsma",
            "webvpn",
        ),
        *(
            "buffers",
            "cable",
            "class-map",
            "dial-peer",
            "dialer-list",
            "ephone",
            "fhrp",
            "global-address-family",
        ),
        *("hostname", "identity", "interface", "line", "mgcp", "monitor", "nat64", "netconf", "netconf-yang"),
        *("restconf", "sccp", "snmp-server", "security", "table-map", "telephony-service", "using", "tunnel"),
    )
)
# What filters in another way than access lists do and is not read.
_FILTERS_UNREAD: Final = frozenset(("zone", "zone-pair", "parameter-map"))
# Words of lines that name an access list outside its own definition.
_NAMING: Final = frozenset(
    (
        *("list", "access-group", "access-class", "address", "distribute-list", "community", "match", "acl"),
        *("filter", "access-list", "rate-limit", "traffic-filter"),
    )
)
# First words that open another section even where a hand-edited file indents nothing.
_STARTING: Final = frozenset(
    (
        *("aaa", "access-list", "banner", "boot", "class-map", "control-plane", "crypto", "enable", "end"),
        *(
            "hostname",
            "interface",
            "key",
            "line",
            "logging",
            "ntp",
            "object-group",
            "policy-map",
            "route-map",
        ),
        *("router", "snmp-server", "tftp-server", "username", "version", "zone", "zone-pair"),
    )
)
_STARTING_PAIRS: Final = frozenset(
    (
        *(
            ("ip", word)
            for word in ("access-list", "route", "http", "classless", "forward-protocol", "domain")
        ),
        *(("ip", word) for word in ("name-server", "ssh", "prefix-list", "cef", "routing")),
        *(("ipv6", word) for word in ("access-list", "route", "unicast-routing", "router")),
    )
)


class Device:
    """Takes the lines that are no access list and answers what they mean for the lists."""

    def __init__(self) -> None:
        self.hostname = ""
        self.inspects = False
        self._places: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self._mentioned: Counter[str] = Counter()
        self._doors: list[tuple[str, str, str, int]] = []
        self._http: dict[str, int] = {}
        self._http_list = ""
        self._interface = ""
        self._vty: list[tuple[str, int, str, list[str]]] = []
        self._v6_addresses: dict[str, int] = {}
        self._v6_filters: dict[str, int] = {}
        self._shut: set[str] = set()
        self._unread: list[str] = []

    def knows(self, word: str) -> bool:
        return word in _KNOWN or word in _FILTERS_UNREAD

    def starts(self, words: list[str]) -> bool:
        """Whether a line without indentation opens another section than the one it stands in."""
        return words[0] in _STARTING or tuple(words[:2]) in _STARTING_PAIRS

    def taken_unread(self) -> list[str]:
        """What the last line was that filters and is not read."""
        found, self._unread = self._unread, []
        return found

    def top(self, number: int, words: list[str]) -> Section | None:
        """Take a line at the outer level; the section that it opens, if any."""
        if words[:2] != ["ip", "http"]:
            self._mention(words)
        match words:
            case ["hostname", name, *_]:
                self.hostname = name
            case ["interface", *name] if name:
                self._interface = " ".join(name)
                return self._interface_line
            case ["line", "vty", *numbers]:
                self._vty.append((" ".join(["vty", *numbers]), number, "", []))
                return self._vty_line
            case ["ip", "http", *rest]:
                self._http_line(number, rest)
            case ["snmp-server", "community", _, *rest]:
                self._doors.append(("snmp", "", _list_of(rest), number))
            case ["tftp-server", *_]:
                self._doors.append(("tftp", "", "", number))
            case ["ip", "finger", *_] | ["service", "finger", *_]:
                self._doors.append(("finger", "", "", number))
            case ["ip", "inspect", *_]:
                self.inspects = True
                self._unread.append("ip")
            case [("class-map" | "policy-map") as word, "type", "inspect", *_]:
                self._unread.append(word)
            case [word, *_] if word in _FILTERS_UNREAD:
                self.inspects = self.inspects or word == "zone-pair"
                self._unread.append(word)
        return self._other_line if self.knows(words[0]) else None

    def _other_line(self, number: int, words: list[str]) -> bool:
        """A line of a section that says nothing about filtering, as far as it names no list."""
        self._mention(words)
        return True

    def _interface_line(self, number: int, words: list[str]) -> bool:
        name = self._interface
        match words:
            case ["ip", "access-group", one, ("in" | "out") as way, *_]:
                self._places.setdefault(("ip", one), []).append((f"{name} {way}", number))
            case ["ipv6", "traffic-filter", one, ("in" | "out") as way, *_]:
                self._places.setdefault(("ipv6", one), []).append((f"{name} {way}", number))
                self._v6_filters[name] = number
            case ["ipv6", ("address" | "enable"), *_]:
                self._v6_addresses.setdefault(name, number)
            case ["shutdown"]:
                self._shut.add(name)
            case ["ip", "inspect", *_]:
                self.inspects = True
            case _:
                self._mention(words)
        return True

    def _vty_line(self, number: int, words: list[str]) -> bool:
        name, line, listed, transports = self._vty[-1]
        match words:
            case ["access-class", one, "in", *_]:
                self._vty[-1] = (name, line, one, transports)
                self._places.setdefault(("ip", one), []).append((f"{name} in", number))
            case ["ipv6", "access-class", one, "in", *_]:
                self._places.setdefault(("ipv6", one), []).append((f"{name} in", number))
            case ["transport", "input", *protocols]:
                self._vty[-1] = (name, number, listed, protocols)
            case _:
                self._mention(words)
        return True

    def _http_line(self, number: int, rest: list[str]) -> None:
        match rest:
            case ["server"]:
                self._http["http"] = number
            case ["secure-server"]:
                self._http["https"] = number
            case ["access-class", *_, name]:
                self._http_list = name
                self._places.setdefault(("ip", name), []).append(("http in", number))

    def _mention(self, words: Sequence[str]) -> None:
        if words[0] not in ("description", "remark") and not _NAMING.isdisjoint(words):
            self._mentioned.update(set(words[1:]))

    def where(self, kind: str, name: str) -> tuple[str, ...]:
        return tuple(place for place, _ in self._places.get((kind, name), ()))

    def mentions(self, name: str) -> bool:
        return bool(self._mentioned[name])

    def uses(self, name: str) -> int:
        placed = sum(len(self._places.get((kind, name), ())) for kind in ("ip", "ipv6"))
        return placed + self._mentioned[name]

    def applied_undefined(self, defined: Container[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
        """(kind, name, line) of lists that are applied and not defined."""
        for (kind, name), places in self._places.items():
            if (kind, name) not in defined:
                yield kind, name, places[0][1]

    def management(self, rules: Sequence[Rule]) -> tuple[ManagementAccess, ...]:
        """The doors to the device with those who may use them."""
        doors = list(self._doors)
        doors += [(service, "", self._http_list, line) for service, line in self._http.items()]
        for name, line, listed, transports in self._vty:
            open_to = ("telnet", "ssh") if "all" in transports else transports
            doors += [(one, name, listed, line) for one in open_to if one in ("telnet", "ssh", "rlogin")]
        by_list: dict[str, list[Rule]] = {}
        wanted = {door[2] for door in doors if door[2]}
        for rule in rules:
            if rule.scope in wanted:
                by_list.setdefault(rule.scope, []).append(rule)
        return tuple(
            ManagementAccess(service, name, _permitted(listed, by_list.get(listed)), line, line)
            for service, name, listed, line in doors
        )

    def ipv6(self) -> tuple[Literal["filtered", "open", "off", "unseen"], int | None]:
        """Open when an interface that is up has an IPv6 address and no interface filters IPv6."""
        up = [line for name, line in self._v6_addresses.items() if name not in self._shut]
        if self._v6_filters:
            return "filtered", min(self._v6_filters.values())
        return ("open", up[0]) if up else ("unseen", None)


def _list_of(rest: list[str]) -> str:
    """The access list of ``snmp-server community NAME view V RO ipv6 L6 10``."""
    if rest[:1] == ["view"]:
        rest = rest[2:]
    if rest and rest[0].lower() in ("ro", "rw"):
        rest = rest[1:]
    return rest[-1] if rest else ""


def _permitted(name: str, rules: Sequence[Rule] | None) -> Addresses:
    """The sources that a list lets in, taken in its order; every one when there is no list."""
    if not name or rules is None:
        return addresses.any_of("any")
    permitted: list[Addresses] = []
    denied: list[Addresses] = []
    for rule in rules[:1000]:
        if rule.action == "accept":
            kept = rule.sources
            for one in denied:
                kept = addresses.without(kept.text, kept, one)
            permitted.append(kept)
        else:
            denied.append(rule.sources)
    return addresses.united(name, permitted)
