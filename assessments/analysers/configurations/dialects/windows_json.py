"""Read what ``Get-NetFirewallRule | ConvertTo-Json`` gives, alone or joined with the filters of the rules."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from assessments.analysers.configurations.dialects.windows_rules import (
    Told,
    WindowsAction,
    WindowsReader,
    profiles_of,
)
from assessments.analysers.configurations.lines import UnreadLines, count_lines
from assessments.analysers.configurations.rules import Ruleset

Object = dict[str, Any]

# Enumerations of the CIM class MSFT_NetFirewallRule, as numbers or as names.
_ENABLED: Final = {"1": True, "true": True, "2": False, "false": False, "0": False}
_INBOUND: Final = {"1": True, "inbound": True, "in": True, "2": False, "outbound": False, "out": False}
_ACTIONS: Final[dict[str, WindowsAction]] = {
    "2": "allow",
    "allow": "allow",
    "3": "bypass",
    "allowbypass": "bypass",
    "4": "block",
    "block": "block",
}
_PROFILE_BITS: Final = {"Domain": 1, "Private": 2, "Public": 4}
# IANA gives ICMP the numbers 1 and 58.
_ICMP: Final = ("icmp", "1", "58")
_NO_EDGE: Final = frozenset(("", "0", "block", "false", "no"))
# Names under which people join the filters of a rule, in lower case.
_KEYS: Final = {
    "local": ("localaddress", "localaddresses", "localip"),
    "remote": ("remoteaddress", "remoteaddresses", "remoteip"),
    "local_ports": ("localport", "localports"),
    "remote_ports": ("remoteport", "remoteports"),
    "edge": ("edgetraversalpolicy", "edgetraversal"),
    "profile": ("profile", "profiles"),
    "icmp": ("icmptype", "icmptypes"),
}
_NARROWING: Final = (
    ("program", ("program", "apppath", "application")),
    ("service", ("service", "servicename")),
    ("package", ("package", "packagefamilyname")),
    ("interface", ("interfacealias",)),
    ("interface type", ("interfacetype",)),
    ("security", ("authentication",)),
    ("users", ("remoteuser", "localuser")),
    ("computers", ("remotemachine",)),
)
_NOTHING: Final = frozenset(("", "any", "notrequired", "0", "none", "null"))
_INTERFACE_TYPES: Final = {
    "wired": "LAN",
    "lan": "LAN",
    "wireless": "Wireless",
    "remoteaccess": "RAS",
    "ras": "RAS",
}
_BETWEEN: Final = frozenset(" \t\n,[]\ufeff")
_WRAPPER_ENDS: Final = ('"Count"', '"count"', "}")
_MAX_NESTED: Final = 64


def read(text: str, dialect: str) -> Ruleset:
    """The rules of a list, of one object or of objects one after another, in whatever depth they came."""
    unread = UnreadLines()
    reader = WindowsReader(unread)
    hostname = ""
    for first, last, found in _objects(text.replace("\r\n", "\n").replace("\r", "\n"), unread):
        if reader.is_full:
            unread.limit(first, count_lines(text), "rule")
            break
        flat = _flattened(found)
        hostname = hostname or _word(flat.get("servername")) or _word(flat.get("pscomputername"))
        reader.add(_told(flat, first, last))
    return reader.ruleset(text, dialect, hostname)


def _objects(text: str, unread: UnreadLines) -> Iterator[tuple[int, int, Object]]:
    """Each object of the outermost list with its lines, so that a damaged tail costs only itself."""
    decoder = json.JSONDecoder()
    at, line = _start(text), 1
    counted = 0
    is_open = text[at : at + 1] == "["
    while at < len(text):
        if text[at] in _BETWEEN:
            is_open = is_open and text[at] != "]"
            at += 1
            continue
        line += text.count("\n", counted, at)
        counted = at
        if text[at] != "{":
            # Behind the list stands what closes the object around it.
            if is_open or not text.startswith(_WRAPPER_ENDS, at):
                unread.damaged_tail(line, count_lines(text))
            return
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            unread.damaged_tail(line, count_lines(text))
            return
        last = line + text.count("\n", at, end)
        yield line, last, found
        line, counted, at = last, end, end
    if is_open:
        unread.damaged_tail(line, count_lines(text))


def _start(text: str) -> int:
    """Where the list begins: PowerShell 5 may put it in an object with its length."""
    head = text[:200]
    opened = head.find("[")
    before = head[:opened] if opened >= 0 else ""
    words = before.replace(":", " ").replace(",", " ").split()
    if words[:1] == ["{"] and words[-1:] and words[-1].strip('"').lower() in ("value", "rules"):
        return opened
    return len(text) - len(text.lstrip(" \t\n\ufeff"))


def _flattened(found: Object) -> Object:
    """The members of an object and of the filters inside it by lower-case name; the rule's own go first."""
    flat: Object = {}
    waiting: list[tuple[Object, int]] = [(found, 0)]
    while waiting:
        one, depth = waiting.pop(0)
        for name, value in one.items():
            flat.setdefault(name.lower(), value)
            # The filters that people join; what ConvertTo-Json adds about the class itself is of no use.
            if isinstance(value, dict) and depth < 2 and len(waiting) < _MAX_NESTED and "value" not in value:
                waiting.append((value, depth + 1))
    return flat


