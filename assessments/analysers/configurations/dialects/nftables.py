"""Read what ``nft list ruleset`` prints, or what a person writes for ``nft -f``."""

from typing import Final, Literal

from assessments.analysers.configurations import addresses, lines
from assessments.analysers.configurations.dialects.nftables_matches import Match
from assessments.analysers.configurations.dialects.nftables_rules import matches
from assessments.analysers.configurations.dialects.nftables_values import NamedSet, Names, elements
from assessments.analysers.configurations.dialects.nftables_words import Block, Cutter, Statement
from assessments.analysers.configurations.rules import (
    Action,
    Direction,
    Family,
    NamedObject,
    Rule,
    Ruleset,
    Scope,
)

_FAMILIES: Final[dict[str, Family]] = {"ip": "ipv4", "ip6": "ipv6", "inet": "any"}
_TABLE_FAMILIES: Final = frozenset((*_FAMILIES, "arp", "bridge", "netdev"))
_DIRECTIONS: Final[dict[str, Direction]] = {"input": "in", "output": "out", "forward": "forward"}
_QUIET: Final = frozenset(("flush", "delete", "destroy", "list", "reset"))
_VERBS: Final = frozenset(("add", "create", "insert"))


class Chain:
    """What is known of a chain while its rules are being read."""

    def __init__(self, scope: str, family: Family, table_family: str, line: int) -> None:
        self.scope, self.family, self.table_family = scope, family, table_family
        self.line = self.last_line = line
        self.kind = self.hook = ""
        self.policy: Action | None = None
        self.policy_line: int | None = None
        self.order = 0
        self.uses = 0

    def scope_of(self) -> Scope:
        base = bool(self.hook)
        return Scope(
            self.scope,
            (self.policy or "accept") if base else "none",
            default_line=self.policy_line if base else None,
            implicit=self.policy is None or not base,
            family=self.family,
            direction=_DIRECTIONS.get(self.hook, ""),
            filters=self.kind in ("filter", "") and self.table_family in _FAMILIES,
            applied=base or bool(self.uses),
        )


def read(text: str, dialect: str) -> Ruleset:
    """The rules of every table of the text form."""
    reader = Reader(dialect)
    rows = lines.split_lines(text, reader.unread)
    reader.take(Cutter(reader.unread).cut("\n".join(rows)))
    return reader.ruleset(lines.count_lines(text))


