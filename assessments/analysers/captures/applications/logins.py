"""Recognise in clear-text protocols the packets that carry a password, and never return what it is."""

import re
from collections.abc import Callable
from typing import Final

# What a client has said so far; kept for each conversation that is logging in.
State = str

_LINES: Final = 6
_ANONYMOUS: Final = frozenset((b"anonymous", b"ftp"))
_PROMPT: Final = re.compile(
    rb"(?:pass ?word|passcode|passphrase|passwort|mot de passe|wachtwoord)[^\r\n:]{0,40}:\s*\Z", re.IGNORECASE
)
_IMAP_LOGIN: Final = re.compile(rb"\S{1,20} LOGIN +\S", re.IGNORECASE)
_IMAP_AUTHENTICATE: Final = re.compile(rb"\S{1,20} AUTHENTICATE +(PLAIN|LOGIN)\b *(\S*)", re.IGNORECASE)
_AUTH: Final = re.compile(rb"AUTH +(PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|XOAUTH2)\b *(\S*)", re.IGNORECASE)
# What a segment of a login may begin with on any port.
LEADS: Final = frozenset((b"USER", b"PASS", b"EHLO", b"HELO", b"AUTH", b"APOP", b"+OK ", b"220 ", b"220-"))


def guessed(lead: bytes) -> str:
    """The application that is spoken on a port of no meaning, by how a segment begins."""
    if lead in (b"EHLO", b"HELO", b"AUTH"):
        return "smtp"
    if lead in (b"+OK ", b"APOP"):
        return "pop3"
    return "ftp" if lead in (b"USER", b"PASS") else ""


def said_by_client(application: str, text: bytes, state: State) -> tuple[str, State]:
    """(code of the secret or "", new state) after what a client sent."""
    reader = _CLIENTS.get(application)
    if reader is None:
        return "", state
    if application in ("telnet", "ldap"):
        return reader(text, state)
    code = ""
    for raw in text.split(b"\n", _LINES)[:_LINES]:
        line = raw.strip(b"\r\0 ")
        if line:
            found, state = reader(line, state)
            code = found or code
    return code, state


def asks_for_password(application: str, text: bytes) -> bool:
    """Whether a Telnet server waits for a password after what it sent."""
    return application == "telnet" and _PROMPT.search(text[-120:]) is not None


def _ftp(line: bytes, state: State) -> tuple[str, State]:
    verb, _, rest = line.partition(b" ")
    verb = verb.upper()
    if verb == b"USER":
        return "", "anonymous" if rest.strip().lower() in _ANONYMOUS else "named"
    if verb in (b"PASS", b"ACCT") and rest.strip():
        return ("" if state == "anonymous" else "ftp-password"), state
    return "", state


def _pop3(line: bytes, state: State) -> tuple[str, State]:
    verb, _, rest = line.partition(b" ")
    if verb.upper() in (b"PASS", b"APOP") and rest.strip():
        return "pop3-password", ""
    return _sasl(line, state, "pop3-password")


def _smtp(line: bytes, state: State) -> tuple[str, State]:
    return _sasl(line, state, "smtp-password")


def _imap(line: bytes, state: State) -> tuple[str, State]:
    if _IMAP_LOGIN.match(line):
        return "imap-password", ""
    asked = _IMAP_AUTHENTICATE.match(line)
    if asked:
        return ("imap-password", "") if asked[2] else ("", f"awaited-{_lines_of(asked[1])}")
    return _awaited(line, state, "imap-password")


def _sasl(line: bytes, state: State, code: str) -> tuple[str, State]:
    asked = _AUTH.match(line)
    if asked is None:
        return _awaited(line, state, code)
    lines = _lines_of(asked[1])
    if asked[2]:
        # The name may come along with LOGIN; the password then follows alone.
        return code, "awaited-1" if lines == 2 else ""
    return "", f"awaited-{lines}"


def _lines_of(mechanism: bytes) -> int:
    return 2 if mechanism.upper() == b"LOGIN" else 1


def _awaited(line: bytes, state: State, code: str) -> tuple[str, State]:
    """The answers to a challenge: one line, or two when name and password come apart."""
    if not state.startswith("awaited-"):
        return "", state
    if line == b"*":
        return "", ""
    return code, "awaited-1" if state == "awaited-2" else ""


def _telnet(text: bytes, state: State) -> tuple[str, State]:
    """Keys come one by one until the line ends; option negotiation (RFC 854) is no typing."""
    if state != "password" or text.startswith(b"\xff") or not text.strip(b"\0\r\n"):
        return "", "" if state == "password" and b"\r" in text else state
    return "telnet-password", "" if b"\r" in text or b"\n" in text else state


def _ldap(text: bytes, state: State) -> tuple[str, State]:
    return ("ldap-password" if simple_bind(text) else ""), state


_CLIENTS: Final[dict[str, Callable[[bytes, State], tuple[str, State]]]] = {
    "ftp": _ftp,
    "pop3": _pop3,
    "imap": _imap,
    "smtp": _smtp,
    "telnet": _telnet,
    "ldap": _ldap,
}


# --- BER, as far as two protocols need it (X.690) ----------------------------------------------------


def _header(data: bytes, at: int) -> tuple[int, int, int]:
    """(tag, where the content starts, where it ends); (-1, 0, 0) when there is none."""
    if at + 2 > len(data):
        return -1, 0, 0
    tag, length = data[at], data[at + 1]
    start = at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= 4 or start + count > len(data):
            return -1, 0, 0
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    return tag, start, start + length


def simple_bind(data: bytes) -> bool:
    """Whether an LDAP message is a bind by name and password (RFC 4511, 4.2) with a password in it."""
    tag, at, _ = _header(data, 0)
    if tag != 0x30:
        return False
    for expected, inside in ((0x02, False), (0x60, True), (0x02, False), (0x04, False)):
        tag, start, end = _header(data, at)
        if tag != expected:
            return False
        at = start if inside else end
    tag, start, end = _header(data, at)
    return tag == 0x80 and bool(data[start:end].strip(b"\0"))


def community(data: bytes) -> bool:
    """Whether an SNMP message is of version 1 or 2c and names a community (RFC 1157, RFC 1901)."""
    tag, at, _ = _header(data, 0)
    if tag != 0x30:
        return False
    tag, start, end = _header(data, at)
    if tag != 0x02 or end - start != 1 or data[start : start + 1] not in (b"\0", b"\1"):
        return False
    tag, start, end = _header(data, end)
    return tag == 0x04 and bool(data[start:end].strip(b"\0"))
