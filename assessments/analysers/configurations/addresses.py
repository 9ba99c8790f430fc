"""Turn the ways in which configurations write addresses into sets of integer ranges."""

import socket
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from assessments.analysers.configurations.rules import (
    ANY_ADDRESS,
    V4_MOST,
    V6_MOST,
    Addresses,
    Family,
    Range,
)

_ANY_WORDS: Final = frozenset(("any", "all", "*", "any4", "any6", "0/0", "::/0", "0.0.0.0/0"))
_CACHED: Final = 65_536


def ipv4_number(text: str) -> int | None:
    """The number of a dotted quad, or None when `text` is none."""
    try:
        return int.from_bytes(socket.inet_pton(socket.AF_INET, text))
    except (OSError, ValueError):
        return None


def ipv6_number(text: str) -> int | None:
    """The number of an IPv6 address (RFC 4291 section 2.2), or None; a zone after ``%`` is refused."""
    try:
        return int.from_bytes(socket.inet_pton(socket.AF_INET6, text))
    except (OSError, ValueError):
        return None


def merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The ranges in order, those that touch or overlap made one; empty ranges (first > last) vanish."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if first > last:
            continue
        if found and first <= found[-1][1] + 1:
            if last > found[-1][1]:
                found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple(found)


def complement(ranges: Sequence[Range], most: int) -> tuple[Range, ...]:
    """Everything from 0 to `most` that is not in the merged `ranges`."""
    found: list[Range] = []
    at = 0
    for first, last in ranges:
        if first > at:
            found.append((at, first - 1))
        at = last + 1
    if at <= most:
        found.append((at, most))
    return tuple(found)


def covers(outer: Sequence[Range], inner: Sequence[Range]) -> bool:
    """Whether every number of `inner` is in `outer`; both merged."""
    at = 0
    for first, last in inner:
        while at < len(outer) and outer[at][1] < first:
            at += 1
        if at == len(outer) or outer[at][0] > first or outer[at][1] < last:
            return False
    return True


def overlap(one: Sequence[Range], other: Sequence[Range]) -> bool:
    """Whether some number is in both; both merged."""
    here = there = 0
    while here < len(one) and there < len(other):
        if one[here][1] < other[there][0]:
            here += 1
        elif other[there][1] < one[here][0]:
            there += 1
        else:
            return True
    return False


def unknown(text: str) -> Addresses:
    """Addresses that cannot be told from the file."""
    return Addresses(text, known=False)


def v4(text: str, first: int, last: int) -> Addresses:
    return Addresses(text, ((first, last),))


def v6(text: str, first: int, last: int) -> Addresses:
    return Addresses(text, (), ((first, last),))


def any_of(family: Family, text: str = "any") -> Addresses:
    """Every address of a family."""
    return Addresses(
        text,
        () if family == "ipv6" else ANY_ADDRESS.v4,
        () if family == "ipv4" else ANY_ADDRESS.v6,
    )


def of_family(addresses: Addresses, family: Family) -> Addresses:
    """The part of `addresses` that is of `family`."""
    if family == "any":
        return addresses
    if family == "ipv4":
        return Addresses(addresses.text, addresses.v4, (), addresses.known) if addresses.v6 else addresses
    return Addresses(addresses.text, (), addresses.v6, addresses.known) if addresses.v4 else addresses


def united(text: str, parts: Iterable[Addresses]) -> Addresses:
    """The union of `parts` under one text; unknown as soon as one part is."""
    parts = list(parts)
    return Addresses(
        text,
        merged(one for part in parts for one in part.v4),
        merged(one for part in parts for one in part.v6),
        all(part.known for part in parts),
    )


def without(text: str, kept: Addresses, removed: Addresses) -> Addresses:
    """The addresses of `kept` that are not in `removed`."""
    if not (kept.known and removed.known):
        return unknown(text)
    return Addresses(
        text, _subtracted(kept.v4, removed.v4, V4_MOST), _subtracted(kept.v6, removed.v6, V6_MOST)
    )


