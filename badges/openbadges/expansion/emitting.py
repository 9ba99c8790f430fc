"""Reads a document along the compiled tables, straight into the lines of its canonical N-Quads."""

from collections.abc import Sequence
from json.encoder import encode_basestring
from operator import eq
from typing import Any

from badges.openbadges.expansion.labelling import Blank, Statements
from badges.openbadges.expansion.profile import Form, Member, Outside, Profile, Values
from badges.openbadges.expansion.repeats import Repeats
from badges.openbadges.rdf import ABSOLUTE_IRI, FIRST, NIL, REST, NotRepresentable, literal

# Well within the limits of the general path (badges.openbadges.linked_data), which counts more exactly: each
# value of a document has its line, the object or array around it adds one each.
MAX_LINES = 1_900
MAX_CHARACTERS = 900_000
MAX_NESTED = 14
# What a cohort's badges have in common are the issuer and the achievement, one and two levels down.
MAX_REPEATED = 2

KEYWORD, LITERAL, TERM, LIST, GRAPH = Form.KEYWORD, Form.LITERAL, Form.TERM, Form.LIST, Form.GRAPH
SCALARS = frozenset({str, bool, int, float})
is_absolute = ABSOLUTE_IRI.match


class _Current:
    """The tables in use, begun anew when they are full."""

    profile = Profile()


def form_of(document: dict[str, Any], repeats: Repeats | None = None) -> bytes | None:
    """The canonical N-Quads of a document within the profile, in UTF-8; else None."""
    named = document.get("@context")
    if not isinstance(named, list) or not all(isinstance(address, str) for address in named):
        return None
    if _Current.profile.is_full:
        _Current.profile = Profile()
    outermost = {key: value for key, value in document.items() if key != "@context"}
    emitter = Emitter(repeats)
    try:
        emitter.node(outermost, _Current.profile.of_contexts(tuple(named)), 0)
        return emitter.finish()
    except (Outside, UnicodeEncodeError):  # half of a surrogate pair has no UTF-8
        return None


