"""The first lines of HTTP/1 (RFC 9112), and where in them stands what lets someone in."""

import re
from dataclasses import dataclass
from typing import Final

METHODS: Final = ("GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PROPFIND")
_METHODS: Final = frozenset(method.encode() for method in METHODS)
LEADS: Final = frozenset((method + " ").encode()[:4] for method in METHODS) | {b"HTTP"}
# Headers stand at the beginning; what comes later in a large segment is content.
_LOOKED_AT: Final = 8192

_REQUEST: Final = re.compile(rb"([A-Z]{3,10}) ([^ \r\n]{1,4096})(?: HTTP/(\d\.\d))?")
_RESPONSE: Final = re.compile(rb"HTTP/\d\.\d (\d{3})")
_HOST: Final = re.compile(rb"\r\nhost:[ \t]*([^\r\n]{1,255})", re.IGNORECASE)
_AUTHORIZATION: Final = re.compile(
    rb"\r\n(?:proxy-)?authorization:[ \t]*"
    rb"(?:(basic|bearer|digest|negotiate|ntlm|token|apikey|hawk|aws4-hmac-sha256)[ \t]+)?([^\r\n]+)",
    re.IGNORECASE,
)
_COOKIE: Final = re.compile(rb"\r\n(?:set-)?cookie:[ \t]*([^\r\n]+)", re.IGNORECASE)
_FIELD: Final = re.compile(
    rb"(?:^|[?&\r\n])(?:pass|passwd|password|passphrase|pwd|mot_?de_?passe|wachtwoord|motdepasse|token|api_?key"
    rb"|access_token|secret)=([^&\s]+)",
    re.IGNORECASE,
)
_JSON_FIELD: Final = re.compile(rb'"(?:pass|passwd|password|pwd|secret|token)"\s*:\s*"([^"]+)', re.IGNORECASE)
_USERINFO: Final = re.compile(rb"^[A-Z]+ [a-z]+://([^/@ \r\n]+@)")


@dataclass(frozen=True, slots=True)
class Head:
    """Of a request the method, path and host; of a response the status."""

    method: str = ""
    path: bytes = b""
    host: str = ""
    status: int = 0


def head_of(segment: bytes) -> Head | None:
    """What a segment that begins a request or a response says in its first lines."""
    if segment.startswith(b"HTTP"):
        answered = _RESPONSE.match(segment)
        return Head(status=int(answered[1])) if answered else None
    asked = _REQUEST.match(segment)
    if asked is None or asked[1] not in _METHODS:
        return None
    host = _HOST.search(segment, asked.end(), _LOOKED_AT)
    name = host[1].strip().decode("ascii", errors="replace").lower() if host else ""
    return Head(asked[1].decode(), asked[2], name if name.isascii() and name.isprintable() else _shown(name))


def _shown(text: str) -> str:
    return "".join(letter if " " <= letter < "\x7f" else "?" for letter in text)


def credentials(text: bytes) -> list[tuple[str, int, int]]:
    """(code, first, last) of every value that lets someone in, in a segment that begins a message."""
    found: list[tuple[str, int, int]] = []
    body = text.find(b"\r\n\r\n")
    head = text if body < 0 else text[: body + 2]
    # Searching for a word is far quicker than trying an expression at every line.
    names = head.lower()
    if b"authorization:" in names:
        for match in _AUTHORIZATION.finditer(head):
            code = "http-basic" if (match[1] or b"").lower() == b"basic" else "http-authorization"
            found.append((code, match.start(2), match.end(2)))
    if b"cookie:" in names:
        found += [("http-cookie", match.start(1), match.end(1)) for match in _COOKIE.finditer(head)]
    if not names.startswith(b"http"):
        line = head.partition(b"\r\n")[0]
        userinfo = _USERINFO.match(line) if b"@" in line else None
        if userinfo:
            found.append(("http-basic", userinfo.start(1), userinfo.end(1)))
        found += _fields(line, 0)
        if body >= 0:
            found += _fields(text[body + 4 :], body + 4)
    return [one for one in found if text[one[1] : one[2]].strip(b"\0 ")]


def _fields(text: bytes, at: int) -> list[tuple[str, int, int]]:
    found = []
    for mark, expression in ((b"=", _FIELD), (b'":', _JSON_FIELD), (b'" :', _JSON_FIELD)):
        if mark in text:
            found += [
                ("http-password", at + match.start(1), at + match.end(1))
                for match in expression.finditer(text)
            ]
    return sorted(set(found))
