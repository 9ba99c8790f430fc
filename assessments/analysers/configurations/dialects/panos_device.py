"""Zones and doors to the device of a Palo Alto configuration."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal

from assessments.analysers.configurations import addresses
from assessments.analysers.configurations.dialects.word_tree import Node
from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    Addresses,
    ManagementAccess,
    NamedObject,
)

# Whether a service of the management interface is on without a word about it.
_SERVICES: Final = {"http": False, "https": True, "telnet": False, "ssh": True, "snmp": False}
_PROFILE_SERVICES: Final = ("http", "https", "telnet", "ssh", "snmp", "http-ocsp", "userid-service")
_KINDS: Final = ("ethernet", "aggregate-ethernet", "units")


def doors_of(top: Node) -> list[ManagementAccess]:
    """The services of the management port, then those that profiles open on interfaces."""
    return [*_management_port(top), *_profiles(top)]


def _management_port(top: Node) -> list[ManagementAccess]:
    system = top.get("deviceconfig", "system")
    if system is None:
        return []
    sources = _permitted(system)
    found = []
    for service, is_on in _SERVICES.items():
        said = system.get("service", f"disable-{service}")
        told = system.value("service", f"disable-{service}")
        if told == "no" or (told != "yes" and is_on):
            node = said or system
            found.append(ManagementAccess(service, "management", sources, node.first_line, node.last_line))
    return found


def _permitted(node: Node) -> Addresses:
    listed = node.words("permitted-ip")
    if not listed:
        return ANY_ADDRESS
    parts = [addresses.address(word) or addresses.unknown(word) for word in listed]
    return parts[0] if len(parts) == 1 else addresses.united(", ".join(listed), parts)


def _profiles(top: Node) -> list[ManagementAccess]:
    profiles = {node.word: node for node in top.under("network", "profiles", "interface-management-profile")}
    found = []
    for name, profile in _used_profiles(top):
        node = profiles.get(profile)
        if node is None:
            continue
        for service in _PROFILE_SERVICES:
            if node.value(service) == "yes":
                line = node.children[service]
                found.append(
                    ManagementAccess(service, name, _permitted(node), line.first_line, line.last_line)
                )
    return found


def _used_profiles(top: Node) -> list[tuple[str, str]]:
    """Interfaces with the name of their management profile."""
    interfaces = top.get("network", "interface")
    found = []
    stack = [(one, one.word) for one in reversed(interfaces.under())] if interfaces else []
    while stack:
        node, name = stack.pop()
        if node.word == "interface-management-profile":
            found += [(name, word) for word in node.words()]
            continue
        named = node.word in _KINDS
        stack += [(one, one.word if named else name) for one in reversed(node.under())]
    return found


def zones_of(system: Node, used: set[str]) -> list[NamedObject]:
    """Zones with the rules that name them."""
    return [
        NamedObject("zone", zone.word, zone.first_line, zone.last_line, int(zone.word in used))
        for zone in system.under("zone")
    ]


def protections_of(top: Node, systems: Iterable[Node]) -> list[NamedObject]:
    """Zone protection profiles with the zones that carry them."""
    carried = Counter(
        zone.value("network", "zone-protection-profile")
        for system in systems
        for zone in system.under("zone")
    )
    return [
        NamedObject("other", node.word, node.first_line, node.last_line, carried[node.word])
        for node in top.under("network", "profiles", "zone-protection-profile")
    ]


def ipv6_of(top: Node) -> tuple[Literal["filtered", "open", "off", "unseen"], int | None]:
    """IPv6 passes the rules unless ``ipv6-firewalling`` is off."""
    enabled = _ipv6_line(top)
    firewalling = top.get("deviceconfig", "setting", "session", "ipv6-firewalling")
    if firewalling and "no" in firewalling.children:
        return ("open" if enabled else "unseen"), firewalling.first_line if enabled else None
    return ("filtered", enabled) if enabled else ("unseen", None)


def _ipv6_line(top: Node) -> int | None:
    interfaces = top.get("network", "interface")
    stack = list(interfaces.under()) if interfaces else []
    lines = []
    while stack:
        node = stack.pop()
        if node.word == "ipv6" and node.value("enabled") == "yes":
            lines.append(node.children["enabled"].first_line)
        stack += node.under()
    return min(lines, default=None)
