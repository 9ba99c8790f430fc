"""What one rule of pfSense or OPNsense matches: both ends, protocol, ports and the rest."""

from dataclasses import dataclass
from typing import Final

from assessments.analysers.configurations import addresses, protocols
from assessments.analysers.configurations.dialects.pf_aliases import Aliases
from assessments.analysers.configurations.dialects.pf_interfaces import Interfaces, is_on
from assessments.analysers.configurations.dialects.xml_lines import Element
from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    ANY_SERVICE,
    Addresses,
    Family,
    Range,
    Service,
)

FAMILIES: Final[dict[str, Family]] = {"inet": "ipv4", "inet6": "ipv6", "inet46": "any"}
_ICMP: Final[dict[Family, tuple[str, ...]]] = {
    "ipv4": ("icmp",),
    "ipv6": ("ipv6-icmp",),
    "any": ("icmp", "ipv6-icmp"),
}
# IANA's number for a protocol that has no keyword of its own there.
_OWN_PROTOCOLS: Final = {"pfsync": "240"}


@dataclass(frozen=True, slots=True)
class End:
    """One end of a rule; `ports` is None when they cannot be told."""

    addresses: Addresses
    ports: tuple[Range, ...] | None
    port_text: str
    references: tuple[str, ...]


class Ends:
    """Reads the ends of rules as both products write them."""

    def __init__(self, interfaces: Interfaces, aliases: Aliases, *, present: bool) -> None:
        self._interfaces, self._aliases, self._present = interfaces, aliases, present

    def of_element(self, element: Element | None, family: Family) -> End:
        """``<source><network>lan</network><port>53</port><not/></source>``."""
        if element is None:
            return End(addresses.of_family(ANY_ADDRESS, family), (), "", ())
        words = element.value("network") or element.value("address")
        if is_on(element, "any", present=self._present) or words == "any":
            words = ""
        return self.of_words(
            words, element.value("port"), family, negated=is_on(element, "not", present=self._present)
        )

    def of_words(self, words: str, port: str, family: Family, *, negated: bool) -> End:
        """Names or networks with commas between them, empty or ``any`` for all."""
        named = [word.strip() for word in words.split(",") if word.strip()]
        parts = [self._addresses(word) for word in named if word != "any"]
        if not parts or "any" in named:
            found = ANY_ADDRESS
        else:
            found = parts[0] if len(parts) == 1 else addresses.united(words, parts)
        whole = addresses.of_family(found, family)
        if negated:
            whole = addresses.inverted(whole, family=family)
        ports, text = self._ports(port)
        references = tuple(word for word in (*named, port) if self._aliases.has(word))
        return End(whole, ports, text, references)

    def _addresses(self, word: str) -> Addresses:
        own = self._interfaces.addresses(word)
        return own or self._aliases.use_addresses(word) or addresses.address(word) or addresses.unknown(word)

    def _ports(self, port: str) -> tuple[tuple[Range, ...] | None, str]:
        if not port or port == "any":
            return (), ""
        return self._aliases.use_ports(port), port


def services_of(protocol: str, family: Family, source: End, destination: End) -> tuple[Service, ...]:
    """``tcp/udp`` is two services, and ICMP is one for each family; without a protocol every one matches."""
    word = protocol.strip().lower()
    if not word or word == "any":
        return (ANY_SERVICE,)
    text = " ".join(part for part in (word, destination.port_text) if part)
    found = []
    for one in word.split("/"):
        keywords = _ICMP[family] if one == "icmp" else (_OWN_PROTOCOLS.get(one) or protocols.protocol(one),)
        for keyword in keywords:
            if keyword is None or source.ports is None or destination.ports is None:
                return (protocols.unknown_service(text),)
            found.append(Service(keyword, destination.ports, source.ports, text))
    return tuple(found)
