"""Captures, and by hand what an assessor should be told about each: the table in docs/analysers.md."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.analysers.captures.building import (
    ACK,
    ADA,
    BO,
    EVE,
    FIN,
    PSH,
    ROUTER,
    RST,
    SYN,
    URG,
    Talk,
    arp,
    client_hello,
    dns,
    ethernet,
    icmp,
    pcap,
    server_hello,
    tcp,
    udp,
)

# (severity, code, values, packets from and to of each place)
Expected = tuple[str, str, dict[str, str | int], list[tuple[int, int]]]

ADA_IP, BO_IP, EVE_IP, GATE, WEB = "10.0.0.11", "10.0.0.12", "10.0.0.66", "10.0.0.1", "203.0.113.80"
BOTH = [("mac-address", 1), ("mac-address", 1)]


@dataclass(frozen=True)
class Case:
    """`protocols` are packets by path, `findings` and `secrets` complete; `title`, `reads` go to the docs.

    `step` is the microseconds from one packet to the next.
    """

    title: str
    reads: str
    frames: Callable[[], list[bytes]]
    protocols: dict[str, int]
    findings: list[Expected] = field(default_factory=list)
    secrets: list[tuple[str, int]] = field(default_factory=lambda: list(BOTH))
    step: int = 1000

    @property
    def data(self) -> bytes:
        return pcap(self.frames(), step=self.step)


def _talk(
    port: int, *said: bytes, server: str = WEB, close: bool = True, client_port: int = 50000
) -> list[bytes]:
    """A conversation in which the client speaks first; an empty text passes the turn."""
    talk = Talk(ADA_IP, server, (client_port, port)).open()
    for turn, text in enumerate(said):
        if text:
            (talk.down if turn % 2 else talk.up)(text)
    return (talk.close() if close else talk).frames


def _web() -> list[bytes]:
    question = ethernet(udp(ADA_IP, GATE, (40000, 53), dns("www.example.org")))
    answer = ethernet(udp(GATE, ADA_IP, (53, 40000), dns("www.example.org", answer=WEB)), 0x0800, ROUTER, ADA)
    get = b"GET /news HTTP/1.1\r\nHost: www.example.org\r\n\r\n"
    return [question, answer, *_talk(80, get, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]


def _port_scan() -> list[bytes]:
    found = []
    for port in range(20, 40):
        found += Talk(EVE_IP, BO_IP, (55555, port), macs=(EVE, BO)).refuse().frames
    return found


def _odd_scan(flags: int) -> Callable[[], list[bytes]]:
    return lambda: [
        ethernet(tcp(EVE_IP, BO_IP, (44444, port), flags), 0x0800, EVE, BO) for port in range(100, 116)
    ]


def _udp_scan() -> list[bytes]:
    return [
        ethernet(udp(EVE_IP, BO_IP, (44444, port), b"probe-of-a-service"), 0x0800, EVE, BO)
        for port in range(1100, 1116)
    ]


def _sweep() -> list[bytes]:
    return [
        ethernet(tcp(EVE_IP, f"10.0.0.{host}", (44444, 445), SYN), 0x0800, EVE, ROUTER)
        for host in range(100, 120)
    ]


def _flood() -> list[bytes]:
    return [
        ethernet(tcp(f"198.51.100.{number % 250}", WEB, (2000 + number, 443), SYN), 0x0800, ROUTER, BO)
        for number in range(250)
    ]


def _pings() -> list[bytes]:
    return [ethernet(icmp(EVE_IP, BO_IP, 8), 0x0800, EVE, BO)] * 300


def _poisoning() -> list[bytes]:
    asked = arp(1, (ADA, ADA_IP), (bytes(6), GATE))
    answered = arp(2, (ROUTER, GATE), (ADA, ADA_IP), ADA)
    return [asked, answered, *[arp(2, (EVE, GATE), (ADA, ADA_IP), ADA)] * 20]


def _missing_names() -> list[bytes]:
    found = []
    for number in range(20):
        name = f"q{number}x.example.net"
        found.append(ethernet(udp(ADA_IP, GATE, (40000 + number, 53), dns(name))))
        found.append(
            ethernet(udp(GATE, ADA_IP, (53, 40000 + number), dns(name, code=3)), 0x0800, ROUTER, ADA)
        )
    return found


def _tunnel() -> list[bytes]:
    return [
        ethernet(udp(ADA_IP, GATE, (40000, 53), dns(f"{number:040x}.t.example.net", kind=16)))
        for number in range(40)
    ]


def _snmp() -> list[bytes]:
    message = bytes.fromhex(
        "302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500"
    )
    return [ethernet(udp(ADA_IP, BO_IP, (50000, 161), message))]


def _old_tls() -> list[bytes]:
    return _talk(443, client_hello("old.example.org", offered=(), version=0x0301), server_hello(0x0301))


def _resets() -> list[bytes]:
    found: list[bytes] = []
    for port in range(10):
        talk = Talk(ADA_IP, WEB, (50000 + port, 443)).open().up(client_hello("www.example.org"))
        talk._add(False, RST | ACK)
        found += talk.frames
    return found


def _one_side() -> list[bytes]:
    return [
        ethernet(tcp(ADA_IP, WEB, (50000 + number, 443), ACK | PSH, b"\x17\3\3\0\1x", seq=9, ack=7))
        for number in range(10)
    ]


def _again() -> list[bytes]:
    first = Talk(ADA_IP, WEB, (50000, 9999)).open().up(b"0123456789").frames
    return [*first, *[first[-1]] * 10]


def _holes() -> list[bytes]:
    talk = Talk(ADA_IP, WEB, (50000, 9999)).open().up(b"0123456789")
    for _ in range(10):
        talk.sent += 1000
        talk.up(b"0123456789")
    return talk.frames


_FTP = (b"", b"220 ready\r\n", b"USER ada\r\n", b"331 go on\r\n", b"PASS zebra-9\r\n", b"230 in\r\n")
_ANONYMOUS = (b"", b"220 ready\r\n", b"USER anonymous\r\n", b"331 go on\r\n", b"PASS me@example.org\r\n")
_TELNET = (b"", b"login: ", b"ada\r\n", b"Password: ", b"zebra-9\r\n", b"$ ")
_POP3 = (b"", b"+OK hello\r\n", b"USER ada\r\n", b"+OK\r\n", b"PASS zebra-9\r\n", b"+OK\r\n")
_IMAP = (b"", b"* OK hello\r\n", b"a1 LOGIN ada zebra-9\r\n", b"a1 OK\r\n")
_SMTP = (
    b"",
    b"220 mail\r\n",
    b"EHLO pc\r\n",
    b"250 AUTH LOGIN\r\n",
    b"AUTH LOGIN\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"YWRh\r\n",
    b"334 UGFzc3dvcmQ6\r\n",
    b"emVicmEtOQ==\r\n",
    b"235\r\n",
)
_WEB_LOGIN = (
    b"GET / HTTP/1.1\r\nHost: intra.example\r\nAuthorization: Basic YWRhOnplYnJhLTk=\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nSet-Cookie: session=0123456789abcdef\r\n\r\n",
    b"POST /in HTTP/1.1\r\nHost: intra.example\r\n\r\nuser=ada&password=zebra-9",
    b"HTTP/1.1 200 OK\r\n\r\n",
)


def _beacon() -> list[bytes]:
    found: list[bytes] = []
    for number in range(12):
        talk = Talk(ADA_IP, WEB, (50000 + number, 8443)).open().up(client_hello("cdn.example.net"))
        found += talk.close().frames
    return found


_LDAP_BIND = bytes.fromhex("301702010160120201030407636e3d61646d6980") + b"\4abcd"


def _clear(name: str, severity: str, packets: int, first: int = 1, last: int = 0) -> Expected:
    values: dict[str, str | int] = {"protocol": name, "conversations": 1, "packets": packets}
    return (severity, "clear-text-protocol", values, [(first, last or packets)])


def _login(name: str, *packets: int) -> Expected:
    return ("high", "clear-text-credentials", {"protocol": name, "packets": len(packets)},
            [(packets[0], packets[0])])  # fmt: skip


def _scan(kind: str) -> Expected:
    """Eve tries sixteen ports of Bo."""
    values: dict[str, str | int] = {"kind": kind, "source": EVE_IP, "target": BO_IP, "ports": 16}
    return ("high", "port-scan", values, [(1, 16)])


CASES = (
    Case("Web session", "DNS, TCP handshakes, HTTP", _web,
         {"ethernet": 10, "ethernet/ipv4": 10, "ethernet/ipv4/udp/dns": 2, "ethernet/ipv4/tcp": 8,
          "ethernet/ipv4/tcp/http": 2},
         [_clear("HTTP", "low", 8, 3, 10)]),
    Case("FTP login", "FTP commands", lambda: _talk(21, *_FTP),
         {"ethernet/ipv4/tcp": 11, "ethernet/ipv4/tcp/ftp": 5},
         [_login("FTP", 7), _clear("FTP", "medium", 11)], [("ftp-password", 7), *BOTH]),
    Case("Anonymous FTP", "FTP commands", lambda: _talk(21, *_ANONYMOUS),
         {"ethernet/ipv4/tcp/ftp": 4}, [_clear("FTP", "medium", 10)]),
    Case("Telnet login", "Telnet prompts", lambda: _talk(23, *_TELNET),
         {"ethernet/ipv4/tcp/telnet": 5},
         [_login("Telnet", 7), _clear("TELNET", "medium", 11)], [("telnet-password", 7), *BOTH]),
    Case("POP3 login", "POP3 commands", lambda: _talk(110, *_POP3),
         {"ethernet/ipv4/tcp/pop3": 5},
         [_login("POP3", 7), _clear("POP3", "low", 11)], [("pop3-password", 7), *BOTH]),
    Case("IMAP login", "IMAP commands", lambda: _talk(143, *_IMAP),
         {"ethernet/ipv4/tcp/imap": 3},
         [_login("IMAP", 5), _clear("IMAP", "low", 9)], [("imap-password", 5), *BOTH]),
    Case("SMTP login", "SMTP commands, SASL", lambda: _talk(25, *_SMTP),
         {"ethernet/ipv4/tcp/smtp": 9},
         [("high", "clear-text-credentials", {"protocol": "SMTP", "packets": 2}, [(9, 9)]),
          _clear("SMTP", "low", 15)], [("smtp-password", 9), *BOTH]),
    Case("LDAP bind", "LDAP simple bind", lambda: _talk(389, _LDAP_BIND, b"0\x0c\2\1\1a\7\n\1\0\4\0\4\0"),
         {"ethernet/ipv4/tcp/ldap": 2},
         [_login("LDAP", 4), _clear("LDAP", "low", 8)], [("ldap-password", 4), *BOTH]),
    Case("Web login", "HTTP headers and forms", lambda: _talk(8080, *_WEB_LOGIN),
         {"ethernet/ipv4/tcp/http": 4},
         [_login("HTTP Basic", 4), _login("HTTP form", 6),
          ("medium", "clear-text-credentials", {"protocol": "HTTP cookie", "packets": 1}, [(5, 5)]),
          _clear("HTTP", "low", 10)],
         [("http-basic", 4), ("http-cookie", 5), ("http-password", 6), *BOTH]),
    Case("SNMP version 2c", "SNMP communities", _snmp, {"ethernet/ipv4/udp/snmp": 1},
         [_login("SNMP", 1), _clear("SNMP", "low", 1)], [("snmp-community", 1), *BOTH]),
    Case("Port scan", "TCP flags", _port_scan, {"ethernet/ipv4/tcp": 40},
         [("high", "port-scan", {"kind": "SYN", "source": EVE_IP, "target": BO_IP, "ports": 20}, [(1, 39)])]),
    Case("NULL scan", "TCP flags", _odd_scan(0), {"ethernet/ipv4/tcp": 16},
         [_scan("NULL")]),
    Case("FIN scan", "TCP flags", _odd_scan(FIN), {"ethernet/ipv4/tcp": 16},
         [_scan("FIN")]),
    Case("Xmas scan", "TCP flags", _odd_scan(FIN | PSH | URG), {"ethernet/ipv4/tcp": 16},
         [_scan("Xmas")]),
    Case("UDP scan", "UDP without answers", _udp_scan, {"ethernet/ipv4/udp": 16},
         [_scan("UDP")]),
    Case("Host sweep", "TCP flags", _sweep, {"ethernet/ipv4/tcp": 20},
         [("high", "host-sweep", {"kind": "SYN", "source": EVE_IP, "port": 445, "hosts": 20}, [(1, 20)])]),
    Case("SYN flood", "TCP handshakes, time", _flood, {"ethernet/ipv4/tcp": 250},
         [("high", "syn-flood", {"target": WEB, "port": 443, "attempts": 250, "completed": 0}, [(1, 250)])]),
    Case("Ping flood", "ICMP echo, time", _pings, {"ethernet/ipv4/icmp": 300},
         [("medium", "icmp-flood", {"source": EVE_IP, "target": BO_IP, "requests": 300}, [(1, 300)])]),
    Case("ARP poisoning", "ARP", _poisoning, {"ethernet/arp": 22},
         [("high", "arp-conflict", {"address": GATE, "devices": 2}, [(2, 2), (3, 3)]),
          ("medium", "arp-unasked", {"count": 20}, [(3, 22)])],
         [("mac-address", 1), ("mac-address", 2), ("mac-address", 3)]),
    Case("Regular calls", "TCP handshakes, time", _beacon, {"ethernet/ipv4/tcp": 84},
         [("medium", "beaconing",
           {"source": ADA_IP, "target": WEB, "port": 8443, "calls": 12, "seconds": 7}, [(1, 84)])],
         step=1_000_000),
    Case("Names that do not exist", "DNS answers", _missing_names, {"ethernet/ipv4/udp/dns": 40},
         [("medium", "dns-missing-names", {"client": ADA_IP, "missing": 20, "answers": 20}, [(2, 40)])]),
    Case("DNS tunnel", "DNS names", _tunnel, {"ethernet/ipv4/udp/dns": 40},
         [("high", "dns-tunnel", {"domain": "example.net", "names": 40, "long": 40}, [(1, 40)])]),
    Case("Outdated TLS", "TLS hellos", _old_tls, {"ethernet/ipv4/tcp": 8, "ethernet/ipv4/tcp/tls": 2},
         [("medium", "deprecated-tls", {"version": "TLS 1.0", "count": 1}, [(5, 5)])]),
    Case("Resets", "TCP flags", _resets, {"ethernet/ipv4/tcp": 50, "ethernet/ipv4/tcp/tls": 10},
         [("low", "many-resets", {"conversations": 10, "total": 10}, [(1, 50)])]),
    Case("One direction", "TCP sequence numbers", _one_side, {"ethernet/ipv4/tcp/tls": 10},
         [("low", "one-direction", {"conversations": 10, "total": 10}, [(1, 10)])]),
    Case("Sent again", "TCP sequence numbers", _again, {"ethernet/ipv4/tcp": 14},
         [("low", "retransmissions", {"count": 10, "segments": 14}, [(1, 14)])]),
    Case("Data missing", "TCP sequence numbers", _holes, {"ethernet/ipv4/tcp": 14},
         [("low", "packets-missing", {"count": 10, "segments": 14}, [(1, 14)])]),
)  # fmt: skip
