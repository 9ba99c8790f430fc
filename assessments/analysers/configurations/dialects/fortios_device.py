"""Doors to the device and zones of a FortiOS configuration."""

from typing import Final

from assessments.analysers.configurations import addresses
from assessments.analysers.configurations.dialects.fortios_tree import Block
from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    Addresses,
    ManagementAccess,
    NamedObject,
)

_DOORS: Final = frozenset(("http", "https", "ssh", "telnet", "snmp"))
# Hosts that may log in are kept by administrator; SNMP has hosts of its own.
_BY_ADMINISTRATOR: Final = _DOORS - {"snmp"}


def doors_of(system: Block, domain: Block) -> list[ManagementAccess]:
    """What `allowaccess` opens on each interface that is up, to where administrators may come from."""
    trusted = _trusted(system)
    found = []
    for interface in _interfaces(system, domain):
        if interface.value("status") == "down":
            continue
        found += _doors(interface, interface, "allowaccess", trusted)
        inside = interface.sections.get("ipv6")
        if inside:
            found += _doors(inside, interface, "ip6-allowaccess", trusted)
    return found


def _interfaces(system: Block, domain: Block) -> list[Block]:
    found = list(system.entries("system interface"))
    if domain is not system:
        found += domain.entries("system interface")
    return found


def _doors(place: Block, interface: Block, setting: str, trusted: Addresses) -> list[ManagementAccess]:
    line = place.line_of(setting)
    return [
        ManagementAccess(
            word, interface.name, trusted if word in _BY_ADMINISTRATOR else ANY_ADDRESS, line, line
        )
        for word in place.words(setting)
        if word in _DOORS
    ]


def _trusted(system: Block) -> Addresses:
    """The hosts of all administrators; one without trusted hosts may come from anywhere."""
    parts: list[Addresses] = []
    for admin in system.entries("system admin"):
        own = []
        for name, words in admin.settings.items():
            if name.startswith("trusthost") and len(words) == 2:
                own.append(addresses.masked(words[0], words[1]))
            elif name.startswith(("trusthost", "ip6-trusthost")) and len(words) == 1:
                own.append(addresses.address(words[0]))
        known = [one for one in own if one and not one.is_any]
        if not known:
            return ANY_ADDRESS
        parts += known
    if not parts:
        return ANY_ADDRESS
    return addresses.united(", ".join(one.text for one in parts), parts)


def zones_of(domain: Block, used: set[str]) -> list[NamedObject]:
    return [
        NamedObject("zone", zone.name, zone.first_line, zone.last_line, int(zone.name in used))
        for zone in domain.entries("system zone")
    ]


def ipv6_line(system: Block, domain: Block) -> int | None:
    """Where an interface gets an IPv6 address."""
    for interface in _interfaces(system, domain):
        inside = interface.sections.get("ipv6")
        if inside and (inside.value("ip6-address", "::/0") != "::/0" or inside.value("ip6-mode") == "dhcp"):
            return inside.line_of("ip6-address" if inside.words("ip6-address") else "ip6-mode")
    return None
