"""Applications that Juniper defines itself, and those that a configuration defines."""

from collections.abc import Iterator
from typing import Final

from assessments.analysers.configurations import protocols
from assessments.analysers.configurations.dialects.word_tree import Node
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.objects import Book, Named, Services, service_book
from assessments.analysers.configurations.rules import Service

# Name without ``junos-``: protocol and ports, several with a comma.
_PREDEFINED: Final = {
    "aol": "tcp 5190-5193",
    "bgp": "tcp 179",
    "biff": "udp 512",
    "bootpc": "udp 68",
    "bootps": "udp 67",
    "chargen": "udp 19",
    "cifs": "tcp 139, tcp 445",
    "cvspserver": "tcp 2401",
    "dhcp-client": "udp 68",
    "dhcp-relay": "udp 67",
    "dhcp-server": "udp 67",
    "discard": "udp 9",
    "dns-tcp": "tcp 53",
    "dns-udp": "udp 53",
    "echo": "udp 7",
    "finger": "tcp 79",
    "ftp": "tcp 21",
    "ftp-data": "tcp 20",
    "gnutella": "udp 6346-6347",
    "gopher": "tcp 70",
    "gre": "gre",
    "gtp": "udp 2123, udp 2152",
    "h323": "tcp 1720, udp 1719, tcp 1503, tcp 389, tcp 522, tcp 1731",
    "http": "tcp 80",
    "http-ext": "tcp 7001",
    "https": "tcp 443",
    "icmp-all": "icmp",
    "icmp-ping": "icmp",
    "icmp6-all": "ipv6-icmp",
    "icmp6-echo-request": "ipv6-icmp",
    "pingv6": "ipv6-icmp",
    "ident": "tcp 113",
    "ike": "udp 500",
    "ike-nat": "udp 4500",
    "imap": "tcp 143",
    "imaps": "tcp 993",
    "internet-locator-service": "tcp 389",
    "irc": "tcp 6660-6669",
    "l2tp": "udp 1701",
    "ldap": "tcp 389",
    "ldp-tcp": "tcp 646",
    "ldp-udp": "udp 646",
    "lpr": "tcp 515",
    "mail": "tcp 25",
    "mgcp-ca": "udp 2727",
    "mgcp-ua": "udp 2427",
    "ms-rpc-tcp": "tcp 135",
    "ms-rpc-udp": "udp 135",
    "ms-sql": "tcp 1433",
    "msn": "tcp 1863",
    "nbds": "udp 138",
    "nbname": "udp 137",
    "netbios-session": "tcp 139",
    "nfs": "udp 111",
    "nfsd-tcp": "tcp 2049",
    "nfsd-udp": "udp 2049",
    "nntp": "tcp 119",
    "ns-global": "tcp 15397",
    "nsm": "udp 69",
    "ntalk": "udp 518",
    "ntp": "udp 123",
    "ospf": "ospf",
    "pc-anywhere": "udp 5632",
    "persistent-nat": "255",
    "ping": "icmp",
    "pop3": "tcp 110",
    "pop3s": "tcp 995",
    "pptp": "tcp 1723",
    "printer": "tcp 515",
    "r2cp": "udp 28672",
    "radacct": "udp 1813",
    "radius": "udp 1812",
    "realaudio": "tcp 554",
    "rip": "udp 520",
    "routing-inbound": "udp 520, tcp 179, udp 646, tcp 646",
    "rsh": "tcp 514",
    "rtsp": "tcp 554",
    "sccp": "tcp 2000",
    "sctp-any": "sctp",
    "sip": "udp 5060, tcp 5060",
    "smb": "tcp 139, tcp 445",
    "smb-session": "tcp 445",
    "smtp": "tcp 25",
    "smtps": "tcp 465",
    "snmp-agentx": "tcp 705",
    "sqlnet-v1": "tcp 1525",
    "sqlnet-v2": "tcp 1521",
    "ssh": "tcp 22",
    "stun": "udp 3478-3479, tcp 3478-3479",
    "sun-rpc-tcp": "tcp 111",
    "sun-rpc-udp": "udp 111",
    "sun-rpc-portmap-tcp": "tcp 111",
    "sun-rpc-portmap-udp": "udp 111",
    "syslog": "udp 514",
    "tacacs": "tcp 49",
    "tacacs-ds": "tcp 65",
    "talk": "udp 517",
    "tcp-any": "tcp",
    "telnet": "tcp 23",
    "tftp": "udp 69",
    "udp-any": "udp",
    "uucp": "udp 540",
    "vdo-live": "udp 7000-7010",
    "vnc": "tcp 5800, tcp 5900",
    "wais": "tcp 210",
    "who": "udp 513",
    "whois": "tcp 43",
    "winframe": "tcp 1494",
    "wxcontrol": "tcp 3578",
    "x-windows": "tcp 6000-6063",
    "xnm-clear-text": "tcp 3221",
    "xnm-ssl": "tcp 3220",
    "ymsg": "tcp 5050, tcp 5000-5010",
}
# Juniper's own messages narrower than a whole protocol: the rule matches less than ICMP.
NARROWED: Final = frozenset(("junos-ping", "junos-pingv6", "junos-icmp-ping", "junos-icmp6-echo-request"))
_SETTINGS: Final = frozenset(
    ("description", "inactivity-timeout", "application-protocol", "ether-type", "timeout", "alg")
)


