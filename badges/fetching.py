"""Fetch what a stranger's badge points to: the one place where the product asks a website that a user names.

Https only, on its usual port; only public addresses, asked for once and connected to as they were found, so
that a name cannot change its mind in between; redirects are new addresses and judged as such; size, time and
number are limited; nothing is sent but the address itself. Off unless ``WORKBENCH_VERIFIER_FETCHES`` is set.
"""

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

MAX_BYTES = 2 * 1024 * 1024
MAX_CHARACTERS = 2_000
REDIRECTS = 3
# For one address, redirects included; and for one verification.
SECONDS = 8
TOTAL_SECONDS = 20
ADDRESSES = 12
PORT = 443
ACCEPT = (
    "application/vc+jwt, application/ld+json, application/json, image/png, image/svg+xml;q=0.9, */*;q=0.1"
)
MOVED = (301, 302, 303, 307, 308)
SAFE = "/%:@!$&'()*+,;=-._~?"

# A server process of the usual size has eight threads: half of them may wait for other websites.
AT_ONCE = 4
PATIENCE_SECONDS = 2
_TURNS = threading.BoundedSemaphore(AT_ONCE)

Resolve = Callable[[str], list[str]]


class NotFetched(Exception):
    """Nothing was read; ``code`` is address, private, unreachable, too-large, redirects, too-many, busy,
    absent (the website knows no such thing) or gone (it says that there was one).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Place:
    """An https address that may be asked: its host, and path with query, as they are sent."""

    host: str
    target: str


class Fetcher:
    """The fetches of one verification, which share a budget."""

    def __init__(self, *, lookup: Resolve | None = None, context: ssl.SSLContext | None = None) -> None:
        self.lookup = lookup or _resolved
        self.context = context or ssl.create_default_context()
        self.left = ADDRESSES
        self.ends = time.monotonic() + TOTAL_SECONDS

    def get(self, address: str) -> bytes:
        """What the website answers at an https address. Raises NotFetched."""
        if not _TURNS.acquire(timeout=PATIENCE_SECONDS):
            raise NotFetched("busy")
        try:
            return self._follow(address, min(time.monotonic() + SECONDS, self.ends))
        finally:
            _TURNS.release()

    def _follow(self, address: str, until: float) -> bytes:
        for _turn in range(REDIRECTS + 1):
            answer = self._ask(place_of(address), until)
            if isinstance(answer, bytes):
                return answer
            address = urljoin(address, answer)
        raise NotFetched("redirects")

    def _ask(self, place: Place, until: float) -> bytes | str:
        """The body, or where it has moved to."""
        if self.left <= 0:
            raise NotFetched("too-many")
        self.left -= 1
        found = public_address(self.lookup(place.host))
        seconds = until - time.monotonic()
        if seconds <= 0:
            raise NotFetched("unreachable")
        connection = _Pinned(place.host, found, self.context, seconds)
        # A website that sends a byte now and then would keep the reader for ever: at the end the line is cut.
        watchdog = threading.Timer(seconds, connection.cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            answer = _answer(connection, place)
            if connection.was_cut:  # what came by then looks like a whole answer, and is none
                raise NotFetched("unreachable")
            return answer
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotFetched("unreachable") from error
        finally:
            watchdog.cancel()
            connection.close()


def place_of(address: str) -> Place:
    """The parts of a plain https address. Raises NotFetched."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise NotFetched("address") from error
    host = parts.hostname or ""
    plain = parts.scheme == "https" and port in (None, PORT) and "@" not in parts.netloc
    if not plain or len(address) > MAX_CHARACTERS or "\\" in address or not address.isprintable():
        raise NotFetched("address")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise NotFetched("address") from error
    if "." not in host.strip(".") or _is_number(host):
        raise NotFetched("private")
    target = quote(parts.path or "/", safe=SAFE)
    return Place(host, f"{target}?{quote(parts.query, safe=SAFE)}" if parts.query else target)


def public_address(found: list[str]) -> str:
    """The first of a host's addresses, when all are public: one inside answer among them is a trap."""
    if not found:
        raise NotFetched("unreachable")
    if not all(is_public(address) for address in found):
        raise NotFetched("private")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, an IPv4 address inside it included."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _carried(parsed) if isinstance(parsed, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return (
        parsed.is_global and not parsed.is_multicast and not parsed.is_reserved and not parsed.is_link_local
    )


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address within an IPv6 one: mapped, 6to4, Teredo (the client), NAT64."""
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _is_number(host: str) -> bool:
    """An address in place of a name, in any spelling that a system might read as one."""
    last = host.rstrip(".").rsplit(".", maxsplit=1)[-1]
    return ":" in host or last.isdigit() or last.lower().startswith("0x")


def _resolved(host: str) -> list[str]:
    """Asked in a thread of its own: the system's resolver knows no deadline."""
    answers: queue.Queue[list[str]] = queue.Queue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            found = []
        answers.put([str(entry[4][0]) for entry in found])

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=SECONDS / 2)
    except queue.Empty:
        return []


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was judged, and expects the certificate of the name."""

    def __init__(self, host: str, found: str, context: ssl.SSLContext, seconds: float) -> None:
        super().__init__(host, PORT, timeout=seconds, context=context)
        self.found = found
        self.tls = context
        self.line: socket.socket | None = None
        self.was_cut = False

    def connect(self) -> None:
        plain = socket.create_connection((self.found, self.port), self.timeout)
        self.sock = self.line = self.tls.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()

    def cut(self) -> None:
        self.was_cut = True
        if self.line is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)


def _answer(connection: _Pinned, place: Place) -> bytes | str:
    connection.putrequest("GET", place.target, skip_accept_encoding=True)
    for name, value in (("Accept", ACCEPT), ("User-Agent", "open-badge-verifier"), ("Connection", "close")):
        connection.putheader(name, value)
    connection.endheaders()
    response: Any = connection.getresponse()
    if response.status in MOVED:
        return str(response.headers.get("Location", ""))
    if response.status in (404, 410):
        raise NotFetched("gone" if response.status == 410 else "absent")
    if response.status != 200 or response.headers.get("Content-Encoding", "identity") != "identity":
        raise NotFetched("unreachable")
    content: bytes = response.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotFetched("too-large")
    if response.length:
        raise NotFetched("unreachable")
    return content
