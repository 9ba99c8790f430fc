"""Read one nftables rule: what it matches, what it notes and what it decides."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from assessments.analysers.configurations import addresses, protocols
from assessments.analysers.configurations.dialects import nftables_values as values
from assessments.analysers.configurations.dialects.nftables_matches import (
    TRANSPORTS,
    Match,
    RuleWords,
    spoken,
)
from assessments.analysers.configurations.rules import Action, Family

_VERDICTS: Final[dict[str, Action]] = {
    "accept": "accept",
    "drop": "drop",
    "reject": "reject",
    "return": "return",
    "continue": "other",
    "queue": "other",
    "jump": "jump",
    "goto": "jump",
    "dnat": "nat",
    "snat": "nat",
    "masquerade": "nat",
    "redirect": "nat",
    "notrack": "other",
    "flow": "other",
    "add": "other",
    "update": "other",
    "delete": "other",
    "dup": "other",
    "fwd": "other",
    "tproxy": "other",
    "synproxy": "other",
}
_INTERFACES: Final = {"iif": "in", "iifname": "in", "oif": "out", "oifname": "out"}
_HEADERS: Final = frozenset(
    ("ether", "vlan", "arp", "ah", "esp", "rt", "socket", "comp", "frag", "hbh", "mh")
)
_STARTERS: Final = frozenset(
    (
        *(*_VERDICTS, *_INTERFACES, *TRANSPORTS, *_HEADERS),
        *("meta", "ct", "ip", "ip6", "icmp", "icmpv6", "counter", "log", "comment", "limit", "fib", "quota"),
        "meter",
    )
)
_RATE_WORDS: Final = frozenset(
    ("rate", "over", "until", "burst", "packets", "bytes", "kbytes", "mbytes", "name")
)


def matches(words: list[str], family: Family, table: str, names: values.Names) -> list[Match]:
    """What a rule says, once for each verdict when a map of verdicts in braces decides."""
    return _taken(RuleWords(words, family, table, names))


def _taken(rule: RuleWords) -> list[Match]:
    while rule.at < len(rule.words):
        start = rule.at
        word = rule.take()
        _PARTS.get(word, _condition)(rule, word)
        rule.at = max(rule.at, start + 1)
    return [rule.match] if rule.deciding is None else _by_verdict(rule, *rule.deciding)


def _by_verdict(rule: RuleWords, words: list[str], by_verdict: dict[str, list[str]]) -> list[Match]:
    found = []
    for verdict, keys in by_verdict.items():
        line = [*words, "{", *_with_commas(keys), "}", *verdict.split()]
        one = RuleWords(line, rule.match.family, rule.table, rule.names)
        one.match = replace(
            rule.match, conditions=list(rule.match.conditions), references=list(rule.match.references)
        )
        found += _taken(one)
    return found


def _with_commas(keys: list[str]) -> list[str]:
    words: list[str] = []
    for key in keys:
        words += [*key.split(), ","]
    return words[:-1]


def _condition(rule: RuleWords, word: str) -> None:
    """Words without a place in the model, up to the next known start, narrow the rule as a condition."""
    start = rule.at - 1
    depth = 1 if word == "{" else 0
    while rule.at < len(rule.words) and (depth or rule.peek() not in _STARTERS):
        depth += {"{": 1, "}": -1}.get(rule.take(), 0)
    rule.match.conditions.append(spoken(rule.words[start : rule.at]))


def _rate(rule: RuleWords, word: str) -> None:
    """``limit rate over 10/second burst 5 packets`` or ``quota 10 mbytes``."""
    start = rule.at - 1
    while rule.peek() in _RATE_WORDS or rule.peek()[:1].isdigit() or rule.peek().startswith("/"):
        rule.at += 2 if rule.peek() == "name" else 1
    rule.match.conditions.append(spoken(rule.words[start : rule.at]))


def _fib(rule: RuleWords, word: str) -> None:
    """``fib saddr . iif oif missing`` looks the packet up in the routing table."""
    start = rule.at - 1
    rule.at += 1
    while rule.peek() == ".":
        rule.at += 2
    rule.at += 1
    rule.value()
    rule.match.conditions.append(spoken(rule.words[start : rule.at]))


def _header(rule: RuleWords, word: str) -> None:
    """A field of a header that the model does not hold."""
    which = rule.take()
    _compared(rule, [word, which])


def _compared(rule: RuleWords, words: list[str]) -> None:
    """Take operator and value of a field and keep all of it as a condition."""
    negated, value = rule.value()
    rule.match.conditions.append(" ".join([*words, *(["!="] if negated else []), spoken(value)]))


def _interface(rule: RuleWords, word: str) -> None:
    def apply(rule: RuleWords, value: list[str], negated: bool) -> None:
        found = rule.few_elements(value)
        if found is None:
            rule.match.conditions.append(f"{word} {spoken(value)}")
            return
        if negated and len(found) > 1:
            rule.match.conditions.append(f"{word} != {spoken(value)}")
            return
        named = tuple(f"!{one}" if negated else one.replace("*", "+") for one in found if one != "*")
        if _INTERFACES[word] == "in":
            rule.match.interfaces_in = named
        else:
            rule.match.interfaces_out = named

    rule.selector([word], apply)


def _ip(rule: RuleWords, word: str) -> None:
    family: Family = "ipv4" if word == "ip" else "ipv6"
    which = rule.take()
    rule.match.family = family
    if which in ("saddr", "daddr"):

        def apply(rule: RuleWords, value: list[str], negated: bool) -> None:
            _set_addresses(rule, family, which, value, negated)

        rule.selector([word, which], apply)
    elif which in ("protocol", "nexthdr"):
        rule.selector([word, which], _protocol)
    else:
        _compared(rule, [word, which])


def _set_addresses(rule: RuleWords, family: Family, which: str, value: list[str], negated: bool) -> None:
    found = addresses.of_family(rule.address(value), family)
    if negated:
        found = rule.inverted(found, value, family)
    before = rule.match.sources if which == "saddr" else rule.match.destinations
    if before is not None:
        rule.match.conditions.append(f"{which} {found.text}")
    elif which == "saddr":
        rule.match.sources = found
    else:
        rule.match.destinations = found


def _protocol(rule: RuleWords, value: list[str], negated: bool) -> None:
    found = rule.few_elements(value)
    names = [protocols.protocol(one) for one in found or ()]
    known = tuple(name for name in names if name)
    if negated or not known or len(known) != len(names):
        rule.match.services_known = False
        rule.match.port_text = f"{'!' if negated else ''}{spoken(value)}"
    else:
        rule.match.protocols = known


def _transport(rule: RuleWords, word: str) -> None:
    which = rule.take()
    if word != "th":
        rule.match.protocols = (word,)
    if which == "flags":
        # ``tcp flags & (syn | ack) == syn``
        start = rule.at - 2
        while rule.at < len(rule.words) and rule.peek() not in _STARTERS:
            rule.at += 1
        rule.match.conditions.append(spoken(rule.words[start : rule.at]))
        return
    if which not in ("dport", "sport"):
        _compared(rule, [word, which])
        return

    def apply(rule: RuleWords, value: list[str], negated: bool) -> None:
        found = rule.ports(value)
        text = f"{'!' if negated else ''}{spoken(value)}"
        rule.match.port_text = f"{rule.match.port_text} {text}".strip()
        if found is None:
            rule.match.services_known = False
            return
        ranges = protocols.inverted_ports(found) if negated else found
        if which == "dport":
            rule.match.ports = ranges
        else:
            rule.match.source_ports = ranges

    rule.selector([word, which], apply)


def _icmp(rule: RuleWords, word: str) -> None:
    rule.match.protocols = ("icmp",) if word == "icmp" else ("ipv6-icmp",)
    rule.match.family = "ipv4" if word == "icmp" else "ipv6"
    which = rule.take()
    _compared(rule, [word, which])


def _connection(rule: RuleWords, word: str) -> None:
    which = rule.take()
    if rule.peek() == "set":
        rule.at += 1
        rule.value()
        return
    if which != "state":
        _compared(rule, [word, which])
        return

    def apply(rule: RuleWords, value: list[str], negated: bool) -> None:
        found = rule.few_elements(value)
        if negated or not found:
            rule.match.conditions.append(f"ct state {'!= ' if negated else ''}{spoken(value)}")
        else:
            rule.match.states = tuple(sorted(found))

    rule.selector([word, which], apply)


def _meta(rule: RuleWords, word: str) -> None:
    which = rule.take()
    if which in _INTERFACES:
        _interface(rule, which)
    elif rule.peek() == "set":
        rule.at += 1
        rule.value()
    elif which == "l4proto":
        rule.selector([word, which], _protocol)
    elif which in ("nfproto", "protocol") and rule.peek() in ("ipv4", "ip", "ipv6", "ip6"):
        rule.match.family = "ipv4" if rule.take() in ("ipv4", "ip") else "ipv6"
    else:
        _compared(rule, [word, which])


def _counter(rule: RuleWords, _word: str) -> None:
    if rule.peek() == "name":
        rule.at += 2
        return
    while rule.peek() in ("packets", "bytes"):
        which, number = rule.take(), rule.take()
        if which == "packets" and number.isascii() and number.isdigit():
            rule.match.hits = int(number[:18])


def _log(rule: RuleWords, _word: str) -> None:
    rule.match.logging = True
    if rule.match.action == "other" and not rule.match.target:
        rule.match.action = "log"
    while rule.peek() in ("prefix", "level", "group", "snaplen", "queue-threshold", "flags"):
        if rule.take() == "flags" and rule.peek() in ("tcp", "ip"):
            rule.at += 1
        rule.value()


def _comment(rule: RuleWords, _word: str) -> None:
    rule.match.comment = rule.take()


def _verdict(rule: RuleWords, word: str) -> None:
    rule.match.action = _VERDICTS[word]
    rule.match.target = word
    if word in ("jump", "goto"):
        rule.match.target = rule.take()
        return
    start, depth = rule.at, 0
    while rule.at < len(rule.words) and (depth or rule.peek() not in ("comment", "counter", *_VERDICTS)):
        depth += {"{": 1, "}": -1}.get(rule.take(), 0)
    if "limit" in rule.words[start : rule.at]:
        rule.match.conditions.append(spoken(rule.words[start : rule.at]))


_PARTS: Final[dict[str, Callable[[RuleWords, str], None]]] = {
    **dict.fromkeys(_VERDICTS, _verdict),
    **dict.fromkeys(_INTERFACES, _interface),
    **dict.fromkeys(TRANSPORTS, _transport),
    **dict.fromkeys(_HEADERS, _header),
    "ip": _ip,
    "ip6": _ip,
    "icmp": _icmp,
    "icmpv6": _icmp,
    "ct": _connection,
    "meta": _meta,
    "counter": _counter,
    "log": _log,
    "comment": _comment,
    "limit": _rate,
    "quota": _rate,
    "fib": _fib,
}
