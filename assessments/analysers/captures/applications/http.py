"""The first lines of HTTP/1 (RFC 9112), and where in them stands what lets someone in."""

import re
from dataclasses import dataclass
from typing import Final

METHODS: Final = ("GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PROPFIND")
LEADS: Final = frozenset((method + " ").encode()[:4] for method in METHODS) | {b"HTTP"}
# Headers stand at the beginning; what comes later in a large segment is content.
_LOOKED_AT: Final = 8192

_REQUEST: Final = re.compile(rb"([A-Z]{3,10}) ([^ \r\n]{1,4096})(?: HTTP/(\d\.\d))?")
_RESPONSE: Final = re.compile(rb"HTTP/\d\.\d (\d{3})(?: ([^\r\n]{0,80}))?")
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
    """Of a request the method, path and host; of a response the status and its words."""

    method: str = ""
    path: bytes = b""
    host: str = ""
    status: int = 0
    reason: str = ""


def head_of(segment: bytes) -> Head | None:
    """What a segment that begins a request or a response says in its first lines."""
    text = segment[:_LOOKED_AT]
    answered = _RESPONSE.match(text)
    if answered:
        reason = (answered[2] or b"").decode("ascii", errors="replace")
        return Head(status=int(answered[1]), reason=_shown(reason))
    asked = _REQUEST.match(text)
    if asked is None or asked[1].decode() not in METHODS:
        return None
    host = _HOST.search(text)
    name = host[1].strip().decode("ascii", errors="replace").lower() if host else ""
    return Head(asked[1].decode(), asked[2], _shown(name))


def _shown(text: str) -> str:
    return "".join(letter if " " <= letter < "\x7f" else "?" for letter in text)


def credentials(text: bytes) -> list[tuple[str, int, int]]:
    """(code, first, last) of every value that lets someone in, in a segment that begins a message."""
    found: list[tuple[str, int, int]] = []
    body = text.find(b"\r\n\r\n")
    head = text if body < 0 else text[: body + 2]
    for match in _AUTHORIZATION.finditer(head):
        code = "http-basic" if (match[1] or b"").lower() == b"basic" else "http-authorization"
        if match[2].strip(b"\0 "):
            found.append((code, match.start(2), match.end(2)))
    for match in _COOKIE.finditer(head):
        if match[1].strip(b"\0 "):
            found.append(("http-cookie", match.start(1), match.end(1)))
    userinfo = _USERINFO.match(head)
    if userinfo:
        found.append(("http-basic", userinfo.start(1), userinfo.end(1)))
    line = head.find(b"\r\n") if b"\r\n" in head else len(head)
    found += _fields(text[:line], 0)
    if body >= 0 and not text.startswith(b"HTTP"):
        found += _fields(text[body + 4 :], body + 4)
    return found


def _fields(text: bytes, at: int) -> list[tuple[str, int, int]]:
    return [
        ("http-password", at + match.start(1), at + match.end(1))
        for expression in (_FIELD, _JSON_FIELD)
        for match in expression.finditer(text)
        if match[1].strip(b"\0")
    ]
