"""Which application a port stands for, and which of them send what they say in clear text."""

from typing import Final

# Names as a protocol analyser gives them, in lower case; ports as IANA registers or as everyone uses them.
_TCP: Final = {
    "ftp-data": (20,),
    "ftp": (21, 2121),
    "ssh": (22,),
    "telnet": (23, 2323),
    "smtp": (25, 587, 2525),
    "dns": (53,),
    "http": (80, 591, 3128, 5985, 8000, 8008, 8080, 8081, 8088, 8888, 9200),
    "kerberos": (88,),
    "pop3": (110,),
    "rpc": (111, 135),
    "netbios": (139,),
    "imap": (143,),
    "bgp": (179,),
    "ldap": (389, 3268),
    "tls": (443, 465, 636, 853, 989, 990, 993, 995, 3269, 5986, 8443, 8883, 9443),
    "smb": (445,),
    "rexec": (512,),
    "rlogin": (513,),
    "rsh": (514,),
    "printer": (515, 9100),
    "rsync": (873,),
    "mssql": (1433,),
    "oracle": (1521,),
    "mqtt": (1883,),
    "nfs": (2049,),
    "mysql": (3306,),
    "rdp": (3389,),
    "sip": (5060,),
    "postgresql": (5432,),
    "vnc": (5900, 5901),
    "redis": (6379,),
    "modbus": (502,),
    "memcached": (11211,),
    "mongodb": (27017,),
}
_UDP: Final = {
    "dns": (53,),
    "dhcp": (67, 68),
    "tftp": (69,),
    "kerberos": (88,),
    "ntp": (123,),
    "nbns": (137,),
    "netbios": (138,),
    "snmp": (161, 162),
    "ldap": (389,),
    "quic": (443,),
    "isakmp": (500,),
    "syslog": (514,),
    "rip": (520,),
    "dhcpv6": (546, 547),
    "openvpn": (1194,),
    "radius": (1645, 1646, 1812, 1813),
    "ssdp": (1900,),
    "nfs": (2049,),
    "stun": (3478,),
    "ws-discovery": (3702,),
    "ipsec-nat": (4500,),
    "vxlan": (4789,),
    "sip": (5060,),
    "mdns": (5353,),
    "llmnr": (5355,),
    "wireguard": (51820,),
}


def _by_port(names: dict[str, tuple[int, ...]]) -> dict[bytes, str]:
    return {port.to_bytes(2, "big"): name for name, ports in names.items() for port in ports}


# Keyed on the two bytes of the port, as the tables of conversations are.
TCP_SERVICES: Final = _by_port(_TCP)
UDP_SERVICES: Final = _by_port(_UDP)

# Everyone on the way reads along.
CLEAR_TEXT: Final = frozenset(
    [
        "ftp", "ftp-data", "http", "imap", "ldap", "memcached", "mqtt", "pop3", "redis", "rexec", "rlogin",
        "rsh", "smtp", "snmp", "telnet", "tftp", "vnc",
    ]
)  # fmt: skip
# TCP applications whose packets are looked into for what lets someone in.
LOGINS: Final = frozenset(("ftp", "telnet", "pop3", "imap", "smtp", "ldap"))
# TCP applications that are hidden whole in views and copies: logins run through all they say.
HIDDEN: Final = frozenset(("telnet", "rexec", "rlogin", "rsh", "redis", "mqtt"))
# UDP applications of which something is read.
READ_UDP: Final = frozenset(("dns", "mdns", "llmnr", "dhcp", "snmp"))


def service(source: bytes, target: bytes, *, tcp: bool) -> str:
    """The application of a packet by its two ports (two bytes each), or an empty name."""
    names = TCP_SERVICES if tcp else UDP_SERVICES
    return names.get(target) or names.get(source) or ""
