"""Interfaces of a pfSense or OPNsense configuration, with the networks that rules mean by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assessments.analysers.configurations import addresses
from assessments.analysers.configurations.dialects.xml_lines import Element
from assessments.analysers.configurations.rules import Addresses

# What the tabs of the rules page are called for interfaces that are not in the list.
_BUILT_IN: Final = {
    "enc0": "IPsec",
    "ipsec": "IPsec",
    "openvpn": "OpenVPN",
    "wireguard": "WireGuard",
    "l2tp": "L2TP VPN",
    "pppoe": "PPPoE Server",
    "lo0": "Loopback",
}
_SELF: Final = "(self)"
_OFF: Final = frozenset(("", "0", "no", "false", "disabled"))


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface: `network` is what is attached to it, `address` its own; unknown when given by DHCP."""

    key: str
    name: str
    network: Addresses
    address: Addresses
    v6_line: int | None


class Interfaces:
    """Looks up what rules write: ``lan``, ``lanip``, ``(self)``."""

    def __init__(self, root: Element) -> None:
        self._by_key: dict[str, Interface] = {}
        section = root.get("interfaces")
        for element in section.children if section else ():
            self._by_key[element.name] = _interface(element)

    def __iter__(self) -> Iterator[Interface]:
        return iter(self._by_key.values())

    def get(self, key: str) -> Interface | None:
        return self._by_key.get(key)

    def name(self, key: str) -> str:
        """The name on the tab: the description of an interface, or the name of a group."""
        found = self._by_key.get(key)
        return found.name if found else _BUILT_IN.get(key.lower(), key)

    def addresses(self, word: str) -> Addresses | None:
        """What ``lan``, ``lanip`` or ``(self)`` stands for; None when `word` is none of these."""
        if word == _SELF:
            parts = [one.address for one in self]
            return addresses.united("This Firewall", parts) if parts else addresses.unknown("This Firewall")
        found = self._by_key.get(word)
        if found:
            return found.network
        found = self._by_key.get(word.removesuffix("ip"))
        if found and word.endswith("ip"):
            return found.address
        return addresses.unknown(_BUILT_IN[word]) if word in _BUILT_IN else None

    @property
    def v6_line(self) -> int | None:
        return min((one.v6_line for one in self if one.v6_line), default=None)


def is_on(parent: Element, name: str, *, present: bool) -> bool:
    """A switch: pfSense means yes by the element itself (`present`), OPNsense by its value."""
    element = parent.get(name)
    if element is None:
        return False
    text = element.text.lower()
    return text not in _OFF or (present and not text)


def _interface(element: Element) -> Interface:
    name = element.value("descr") or element.name.upper()
    networks, own = [], []
    for address, length in (("ipaddr", "subnet"), ("ipaddrv6", "subnetv6")):
        told = element.value(address)
        if not told:
            continue
        alone = addresses.address(told)
        network = addresses.address(f"{told}/{element.value(length)}")
        own.append(alone or addresses.unknown(told))
        networks.append(network or addresses.unknown(told))
    line = element.get("ipaddrv6")
    return Interface(
        element.name,
        name,
        addresses.united(f"{name} net", networks) if networks else addresses.unknown(f"{name} net"),
        addresses.united(f"{name} address", own) if own else addresses.unknown(f"{name} address"),
        line.first_line if line and line.text else None,
    )