class Reader:
    """Collects chains, sets and rules from blocks and commands."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.unread = lines.UnreadLines()
        self.names = Names()
        self.chains: dict[tuple[str, str], Chain] = {}
        self.rules: list[Rule] = []
        self.waiting: list[tuple[str, str, Statement]] = []
        self.full = False

    def take(self, root: Block) -> None:
        """Read the tree: names first, since a rule may stand before the set that it uses."""
        parts: list[Statement | Block] = [*root.statements, *root.blocks]
        for one in sorted(parts, key=lambda one: one.first_line):
            if isinstance(one, Statement):
                self._command(one)
            else:
                self._top_block(one)
        # Stable, so that rules of one line keep their order.
        self.waiting.sort(key=lambda waiting: waiting[2].first_line)
        for table, chain, statement in self.waiting:
            self._rule(table, chain, statement)

    def ruleset(self, count: int) -> Ruleset:
        scopes = tuple(chain.scope_of() for chain in self.chains.values())
        if self.names.limit_reached:
            self.unread.limit(1, 1, "define")
        ipv6, line = self._ipv6()
        user_chains = tuple(
            NamedObject("list", chain.scope, chain.line, chain.last_line, chain.uses)
            for chain in self.chains.values()
            if not chain.hook
        )
        return Ruleset(
            self.dialect,
            "",
            count,
            scopes,
            tuple(self.rules),
            self.names.objects() + user_chains,
            unread=self.unread.as_tuple(),
            ipv6=ipv6,
            ipv6_line=line,
        )

    def _command(self, statement: Statement) -> None:
        words = statement.words[1:] if statement.words[0] == "nft" else statement.words
        if not words or words[0] in _QUIET:
            return
        if words[0] in ("define", "redefine") and len(words) > 3 and words[2] == "=":
            value = self.names.expanded(words[3:])
            if value is None:
                self.unread.bad_value(statement.first_line, "define", last_line=statement.last_line)
            else:
                self.names.defines[words[1]] = value
            return
        rest = words[1:] if words[0] in _VERBS else words
        known = self._object_command(words[0], rest, statement) if rest else False
        if not known:
            self.unread.unknown(statement.first_line, words[0], last_line=statement.last_line)

    def _object_command(self, verb: str, rest: list[str], statement: Statement) -> bool:
        """``add rule inet filter input tcp dport 22 accept`` and the like, a line each."""
        kind, place = rest[0], rest[1:]
        if place and place[0] not in _TABLE_FAMILIES:
            place = ["ip", *place]
        if kind == "table":
            return len(place) >= 2
        table = " ".join(place[:2])
        if kind == "rule" and len(place) > 3 and verb != "insert":
            self.waiting.append(
                (table, place[2], Statement(place[3:], statement.first_line, statement.last_line))
            )
            return True
        if kind == "chain" and len(place) >= 3:
            chain = self.chain(table, place[2], statement.first_line)
            if place[3:4] == ["{"]:
                self._chain_words(chain, place[4:], statement.first_line)
            return True
        if kind == "element" and len(place) > 3:
            known = self.names.sets.get((table, place[2]))
            if known and known.elements is not None:
                known.elements += elements(self.names.expanded(place[3:]) or ())
            return known is not None
        return False

    def _top_block(self, block: Block) -> None:
        header = block.header[1:] if block.header[0] in _VERBS else block.header
        kind, place = header[0], header[1:]
        if place and place[0] not in _TABLE_FAMILIES:
            place = ["ip", *place]
        table = " ".join(place[:2])
        if kind == "table" and len(place) == 2:
            self._table(table, block)
        elif kind in ("chain", "set", "map") and len(place) == 3:
            block.header = [kind, place[2]]
            self._inner_block(table, block)
        else:
            self.unread.unknown(block.first_line, kind, last_line=block.last_line)

    def _table(self, table: str, block: Block) -> None:
        for statement in block.statements:
            if statement.words[0] in ("define", "redefine"):
                self._command(statement)
            elif statement.words[0] not in ("flags", "comment"):
                self.unread.unknown(statement.first_line, statement.words[0], last_line=statement.last_line)
        for inner in block.blocks:
            self._inner_block(table, inner)

    def _inner_block(self, table: str, block: Block) -> None:
        kind, name = block.header[0], " ".join(block.header[1:2])
        if kind == "chain" and name:
            self._chain(table, name, block)
        elif kind in ("set", "map") and name:
            self._set(table, name, block)
        elif kind not in ("counter", "quota", "limit", "flowtable", "ct", "synproxy", "secmark"):
            self.unread.unknown(block.first_line, kind, last_line=block.last_line)

    def _set(self, table: str, name: str, block: Block) -> None:
        found: list[str] | None = None
        changing = False
        for statement in block.statements:
            words = statement.words
            if words[:2] == ["elements", "="]:
                found = elements(self.names.expanded(words[2:]) or ["$"])
            elif words[0] == "timeout" or (words[0] == "flags" and "dynamic" in words):
                changing = True
        self.names.sets[table, name] = NamedSet(
            name, block.first_line, block.last_line, None if changing else found
        )

    def chain(self, table: str, name: str, line: int) -> Chain:
        """The chain of that name, made when it is met for the first time."""
        key = (table, name)
        if key not in self.chains:
            family = table.partition(" ")[0]
            self.chains[key] = Chain(f"{table} {name}", _FAMILIES.get(family, "any"), family, line)
        return self.chains[key]

    def _chain(self, table: str, name: str, block: Block) -> None:
        chain = self.chain(table, name, block.first_line)
        chain.last_line = block.last_line
        for statement in block.statements:
            words = statement.words
            if words[0] in ("type", "policy"):
                self._chain_words(chain, words, statement.first_line)
            elif words[0] == "define":
                self._command(statement)
            elif words[0] != "comment":
                self.waiting.append((table, name, statement))
        for inner in block.blocks:
            self.unread.unknown(inner.first_line, inner.header[0], last_line=inner.last_line)

    def _chain_words(self, chain: Chain, words: list[str], line: int) -> None:
        for at, word in enumerate(words[:-1]):
            if word == "type":
                chain.kind = words[at + 1]
            elif word == "hook":
                chain.hook = words[at + 1]
            elif word == "policy":
                chain.policy = "drop" if words[at + 1] == "drop" else "accept"
                chain.policy_line = line

    def _rule(self, table: str, name: str, statement: Statement) -> None:
        if len(self.rules) >= lines.MAX_RULES:
            if not self.full:
                self.unread.limit(statement.first_line, statement.last_line, "rule")
            self.full = True
            return
        chain = self.chain(table, name, statement.first_line)
        family = _FAMILIES.get(table.partition(" ")[0], "any")
        for match in matches(statement.words, family, table, self.names):
            self._add(table, chain, match, statement)

    def _add(self, table: str, chain: Chain, match: Match, statement: Statement) -> None:
        chain.order += 1
        if match.action == "jump":
            self.chain(table, match.target, statement.first_line).uses += 1
        self.rules.append(
            Rule(
                len(self.rules) + 1,
                chain.scope,
                chain.order,
                match.action,
                statement.first_line,
                statement.last_line,
                target=match.target,
                family=match.family,
                direction=_DIRECTIONS.get(chain.hook, ""),
                interfaces_in=match.interfaces_in,
                interfaces_out=match.interfaces_out,
                sources=match.sources or addresses.any_of(match.family),
                destinations=match.destinations or addresses.any_of(match.family),
                services=match.services(),
                states=match.states,
                conditions=tuple(match.conditions),
                references=tuple(match.references),
                logging=match.logging,
                comment=match.comment,
                hits=match.hits,
            )
        )

    def _ipv6(self) -> tuple[Literal["filtered", "open", "unseen"], int | None]:
        """IPv6 passes unfiltered when only tables of the family ``ip`` filter what comes in."""
        entries = [chain for chain in self.chains.values() if chain.hook in ("input", "forward")]
        filtering = [chain for chain in entries if chain.scope_of().filters]
        v6 = [chain for chain in filtering if chain.family in ("ipv6", "any")]
        if v6:
            return "filtered", v6[0].line
        return ("open", filtering[0].line) if filtering else ("unseen", None)
