"""Which bytes of a packet are never shown and are blanked in copies, because they may let someone in.

Decided for each packet by itself, from its ports and what it begins with, and more strictly for conversations
in which a reading found credentials; when in doubt, bytes are hidden.
"""

import re
from typing import Final

from assessments.analysers.captures.applications import http
from assessments.analysers.captures.applications.ports import (
    HIDDEN,
    LOGINS,
    TCP_SERVICES,
    service,
)
from assessments.analysers.captures.frames import Frame, frame_at
from assessments.analysers.captures.numbers import ICMP, ICMP6, LINKS, TCP, UDP
from assessments.analysers.captures.tallies.flows import reversed_key

Range = tuple[int, int]

# What carries whole packets that are not decoded here: anything may be inside.
_CARRIERS: Final = frozenset(("gre", "ip-in-ip", "ipv6-in-ip", "vxlan", "pppoe", "mpls"))
# How records of TLS begin: what follows STARTTLS is encrypted.
_TLS: Final = frozenset((b"\x14\3", b"\x15\3", b"\x16\3", b"\x17\3"))
# Words that may be shown of a login; the rest of the line may not.
_VERBS: Final = frozenset(
    b"USER PASS ACCT AUTH APOP QUIT NOOP HELO EHLO MAIL RCPT DATA RSET STLS STARTTLS CAPA STAT LIST RETR DELE"
    b" TOP UIDL CWD CDUP PWD TYPE PORT PASV EPSV EPRT STOR SIZE MDTM FEAT SYST OPTS MKD RMD RNFR RNTO"
    b" ABOR".split()
)
_IMAP_VERBS: Final = frozenset(
    b"LOGIN AUTHENTICATE SELECT EXAMINE LIST LSUB FETCH STORE SEARCH CLOSE LOGOUT NOOP CAPABILITY STARTTLS"
    b" IDLE UID STATUS APPEND".split()
)
_FIRST_WORDS: Final = re.compile(rb"(\S{1,20})(?: +(\S{1,14}))?")


def hidden_ranges(  # noqa: PLR0911 (one a protocol)
    data: bytes, frame: Frame, hidden: frozenset[bytes], *, strict: bool = False
) -> list[Range]:
    """Parts of `data`, first and last (exclusive), that are hidden; `hidden` are keys of conversations.

    A `strict` reader hides protocols with logins whole, commands, names and answers included.
    """
    first, last = frame.payload, frame.stop
    if frame.path[0] not in LINKS.values():
        return _some(frame.start, frame.end)
    if frame.path[-1] in _CARRIERS:
        return _some(first or frame.link_end, frame.end)
    if frame.fragment:
        return _some(first, last)
    if not frame.transport:
        return []
    if frame.protocol in (ICMP, ICMP6):
        return _quoted(data, frame, hidden, strict=strict)
    if frame.protocol not in (TCP, UDP) or first >= last:
        return []
    ports = data[frame.transport : frame.transport + 2], data[frame.transport + 2 : frame.transport + 4]
    key = frame.key
    marked = key in hidden or reversed_key(key) in hidden
    if frame.protocol == UDP:
        name = service(*ports, tcp=False)
        return _some(first, last) if marked or name in ("snmp", "vxlan", "ldap") or frame.more else []
    name = service(*ports, tcp=True)
    to_server = TCP_SERVICES.get(ports[1]) == name
    if name in LOGINS and strict and data[first : first + 2] not in _TLS:
        return _some(first, last)
    return _of_segment(data[first:last], first, name, marked=marked, to_server=to_server)


def _some(first: int, last: int) -> list[Range]:
    return [(first, last)] if first < last else []


def _of_segment(text: bytes, at: int, name: str, *, marked: bool, to_server: bool) -> list[Range]:
    if text[:4] in http.LEADS:
        return [(at + first, at + last) for _code, first, last in http.credentials(text)]
    whole = [(at, at + len(text))]
    if name in HIDDEN or (marked and name not in LOGINS):
        return whole
    if name in LOGINS:
        if not to_server or text[:2] in _TLS:
            return []
        return _some(at + _verb(text, name), at + len(text))
    # The middle of a request: the rest of a header or of a form.
    return whole if name == "http" and to_server and text[:2] not in _TLS else []


def _verb(text: bytes, name: str) -> int:
    """How much of what a client says is a command that may be shown."""
    words = _FIRST_WORDS.match(text)
    if words is None:
        return 0
    if name == "imap":
        return words.end(2) if words[2] and words[2].upper() in _IMAP_VERBS else 0
    return words.end(1) if words[1].upper() in _VERBS else 0


def _quoted(data: bytes, frame: Frame, hidden: frozenset[bytes], *, strict: bool) -> list[Range]:
    """An error message brings the beginning of a packet back, which is hidden as in the packet itself."""
    kind = data[frame.transport]
    errors = (3, 4, 5, 11, 12) if frame.protocol == ICMP else (1, 2, 3, 4)
    if kind not in errors:
        return []
    quoted = frame_at(data, frame.transport + 8, frame.stop, 101)
    if quoted.protocol in (ICMP, ICMP6):
        return []
    return hidden_ranges(data, quoted, hidden, strict=strict)
