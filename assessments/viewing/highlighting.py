"""Tell comments, addresses, actions and keywords of a configuration's line apart, for any dialect."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# Controls and marks that turn the direction of writing would let a text show other than what it is.
HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]"
)

_ACCEPT = "accept|permit|allow|allowed|pass"
_DENY = "drop|deny|denied|reject|discard|block|blocked|disable|disabled|shutdown"
_KEYWORDS = (
    "access-list|access-group|access-class|action|address|address-group|any|any4|any6|application|chain|config|"
    "counter|destination|destination-address|dport|dst|dstaddr|dstintf|edit|end|eq|established|extended|"
    "family|filter|firewall|from|from-zone|gt|hook|host|icmp|icmpv6|in|inbound|inet|inet6|input|interface|ip|"
    "ipv6|iif|iifname|inspect|jump|line|log|log-input|lt|match|name|nat|neq|next|no|object|object-group|oif|"
    "oifname|out|output|outbound|policies|policy|port|priority|protocol|range|related|remark|route|rule|"
    "rulebase|rules|saddr|daddr|security|security-zone|service|set|sport|source|source-address|src|srcaddr|"
    "srcintf|standard|state|system|table|tcp|term|then|to|to-zone|traffic-filter|type|udp|undo|unset|vlan|"
    "zone|forward|prerouting|postrouting"
)
_PATTERN: Final = re.compile(
    r"""(?P<comment>^[ \t]*(?:[#!;]|//|/\*|<!--).*|(?<=[ \t])\#(?=[ \t]).*
        |^[ \t]*(?:access-list[ ]\S{1,60}[ ])?remark[ ].*)
    |(?P<string>"(?:[^"\\]|\\.){0,400}"|'[^']{0,400}')
    |(?P<tag></?[A-Za-z][\w:.-]{0,60}|/?>)
    |(?P<address>(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,3}(?:\.\d{1,3}){0,3})?
        |(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?:/\d{1,3})?
        |[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4})(?![\w:]))
    |(?P<accept>(?<![\w-])(?:"""
    + _ACCEPT
    + r""")(?![\w-]))
    |(?P<deny>(?<![\w-])(?:"""
    + _DENY
    + r""")(?![\w-]))
    |(?P<option>(?<!\S)--?[A-Za-z][\w-]{0,40})
    |(?P<keyword>(?<![\w.-])(?:"""
    + _KEYWORDS
    + r""")(?![\w.-]))
    |(?P<number>(?<![\w./])\d{1,12}(?![\w./]))""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters of one kind; `kind` is empty for what is nothing special."""

    kind: str
    text: str
    is_marked: bool = False


def spans(text: str, marked: Iterable[tuple[int, int]] = ()) -> list[Span]:
    """A line in runs, with the characters in some ranges marked and hidden ones named."""
    ranges = sorted(marked)
    cut = sorted({at for pair in ranges for at in pair})
    found: list[Span] = []
    for kind, first, last in _runs(text):
        edges = [first, *(at for at in cut if first < at < last), last]
        for begin, end in itertools.pairwise(edges):
            inside = any(low <= begin < high for low, high in ranges)
            found.append(Span(kind, visible(text[begin:end]), inside))
    return found


def visible(text: str) -> str:
    """The text with every hidden character named by its code point."""
    return HIDDEN.sub(_named, text)


def _runs(text: str) -> Iterable[tuple[str, int, int]]:
    at = 0
    for match in _PATTERN.finditer(text):
        if match.start() > at:
            yield "", at, match.start()
        yield match.lastgroup or "", match.start(), match.end()
        at = match.end()
    if at < len(text):
        yield "", at, len(text)


def _named(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match[0]):04X}⟩"
