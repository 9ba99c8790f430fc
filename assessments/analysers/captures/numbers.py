"""Assigned numbers: link types, protocols of Ethernet and of IP, by the names that lists show."""

from typing import Final

ETHERNET: Final = 1
# https://www.tcpdump.org/linktypes.html; the value says where decoding starts.
LINKS: Final = {
    0: "null",
    1: "ethernet",
    12: "raw",
    14: "raw",
    101: "raw",
    108: "loop",
    113: "sll",
    228: "ipv4",
    229: "ipv6",
    276: "sll2",
}
# Link types that learners hand in and that nothing here decodes, by the names they are known under.
NAMED_LINKS: Final = {
    105: "802.11",
    119: "802.11-prism",
    127: "802.11-radiotap",
    163: "802.11-avs",
    192: "ppi",
    147: "user",
    187: "bluetooth",
    189: "usb",
    201: "bluetooth",
    220: "usb",
    249: "usbpcap",
    9: "ppp",
    50: "ppp",
    51: "pppoe",
    143: "docsis",
    195: "802.15.4",
    230: "802.15.4",
}
TCP: Final = 6
UDP: Final = 17
ICMP: Final = 1
ICMP6: Final = 58
PROTOCOLS: Final = {
    1: "icmp",
    2: "igmp",
    4: "ip-in-ip",
    6: "tcp",
    17: "udp",
    41: "ipv6-in-ip",
    47: "gre",
    50: "esp",
    51: "ah",
    58: "icmpv6",
    88: "eigrp",
    89: "ospf",
    103: "pim",
    112: "vrrp",
    132: "sctp",
}
IPV4: Final = 0x0800
ARP: Final = 0x0806
IPV6: Final = 0x86DD
ETHERTYPES: Final = {
    0x0800: "ipv4",
    0x0806: "arp",
    0x86DD: "ipv6",
    0x8035: "rarp",
    0x809B: "appletalk",
    0x8137: "ipx",
    0x8808: "flow-control",
    0x8809: "slow-protocols",
    0x8847: "mpls",
    0x8848: "mpls",
    0x8863: "pppoe-discovery",
    0x8864: "pppoe",
    0x888E: "eapol",
    0x88A2: "aoe",
    0x88CC: "lldp",
    0x88E5: "macsec",
    0x88F7: "ptp",
    0x9000: "loopback",
}
