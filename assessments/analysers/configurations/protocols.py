"""Turn the ways in which configurations write protocols and ports into IANA keywords and port ranges."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from assessments.analysers.configurations.addresses import complement, merged
from assessments.analysers.configurations.rules import PORT_MOST, Range, Service

WITH_PORTS: Final = frozenset(("tcp", "udp", "sctp", "dccp", "udplite"))

# IANA protocol numbers that firewalls filter on.
_PROTOCOL_NUMBERS: Final = {
    0: "hopopt",
    1: "icmp",
    2: "igmp",
    4: "ipv4",
    6: "tcp",
    8: "egp",
    9: "igp",
    17: "udp",
    27: "rdp",
    33: "dccp",
    41: "ipv6",
    43: "ipv6-route",
    44: "ipv6-frag",
    46: "rsvp",
    47: "gre",
    50: "esp",
    51: "ah",
    58: "ipv6-icmp",
    59: "ipv6-nonxt",
    60: "ipv6-opts",
    88: "eigrp",
    89: "ospf",
    94: "ipip",
    97: "etherip",
    103: "pim",
    108: "ipcomp",
    109: "snp",
    112: "vrrp",
    115: "l2tp",
    132: "sctp",
    136: "udplite",
}
_PROTOCOL_ALIASES: Final = {
    "ip": "any",
    "any": "any",
    "all": "any",
    "icmp6": "ipv6-icmp",
    "icmpv6": "ipv6-icmp",
    "ahp": "ah",
    "ospfigp": "ospf",
    "nos": "ipip",
    "ipinip": "ipip",
    "pcp": "ipcomp",
    "carp": "vrrp",
    "hop-by-hop": "hopopt",
}
_PROTOCOLS: Final = {name: name for name in _PROTOCOL_NUMBERS.values()} | _PROTOCOL_ALIASES

# Names from the IANA registry, then those that iptables, Cisco, Juniper and others print in their place.
_PORTS_BY_NUMBER: Final = {
    1: "tcpmux",
    5: "rje",
    7: "echo",
    9: "discard sink null",
    11: "systat users",
    13: "daytime",
    15: "netstat",
    17: "qotd",
    18: "msp",
    19: "chargen",
    20: "ftp-data ftpdata",
    21: "ftp",
    22: "ssh",
    23: "telnet",
    25: "smtp mail",
    37: "time timserver",
    42: "nameserver",
    43: "whois nicname",
    49: "tacacs tacacs-ds",
    53: "domain dns",
    65: "tacacs-database",
    67: "bootps dhcps",
    68: "bootpc dhcpc",
    69: "tftp",
    70: "gopher",
    79: "finger",
    80: "http www www-http",
    88: "kerberos kerberos5 krb5 kerberos-sec",
    101: "hostname hostnames",
    109: "pop2",
    110: "pop3",
    111: "sunrpc portmapper rpcbind",
    113: "ident auth",
    119: "nntp",
    123: "ntp",
    135: "msrpc epmap loc-srv",
    137: "netbios-ns",
    138: "netbios-dgm",
    139: "netbios-ssn netbios-ss",
    143: "imap imap2",
    161: "snmp",
    162: "snmptrap snmp-trap",
    177: "xdmcp",
    179: "bgp",
    194: "irc",
    195: "dnsix",
    220: "imap3",
    389: "ldap",
    427: "svrloc",
    434: "mobile-ip mobileip-agent",
    443: "https",
    445: "microsoft-ds",
    464: "kpasswd",
    465: "smtps submissions ssmtp urd",
    496: "pim-auto-rp",
    500: "isakmp ike",
    512: "exec biff",
    513: "login rlogin who",
    514: "shell syslog rsh cmd",
    515: "lpd printer",
    517: "talk",
    518: "ntalk",
    520: "rip router",
    521: "ripng",
    540: "uucp",
    543: "klogin",
    544: "kshell krcmd",
    546: "dhcpv6-client",
    547: "dhcpv6-server",
    554: "rtsp",
    563: "nntps",
    587: "submission",
    631: "ipp",
    636: "ldaps",
    646: "ldp",
    647: "dhcp-failover",
    750: "kerberos-iv",
    830: "netconf-ssh",
    853: "domain-s",
    860: "iscsi",
    873: "rsync",
    989: "ftps-data",
    990: "ftps",
    992: "telnets",
    993: "imaps",
    994: "ircs",
    995: "pop3s",
    1080: "socks",
    1194: "openvpn",
    1352: "lotusnotes lotusnote",
    1433: "ms-sql-s",
    1434: "ms-sql-m",
    1494: "citrix-ica ica",
    1521: "sqlnet ncube-lm",
    1645: "datametrics radius-old",
    1646: "sa-msg-port",
    1701: "l2tp l2f",
    1720: "h323 h323hostcall",
    1723: "pptp",
    1812: "radius",
    1813: "radius-acct",
    1900: "ssdp",
    2000: "cisco-sccp",
    2049: "nfs nfsd",
    2055: "netflow",
    2748: "ctiqbe",
    3020: "cifs",
    3128: "squid",
    3260: "iscsi-target",
    3306: "mysql",
    3389: "rdp ms-wbt-server",
    3690: "svn",
    4500: "non500-isakmp ipsec-nat-t",
    4789: "vxlan",
    5060: "sip",
    5061: "sips sip-tls",
    5190: "aol",
    5222: "xmpp-client",
    5269: "xmpp-server",
    5353: "mdns",
    5355: "llmnr hostmon",
    5432: "postgresql",
    5510: "secureid-udp",
    5631: "pcanywhere-data",
    5632: "pcanywhere-status",
    5900: "vnc rfb",
    5985: "wsman",
    5986: "wsmans",
    6000: "x11",
    6379: "redis",
    6514: "syslog-tls",
    8080: "http-alt webcache",
    8443: "pcsync-https https-alt",
    10000: "ndmp webmin",
    10050: "zabbix-agent",
    10051: "zabbix-trapper",
    11211: "memcache",
    27017: "mongodb",
    51820: "wireguard",
}
_PORT_NAMES: Final = {name: port for port, names in _PORTS_BY_NUMBER.items() for name in names.split()}


def protocol(word: str) -> str | None:
    """The IANA keyword of a protocol's name or number in lower case, ``any`` for all; None when unknown.

    A number without a keyword here stays a number, since it is still one definite protocol.
    """
    word = word.lower()
    if word.isascii() and word.isdigit():
        number = int(word) if len(word) <= 3 else 256
        return _PROTOCOL_NUMBERS.get(number, str(number)) if number <= 255 else None
    return _PROTOCOLS.get(word)


def port(word: str, names: Mapping[str, int] | None = None) -> int | None:
    """The number of a port written as number or name; `names` go before IANA's for a product that differs."""
    if word.isascii() and word.isdigit():
        number = int(word) if len(word) <= 5 else PORT_MOST + 1
        return number if number <= PORT_MOST else None
    word = word.lower()
    if names and word in names:
        return names[word]
    return _PORT_NAMES.get(word)


