"""Ethernet addresses and what ARP says about who has which IP address."""

from dataclasses import dataclass, field

from assessments.analysers.captures.tallies.caps import MAX_ARP, MAX_MAC_PAIRS, MAX_MACS, MAX_PENDING, Caps

ZERO_IP = bytes(4)
ZERO_MAC = bytes(6)


def is_personal(mac: bytes) -> bool:
    """Whether an address is a maker's, so that it tells one device from all others (IEEE 802c)."""
    return not mac[0] & 3 and mac != ZERO_MAC


@dataclass(slots=True)
class Links:
    """`macs` are personal addresses with the first packet of each; `claims` who says to have an address.

    A claim is [packets, first, last]; `unasked` are ARP replies that nobody asked for and announcements, by
    Ethernet address.
    """

    caps: Caps
    pairs: dict[bytes, int] = field(default_factory=dict)
    macs: dict[bytes, int] = field(default_factory=dict)
    claims: dict[bytes, dict[bytes, list[int]]] = field(default_factory=dict)
    unasked: dict[bytes, list[int]] = field(default_factory=dict)
    asked: dict[bytes, int] = field(default_factory=dict)
    requests: int = 0
    replies: int = 0

    def pair(self, pair: bytes, number: int) -> None:
        """Target and source address of a frame whose like was not seen yet."""
        if len(self.pairs) < MAX_MAC_PAIRS:
            self.pairs[pair] = number
        self.mac(pair[6:], number)
        self.mac(pair[:6], number)

    def mac(self, mac: bytes, number: int) -> None:
        if len(mac) == 6 and is_personal(mac) and mac not in self.macs:
            if len(self.macs) < MAX_MACS:
                self.macs[mac] = number
            else:
                self.caps.over("mac-addresses")

    def arp(self, data: bytes, at: int, end: int, number: int) -> None:
        """RFC 826 for Ethernet and IPv4; anything else is passed over."""
        if end - at < 28 or data[at : at + 6] != b"\0\1\x08\0\6\4":
            return
        operation, sender = data[at + 7], data[at + 8 : at + 14]
        address, target = data[at + 14 : at + 18], data[at + 24 : at + 28]
        self.mac(sender, number)
        self.mac(data[at + 18 : at + 24], number)
        if operation == 1:
            self.requests += 1
            if address == target:
                self._unasked(sender, number)
            elif len(self.asked) < MAX_PENDING:
                self.asked[address + target] = number
        elif operation == 2:
            self.replies += 1
            # An answer names who asked, then who was asked for; nobody asked for a second one.
            if self.asked.pop(target + address, None) is None:
                self._unasked(sender, number)
        if address != ZERO_IP and sender != ZERO_MAC:
            self._claim(address, sender, number)

    def _claim(self, address: bytes, mac: bytes, number: int) -> None:
        owners = self.claims.get(address)
        if owners is None:
            if len(self.claims) >= MAX_ARP:
                self.caps.over("arp")
                return
            owners = self.claims[address] = {}
        claim = owners.get(mac)
        if claim is None:
            if len(owners) >= 16:
                self.caps.over("arp")
                return
            owners[mac] = [1, number, number]
        else:
            claim[0] += 1
            claim[2] = number

    def _unasked(self, mac: bytes, number: int) -> None:
        seen = self.unasked.get(mac)
        if seen is None:
            if len(self.unasked) < MAX_ARP:
                self.unasked[mac] = [1, number, number]
        else:
            seen[0] += 1
            seen[2] = number
