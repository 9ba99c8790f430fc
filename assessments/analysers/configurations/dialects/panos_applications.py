"""Standard ports of the applications that Palo Alto firewalls tell apart most often."""

from collections.abc import Iterable
from typing import Final

from assessments.analysers.configurations.protocols import port_ranges, unknown_service
from assessments.analysers.configurations.rules import Range, Service

_STANDARD: Final = {
    "active-directory": "tcp 88,135,389,445,464,636,3268,3269 udp 88,389,464",
    "bgp": "tcp 179",
    "bittorrent": "tcp 6881-6889 udp 6881-6889",
    "dhcp": "udp 67,68",
    "dns": "udp 53 tcp 53",
    "dns-base": "udp 53 tcp 53",
    "ftp": "tcp 21",
    "icmp": "icmp",
    "ike": "udp 500,4500",
    "imap": "tcp 143,993",
    "ipsec-esp": "esp",
    "ipsec-esp-udp": "udp 4500",
    "kerberos": "tcp 88 udp 88",
    "ldap": "tcp 389,636,3268,3269 udp 389,3268",
    "ms-ds-smb": "tcp 139,445 udp 445",
    "ms-ds-smbv2": "tcp 139,445",
    "ms-ds-smbv3": "tcp 139,445",
    "ms-rdp": "tcp 3389 udp 3389",
    "msrpc": "tcp 135",
    "mssql-db": "tcp 1433",
    "mysql": "tcp 3306",
    "netbios-ns": "udp 137 tcp 137",
    "netbios-ss": "tcp 139",
    "ntp": "udp 123",
    "ntp-base": "udp 123",
    "oracle": "tcp 1521",
    "ospf": "ospf",
    "ping": "icmp",
    "ping6": "ipv6-icmp",
    "pop3": "tcp 110,995",
    "postgres": "tcp 5432",
    "radius": "udp 1812,1813 tcp 1812,1813",
    "redis": "tcp 6379",
    "rsync": "tcp 873",
    "sip": "tcp 5060 udp 5060",
    "smtp": "tcp 25,587",
    "snmp": "udp 161,162",
    "snmpv1": "udp 161,162",
    "snmpv2": "udp 161,162",
    "snmpv3": "udp 161,162",
    "snmp-base": "udp 161,162",
    "ssh": "tcp 22",
    "ssl": "tcp 443",
    "syslog": "udp 514 tcp 514,1468",
    "tacacs-plus": "tcp 49",
    "telnet": "tcp 23",
    "tftp": "udp 69",
    "traceroute": "udp 33434-33534",
    "vnc": "tcp 5800,5900",
    "vnc-base": "tcp 5800,5900",
    "web-browsing": "tcp 80",
    "winrm": "tcp 5985,5986",
}


def standard_services(applications: Iterable[str]) -> tuple[Service, ...]:
    """What ``application-default`` opens for these; unknown as soon as one is not in the table."""
    found: list[Service] = []
    for name in applications:
        told = _STANDARD.get(name)
        if told is None:
            return (unknown_service("application-default"),)
        words = told.split()
        for protocol, ports in zip(words[::2], words[1::2] or [""], strict=True):
            ranges: tuple[Range, ...] = port_ranges(ports.split(",")) or () if ports else ()
            found.append(Service(protocol, ranges, (), name))
    return tuple(dict.fromkeys(found)) or (unknown_service("application-default"),)