def port_range(word: str, names: Mapping[str, int] | None = None) -> Range | None:
    """``80``, ``http``, ``1024:65535``, ``1024-65535``, ``:1023`` or ``1024:`` as an inclusive range."""
    whole = port(word, names)
    if whole is not None:
        return whole, whole
    separator = ":" if ":" in word else "-"
    # A name may hold a dash (``ftp-data-ftp``), so each dash is tried as the separator.
    for at, letter in enumerate(word[:100]):
        if letter != separator:
            continue
        head, tail = word[:at].strip(), word[at + 1 :].strip()
        first = port(head, names) if head else 0
        last = port(tail, names) if tail else PORT_MOST
        if first is not None and last is not None and (head or tail):
            return (first, last) if first <= last else None
    return None


def port_ranges(words: Iterable[str], names: Mapping[str, int] | None = None) -> tuple[Range, ...] | None:
    """The merged ranges of several port words; None as soon as one is not understood."""
    found = []
    for word in words:
        one = port_range(word, names)
        if one is None:
            return None
        found.append(one)
    return merged(found)


def inverted_ports(ranges: Sequence[Range]) -> tuple[Range, ...]:
    """Every port but these merged ones."""
    return complement(ranges, PORT_MOST)


def unknown_service(text: str) -> Service:
    """A service that cannot be told from the file."""
    return Service("any", text=text, known=False)