def _told(flat: Object, first: int, last: int) -> Told:
    protocol = _word(flat.get("protocol")) or None
    told = Told(
        first,
        last,
        name=_word(flat.get("displayname")) or _word(flat.get("name")),
        description=_word(flat.get("description")),
        enabled=_ENABLED.get(_word(flat.get("enabled")).lower(), True),
        inbound=_INBOUND.get(_word(flat.get("direction")).lower()),
        action=_ACTIONS.get(_word(flat.get("action")).lower()),
        profiles=_profiles(_first(flat, _KEYS["profile"])),
        local=_words(_first(flat, _KEYS["local"])),
        remote=_words(_first(flat, _KEYS["remote"])),
        protocol=protocol,
        local_ports=_words(_first(flat, _KEYS["local_ports"])) or (),
        remote_ports=_words(_first(flat, _KEYS["remote_ports"])) or (),
        edge=_word(_first(flat, _KEYS["edge"])).lower() not in _NO_EDGE,
    )
    if told.remote is not None and told.local is None:
        told.local = ("any",)
    types = [word.removesuffix(":*") for word in _words(_first(flat, _KEYS["icmp"])) or ()]
    if types and "any" not in types and (protocol or "").lower().startswith(_ICMP):
        told.narrowed.append(("icmp-type", ", ".join(types)))
    for name, keys in _NARROWING:
        values = [word for word in _words(_first(flat, keys)) or () if word.lower() not in _NOTHING]
        if name == "interface type":
            values = [_INTERFACE_TYPES.get(word.lower(), word) for word in values]
        if values:
            told.narrowed.append((name, ", ".join(values)))
    return told


def _first(flat: Object, keys: Sequence[str]) -> Any:
    return next((flat[key] for key in keys if flat.get(key) is not None), None)


def _word(value: Any) -> str:
    """A text, number or truth as a word; anything else is none."""
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bool | int | float):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _words(value: Any) -> tuple[str, ...] | None:
    """The words of a list or of a text with commas, ``Any`` as ``any``; None when nothing is said."""
    if isinstance(value, dict):
        # PowerShell 5 writes a list it was given as an object with its value and its length.
        value = value.get("value", "")
    if value is None:
        return None
    listed = value if isinstance(value, list) else [value]
    told = [part.strip() for one in listed for part in _word(one).replace(";", ",").split(",")]
    found = tuple("any" if part.lower() in ("any", "*") else part for part in told if part)
    return found or None


def _profiles(value: Any) -> tuple[str, ...]:
    words = _words(value) or ()
    if len(words) == 1 and words[0].isascii() and words[0].isdigit() and len(words[0]) <= 10:
        bits = int(words[0])
        return profiles_of([name for name, bit in _PROFILE_BITS.items() if bits & bit])
    return profiles_of([word.capitalize() for word in words])