class Emitter:
    """Gathers the statements of one document."""

    def __init__(self, repeats: Repeats | None = None) -> None:
        self.said = Statements()
        self.repeats = repeats
        self.graph: Blank | None = None  # the named graph that the walk is in

    def finish(self) -> bytes:
        """All that was said, as canonical N-Quads in UTF-8; raises `Outside`."""
        if self.said.size() > MAX_LINES:
            raise Outside("more than a badge says")
        lines = self.said.labelled()
        if not lines:
            raise Outside("nothing is said")
        # Python compares strings by code point, as RDFC-1.0 asks (§4.4.3, step 7).
        lines.sort()
        if any(map(eq, lines, lines[1:])):  # said twice, as a dataset says nothing
            lines = sorted(set(lines))
        text = "".join(lines)
        if len(text) > MAX_CHARACTERS or "\x7f" in text:
            raise Outside("DEL, or more text than a badge has")
        return text.encode("utf-8")

    def node(self, item: dict[str, Any], values: Values, depth: int) -> str | Blank:
        """Says what an object says, and returns its name: its IRI as N-Quads term, or a blank node.

        Expansion (JSON-LD 1.1 API §5.1.2) and conversion to RDF (§7) in one walk; raises `Outside`.
        """
        iri, types = item.get("id"), item.get("type")
        name: str | Blank
        if iri is None:
            name, subject = self.said.blank(self.graph), ""
            lines = name.own
        elif iri.__class__ is str and is_absolute(iri):
            name = subject = f"<{iri}>"
            lines = self.said.lines if self.graph is None else self.graph.inside
        else:
            raise Outside("an id that is no IRI")
        if depth > MAX_NESTED or not item:
            raise Outside("an object that is too deep or says nothing")
        only_reference = len(item) == 1 and iri is not None
        state = values.of_reference() if only_reference else values.of(types)
        for statement in state.types:
            lines.append(subject + statement)
        for key, value in item.items():
            member = state[key]
            form, lead, tail, _, _ = member
            if form is LITERAL and value.__class__ is str:
                quoted = encode_basestring(value)
                # JSON escapes as canonical N-Quads do (RDFC-1.0 §5), but for the rarer controls and DEL.
                if "\\u" in quoted:
                    raise Outside("a control character")
                lines.append(f"{subject}{lead}{quoted}{tail}")
            elif form is not KEYWORD:
                for one in (value,) if form is LIST else _several(value):
                    self.link(name, lines, lead, self.term(member, one, depth))
            elif value is None:
                raise Outside("null")
        return name

    def term(self, member: Member, value: Any, depth: int) -> str | Blank:
        """One value of a member as N-Quads term or blank node; raises `Outside`."""
        form, _, _, datatype, values = member
        if form is LIST:
            return self.chain(value if value.__class__ is list else [value], datatype)
        if form is GRAPH:
            return self.named_graph(value, values, depth)
        if value.__class__ is dict:
            return self.repeated(value, values, depth + 1)
        if form is LITERAL:
            return _literal(value, datatype)
        if value.__class__ is str and form is TERM:
            return values.term_iri(value)
        if value.__class__ is str and is_absolute(value):
            return f"<{value}>"
        raise Outside("a reference that is no IRI")

    def repeated(self, item: dict[str, Any], values: Values, depth: int) -> str | Blank:
        """As `node`; what other documents may say too is kept from the first one that says it."""
        repeats = self.repeats
        if repeats is None or depth > MAX_REPEATED or self.graph is not None or "id" not in item:
            return self.node(item, values, depth)
        kept = repeats.find(item, values, depth)
        if kept is None and not repeats.is_open(values, depth):
            return self.node(item, values, depth)
        if kept is None:
            emitter = Emitter(repeats)
            name = emitter.node(item, values, depth)
            kept = repeats.keep(item, values, depth, name, emitter.said)
        self.said.lines += kept.said.lines
        self.said.blanks += kept.said.blanks
        return kept.name

    def named_graph(self, value: Any, values: Values, depth: int) -> Blank:
        """A blank node that names the graph in which the statements of an object are (§5.1.2, step 13.12)."""
        if value.__class__ is not dict or self.graph is not None:
            raise Outside("a graph of something else than an object, or within another")
        graph = self.graph = self.said.blank()
        self.node(value, values, depth + 1)
        self.graph = None
        if not (graph.inside or graph.members):
            raise Outside("a graph in which nothing is said")
        return graph

    def chain(self, values: list[Any], datatype: str | None) -> str | Blank:
        """The literals of a list in their order, each in a cell of its own (§7.2, list conversion)."""
        if not values:
            raise Outside("an empty list")
        head: str | Blank = NIL
        for value in reversed(values):
            cell = self.said.blank(self.graph)
            cell.own.append(f" {FIRST} {_literal(value, datatype)} .\n")
            self.link(cell, cell.own, f" {REST} ", head)
            head = cell
        return head

    def link(self, name: str | Blank, lines: list[str], lead: str, term: str | Blank) -> None:
        """Says that `lead` goes from `name` to `term`."""
        if isinstance(term, Blank):
            term.parent, term.lead = name, lead
            if isinstance(name, Blank):
                name.children.append(lead)
        else:
            lines.append(f"{name if name.__class__ is str else ''}{lead}{term} .\n")


def _several(value: Any) -> Sequence[Any]:
    """The values that a member has, one or an array of them."""
    if value.__class__ is not list:
        return (value,)
    if not value:
        raise Outside("an empty array")
    return value  # type: ignore[no-any-return]


def _literal(value: Any, datatype: str | None) -> str:
    if value.__class__ not in SCALARS:
        raise Outside("a value that is no text, number or truth value")
    try:
        return literal({"@value": value} if datatype is None else {"@value": value, "@type": datatype})
    except NotRepresentable as error:
        raise Outside(str(error)) from error
