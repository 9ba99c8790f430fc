"""Read one nftables rule: what it matches, what it notes and what it decides."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from assessments.analysers.configurations import addresses, services
from assessments.analysers.configurations.dialects import nftables_values as values
from assessments.analysers.configurations.rules import (
    ANY_SERVICE,
    Action,
    Addresses,
    Family,
    Range,
    Service,
)

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
_TRANSPORTS: Final = frozenset(("tcp", "udp", "sctp", "dccp", "udplite", "th"))
_HEADERS: Final = frozenset(
    ("ether", "vlan", "arp", "ah", "esp", "rt", "socket", "comp", "frag", "hbh", "mh")
)
_STARTERS: Final = frozenset(
    (
        *(*_VERDICTS, *_INTERFACES, *_TRANSPORTS, *_HEADERS),
        *("meta", "ct", "ip", "ip6", "icmp", "icmpv6", "counter", "log", "comment", "limit", "fib", "quota"),
        "meter",
    )
)
_RATE_WORDS: Final = frozenset(
    ("rate", "over", "until", "burst", "packets", "bytes", "kbytes", "mbytes", "name")
)
_MOST_VERDICTS: Final = 1_000


@dataclass(slots=True)
class Match:
    """One rule while its words are being taken."""

    family: Family
    action: Action = "other"
    target: str = ""
    sources: Addresses | None = None
    destinations: Addresses | None = None
    interfaces_in: tuple[str, ...] = ()
    interfaces_out: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    ports: tuple[Range, ...] = ()
    source_ports: tuple[Range, ...] = ()
    port_text: str = ""
    services_known: bool = True
    states: tuple[str, ...] = ()
    conditions: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    logging: bool = False
    comment: str = ""
    hits: int | None = None

    def services(self) -> tuple[Service, ...]:
        protocols = self.protocols or ("any",)
        if not self.services_known:
            return (Service("any", text=" ".join([*protocols, self.port_text]).strip(), known=False),)
        if protocols == ("any",) and not self.ports and not self.source_ports:
            return (ANY_SERVICE,)
        return tuple(
            Service(one, self.ports, self.source_ports, f"{one} {self.port_text}".strip())
            for one in protocols
        )


class RuleWords:
    """The words of one rule with a place in them."""

    def __init__(self, words: list[str], family: Family, table: str, names: values.Names) -> None:
        self.words, self.at = words, 0
        self.table, self.names = table, names
        self.match = Match(family)
        self.deciding: tuple[list[str], dict[str, list[str]]] | None = None

    def read(self) -> list[Match]:
        """The rule, or several when a map of verdicts in braces says so."""
        while self.at < len(self.words):
            start = self.at
            word = self.words[self.at]
            self.at += 1
            _PARTS.get(word, _condition)(self, word)
            if self.at <= start:
                self.at = start + 1
        return [self.match] if self.deciding is None else self._by_verdict(*self.deciding)

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.words[at] if at < len(self.words) else ""

    def take(self) -> str:
        word = self.peek()
        self.at += 1
        return word

    def value(self) -> tuple[bool, list[str]]:
        """(negated, words) of the value that stands here: one word, words with commas, or a set in braces."""
        negated = self.peek() in ("!=", "!")
        if self.peek() in ("!=", "==", "!"):
            self.at += 1
        start = self.at
        if self.peek() == "{":
            depth = 0
            while self.at < len(self.words):
                depth += {"{": 1, "}": -1}.get(self.take(), 0)
                if not depth:
                    break
        else:
            self.at += 1
            while self.peek() == "," and self.peek(1):
                self.at += 2
        return negated, self.words[start : self.at]

    def elements(self, words: list[str]) -> list[str] | None:
        """The elements that the words of a value stand for; None when the file does not tell."""
        if words and words[0][:1] == "@":
            name = words[0][1:]
            self.match.references.append(name)
            known = self.names.sets.get((self.table, name))
            if known is None:
                return None
            known.uses += 1
            return known.elements
        expanded = self.names.expanded(words)
        return None if expanded is None else values.elements(expanded)

    def address(self, words: list[str]) -> Addresses:
        """The addresses of a value; a named set is resolved once for all the rules that use it."""
        text = spoken(words)
        found = self.elements(words)
        named = self.names.sets.get((self.table, words[0][1:])) if words and words[0][:1] == "@" else None
        if named is None:
            return values.address_set(text, found)
        if named.found_addresses is None:
            named.found_addresses = values.address_set(text, found)
        return named.found_addresses

    def selector(self, words: list[str], apply: Callable[["RuleWords", list[str], bool], None]) -> None:
        """Take the value of a selector, or note the map that decides by it."""
        if self.peek() == ".":
            self.concatenation(words)
        elif self.peek() == "vmap":
            self.at += 1
            self.verdict_map(words)
        else:
            negated, value = self.value()
            apply(self, value, negated)

    def concatenation(self, words: list[str]) -> None:
        """``ip saddr . tcp dport @pairs``: several selectors at once are a condition of their own."""
        start = self.at
        while self.peek() == ".":
            self.at += 3 if self.peek(1) in ("ip", "ip6", "meta", "ct", "ether", *_TRANSPORTS) else 2
        selectors = self.words[start : self.at]
        if self.peek() == "vmap":
            self.at += 1
            self.match.action = "other"
        negated, value = self.value()
        self.elements(value)
        said = " ".join([*words, *selectors, *(["!="] if negated else []), spoken(value)])
        self.match.conditions.append(said)

    def verdict_map(self, words: list[str]) -> None:
        """``ct state vmap { established : accept }`` is as many rules as there are verdicts."""
        _, value = self.value()
        by_verdict: dict[str, list[str]] = {}
        for element in _map_elements(value):
            if ":" in element:
                at = element.index(":")
                by_verdict.setdefault(" ".join(element[at + 1 :]), []).append(" ".join(element[:at]))
        if value[:1] != ["{"] or not by_verdict or len(by_verdict) > _MOST_VERDICTS or self.deciding:
            self.elements(value)
            self.match.conditions.append(" ".join([*words, "vmap", spoken(value)]))
        else:
            self.deciding = (words, by_verdict)

    def _by_verdict(self, words: list[str], by_verdict: dict[str, list[str]]) -> list[Match]:
        found = []
        for verdict, keys in by_verdict.items():
            line = [*words, "{", *_with_commas(keys), "}", *verdict.split()]
            one = RuleWords(line, self.match.family, self.table, self.names)
            one.match = replace(
                self.match, conditions=list(self.match.conditions), references=list(self.match.references)
            )
            found += one.read()
        return found


def spoken(words: list[str], most: int = 12) -> str:
    """A value as a person would write it; long sets are cut."""
    shown = words if len(words) <= most else [*words[:most], "…"]
    return " ".join(shown).replace(" ,", ",")


def _with_commas(keys: list[str]) -> list[str]:
    words: list[str] = []
    for key in keys:
        words += [*key.split(), ","]
    return words[:-1]


def _map_elements(words: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for word in words:
        if word in "{},":
            found.append([])
        elif word != ":" and word.endswith(":") and not word.endswith("::"):
            found[-1] += [word[:-1], ":"]
        else:
            found[-1].append(word)
    return [one for one in found if one]


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
        found = rule.elements(value)
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
        found = addresses.inverted(found, family=family)
    before = rule.match.sources if which == "saddr" else rule.match.destinations
    if before is not None:
        rule.match.conditions.append(f"{which} {found.text}")
    elif which == "saddr":
        rule.match.sources = found
    else:
        rule.match.destinations = found


def _protocol(rule: RuleWords, value: list[str], negated: bool) -> None:
    found = rule.elements(value)
    names = [services.protocol(one) for one in found or ()]
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
        found = values.port_set(rule.elements(value))
        text = f"{'!' if negated else ''}{spoken(value)}"
        rule.match.port_text = f"{rule.match.port_text} {text}".strip()
        if found is None:
            rule.match.services_known = False
            return
        ranges = services.inverted_ports(found) if negated else found
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
        found = rule.elements(value)
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
    **dict.fromkeys(_TRANSPORTS, _transport),
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