def predefined(name: str) -> Services | None:
    """The services of a ``junos-…`` name, None when there is no such name in the table."""
    if not name.startswith("junos-"):
        return None
    told = _PREDEFINED.get(name.removeprefix("junos-"))
    if told is None:
        return None
    found = []
    for part in told.split(", "):
        word, _, ports = part.partition(" ")
        ranges = protocols.port_ranges((ports,)) or () if ports else ()
        found.append(Service(word, ranges, (), name))
    return tuple(found)


def read_applications(top: Node, unread: UnreadLines) -> Book[Services]:
    book = service_book()
    for node in top.under("applications", "application"):
        members: list[Services | Named] = list(_services_of(node, unread))
        book.define(node.word, members, kind="service", first_line=node.first_line, last_line=node.last_line)
    for node in top.under("applications", "application-set"):
        names = (*node.words("application"), *node.words("application-set"))
        members = [predefined(name) or Named(name) for name in names]
        book.define(node.word, members, kind="group", first_line=node.first_line, last_line=node.last_line)
    return book


def _services_of(node: Node, unread: UnreadLines) -> Iterator[Services]:
    terms = node.under("term")
    for term in terms:
        yield (_service(node.word, attributes_of(term), term, unread),)
    if not terms:
        yield (_service(node.word, attributes_of(node), node, unread),)


def attributes_of(node: Node) -> dict[str, list[str]]:
    """Names with their values; each has its own statement or all stand in one (``protocol tcp port 80``)."""
    found: dict[str, list[str]] = {}
    names = [child for child in node.children.values() if not child.inactive]
    while names:
        name = names.pop(0)
        if name.word in _SETTINGS:
            continue
        values = found.setdefault(name.word, [])
        for value in name.children.values():
            values.append(value.word)
            names.extend(value.children.values())
    return found


def _service(name: str, said: dict[str, list[str]], node: Node, unread: UnreadLines) -> Service:
    word = (said.get("protocol") or ["any"])[-1]
    keyword = protocols.protocol(word)
    if keyword is None and (told := predefined(f"junos-{word}")):
        keyword = told[0].protocol
    ports = protocols.port_ranges(said.get("destination-port", []))
    source_ports = protocols.port_ranges(said.get("source-port", []))
    narrowed = set(said) - {"protocol", "destination-port", "source-port"}
    if keyword is None or ports is None or source_ports is None:
        unread.bad_value(node.first_line, "application", last_line=node.last_line)
        return protocols.unknown_service(name)
    # An ICMP type or an RPC program narrows the service in ways that cannot be compared.
    return Service(keyword, ports, source_ports, name, known=not narrowed)