def inverted(addresses: Addresses, *, family: Family, text: str = "") -> Addresses:
    """Every address of `family` but these, as ``! 10.0.0.0/8`` writes it."""
    text = text or f"!{addresses.text}"
    return without(text, any_of(family), addresses)


@lru_cache(_CACHED)
def address(text: str) -> Addresses | None:
    """What ``10.1.2.3``, ``10.0.0.0/8``, ``10.0.0.0/255.0.0.0``, ``10.0.0.1-10.0.0.9`` or ``any`` names.

    IPv6 likewise. None when it is none of these, so that the caller can look for an object of that name. Bits
    beyond a prefix are ignored as the products do.
    """
    if text in _ANY_WORDS:
        return _any_word(text)
    if "/" in text:
        head, _, tail = text.partition("/")
        return _prefixed(text, head, tail)
    if "-" in text:
        head, _, tail = text.partition("-")
        return between(text, head.strip(), tail.strip())
    return between(text, text, text)


@lru_cache(_CACHED)
def masked(first: str, mask: str) -> Addresses | None:
    """A network with its netmask (``10.0.0.0 255.0.0.0``); unknown when the mask has holes, None for none."""
    start, bits = ipv4_number(first), ipv4_number(mask)
    if start is None or bits is None:
        return None
    return _network(f"{first} {mask}", start, bits ^ V4_MOST)


@lru_cache(_CACHED)
def wildcard(first: str, mask: str) -> Addresses | None:
    """A network with a wildcard mask (``10.0.0.0 0.255.255.255``); unknown when its ones stand apart."""
    start, hosts = ipv4_number(first), ipv4_number(mask)
    if start is None or hosts is None:
        return None
    return _network(f"{first} {mask}", start, hosts)


def between(text: str, first: str, last: str) -> Addresses | None:
    """The range from one address to another of the same family; None when either is no address."""
    start, end = ipv4_number(first), ipv4_number(last)
    if start is not None and end is not None:
        return v4(text, start, end) if start <= end else None
    start, end = ipv6_number(first), ipv6_number(last)
    if start is not None and end is not None:
        return v6(text, start, end) if start <= end else None
    return None


def _any_word(text: str) -> Addresses:
    if text in ("any4", "0/0", "0.0.0.0/0"):
        return any_of("ipv4", text)
    return any_of("ipv6", text) if text in ("any6", "::/0") else any_of("any", text)


def _prefixed(text: str, head: str, tail: str) -> Addresses | None:
    start = ipv4_number(head)
    if start is not None and "." in tail:
        bits = ipv4_number(tail)
        return None if bits is None else _network(text, start, bits ^ V4_MOST)
    if not (tail.isascii() and tail.isdigit() and len(tail) <= 3):
        return None
    length = int(tail)
    if start is not None and length <= 32:
        return _network(text, start, V4_MOST >> length)
    start = ipv6_number(head)
    if start is not None and length <= 128:
        hosts = V6_MOST >> length
        return v6(text, start & ~hosts, start | hosts)
    return None


def _network(text: str, start: int, hosts: int) -> Addresses:
    if hosts & (hosts + 1):
        return unknown(text)
    return v4(text, start & ~hosts, start | hosts)


def _subtracted(kept: Sequence[Range], removed: Sequence[Range], most: int) -> tuple[Range, ...]:
    return intersection(kept, complement(removed, most))


def intersection(one: Sequence[Range], other: Sequence[Range]) -> tuple[Range, ...]:
    """The numbers that are in both; both merged."""
    found: list[Range] = []
    here = there = 0
    while here < len(one) and there < len(other):
        first, last = max(one[here][0], other[there][0]), min(one[here][1], other[there][1])
        if first <= last:
            found.append((first, last))
        if one[here][1] < other[there][1]:
            here += 1
        else:
            there += 1
    return tuple(found)
