"""What an ASA configuration says around its access lists: interfaces, levels and who may manage it."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from assessments.analysers.configurations import addresses
from assessments.analysers.configurations.rules import Addresses, ManagementAccess, Scope

# Words of lines that name an access list outside its own definition and ``access-group``.
_NAMING: Final = frozenset(
    ("access-list", "address", "value", "match", "vpn-filter", "split-tunnel-network-list", "filter", "acl")
)
# First words of lines that have nothing to do with filtering, with those of a configuration's frame.
_KNOWN: Final = frozenset(
    (
        *("ASA", "Cryptochecksum", "aaa", "aaa-server", "admin-context", "anyconnect", "arp", "asdm", "asp"),
        *("auto-update", "banner", "boot", "call-home", "checkheaps", "class-map", "client-update", "clock"),
        *(
            "cluster",
            "compression",
            "config-register",
            "console",
            "coredump",
            "crashinfo",
            "crypto",
            "ctl-file",
        ),
        *("ctl-provider", "cts", "ddns", "default-information", "dhcp-client", "dhcpd", "dhcprelay", "dns"),
        *("dns-group", "domain-name", "dynamic-access-policy-record", "dynamic-filter", "enable", "end"),
        *(
            "event",
            "exit",
            "failover",
            "fips",
            "firewall",
            "flow-export",
            "fragment",
            "ftp",
            "ftp-map",
            "global",
        ),
        *("group-policy", "group-policy-map", "hostname", "http", "http-map", "icmp", "imap4s", "ip", "ipv6"),
        *("ipsec", "jumbo-frame", "key", "ldap", "license", "lldp", "logging", "mac-address", "mac-list"),
        *("mac-address-table", "management-access", "match", "media-termination", "mgcp-map", "migration"),
        *("mode", "monitor-interface", "mtu", "multicast-routing", "mroute", "names", "nat", "no", "ntp"),
        *(
            "nve",
            "pager",
            "passwd",
            "password",
            "pim",
            "policy-map",
            "pop3s",
            "prefix-list",
            "priority-queue",
        ),
        *("privilege", "prompt", "quota", "redundant", "regex", "rip", "route", "route-map", "router", "rsa"),
        *(
            "same-security-traffic",
            "scansafe",
            "security-group",
            "service",
            "service-policy",
            "sip-map",
            "sla",
        ),
        *("smtp-server", "smtps", "snmp", "snmp-map", "snmp-server", "ssh", "ssl", "static", "sysopt"),
        *("tcp-map", "telnet", "terminal", "tftp-server", "threat-detection", "time-range", "timeout"),
        *("tls-proxy", "track", "tunnel-group", "tunnel-group-map", "url-cache", "url-list", "url-server"),
        *("user-identity", "username", "virtual", "vlan", "vpdn", "vpn", "vpn-addr-assign", "vpn-sessiondb"),
        *("vpnclient", "wccp", "webvpn", "xlate", "zone", "zonelabs-integrity", "hpm", "hw-module", "mpf"),
    )
)
_DOORS: Final = {"ssh": "ssh", "telnet": "telnet", "http": "https"}


@dataclass(slots=True)
class Interface:
    """One interface with its name among the rules and how far it is trusted."""

    hardware: str
    nameif: str = ""
    level: int | None = None
    level_line: int = 0
    v6_line: int = 0
    is_shut: bool = False


class Device:
    """Takes the lines that are no access list and no object."""

    def __init__(self) -> None:
        self.hostname = ""
        self.interfaces: list[Interface] = []
        self.global_list = ""
        self._places: dict[str, list[tuple[str, int]]] = {}
        self._mentioned: Counter[str] = Counter()
        self._doors: list[ManagementAccess] = []
        self._http_server = False

    def knows(self, word: str) -> bool:
        return word in _KNOWN

    def access_group(self, number: int, words: Sequence[str]) -> bool:
        """``access-group NAME in interface outside`` or ``access-group NAME global``."""
        match words:
            case [_, name, "global", *_]:
                self.global_list = name
                place = "global"
            case [_, name, ("in" | "out") as way, "interface", nameif, *_]:
                place = f"{nameif} {way}"
            case _:
                return False
        self._places.setdefault(name, []).append((place, number))
        return True

    def interface_line(self, words: Sequence[str], number: int) -> bool:
        """A line within an interface."""
        here = self.interfaces[-1]
        match words:
            case ["nameif", name, *_]:
                here.nameif = name
            case ["security-level", level, *_] if level.isascii() and level.isdigit():
                here.level, here.level_line = min(int(level[:4]), 100), number
            case ["ipv6", ("address" | "enable"), *_]:
                here.v6_line = here.v6_line or number
            case ["shutdown"]:
                here.is_shut = True
        return True

    def other(self, number: int, words: Sequence[str]) -> None:
        """A line at the outer level, or one within a section that is not read."""
        match words:
            case ["hostname", name, *_]:
                self.hostname = name
            case ["http", "server", "enable", *_]:
                self._http_server = True
            case [("ssh" | "telnet" | "http") as word, *rest]:
                self._door(word, rest, number)
            case ["snmp-server", "host", nameif, host, *rest]:
                if "version" not in rest or rest[rest.index("version") + 1 :][:1] != ["3"]:
                    found = addresses.address(host) or addresses.unknown(host)
                    self._doors.append(ManagementAccess("snmp", nameif, found, number, number))
        if not _NAMING.isdisjoint(words):
            self._mentioned.update(set(words[1:]))

    def _door(self, word: str, rest: Sequence[str], number: int) -> None:
        found: Addresses | None = None
        nameif = ""
        match rest:
            case [first, mask, nameif]:
                found = addresses.masked(first, mask)
            case [prefix, nameif] if "/" in prefix:
                found = addresses.address(prefix)
        if found is not None:
            self._doors.append(ManagementAccess(_DOORS[word], nameif, found, number, number))

    def where(self, name: str) -> tuple[str, ...]:
        return tuple(place for place, _ in self._places.get(name, ()))

    def mentions(self, name: str) -> bool:
        return bool(self._mentioned[name])

    def uses(self, name: str) -> int:
        return len(self._places.get(name, ())) + self._mentioned[name]

    def applied_undefined(self, defined: Container[str]) -> Iterator[tuple[str, int]]:
        """(name, line) of lists that are applied and not defined."""
        for name, places in self._places.items():
            if name not in defined:
                yield name, places[0][1]

    def management(self) -> tuple[ManagementAccess, ...]:
        """The doors; those of HTTPS only where the server is on."""
        return tuple(door for door in self._doors if door.service != "https" or self._http_server)

    def level_scopes(self) -> Iterator[Scope]:
        """What the security levels let pass on interfaces without a list of their own.

        Traffic from a higher level to a lower one is accepted unless a list on the interface, or the global
        one, decides.
        """
        if self.global_list:
            return
        filtered = {place for places in self._places.values() for place, _ in places}
        levels = [one.level for one in self.interfaces if one.level is not None and one.nameif]
        for one in self.interfaces:
            if one.level is None or not one.nameif or one.is_shut or f"{one.nameif} in" in filtered:
                continue
            if one.level > min(levels):
                yield Scope(
                    f"{one.nameif} (security-level {one.level})",
                    "accept",
                    one.level_line,
                    family="any",
                    direction="forward",
                    where=(f"{one.nameif} in",),
                )

    def ipv6(self) -> tuple[Literal["filtered", "open", "off", "unseen"], int | None]:
        """Lists hold for both families: IPv6 is open where an interface speaks it and no list is applied."""
        speaking = [one.v6_line for one in self.interfaces if one.v6_line and not one.is_shut]
        if not speaking:
            return "unseen", None
        return ("filtered" if self._places else "open"), speaking[0]
