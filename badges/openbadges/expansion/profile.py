"""What the contexts say about each member of each kind of object, asked of pyld once and kept as tables."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Final, NamedTuple

from pyld.jsonld import JsonLdError  # type: ignore[import-untyped]

from badges.openbadges import contexts
from badges.openbadges.processor import Processor, UnsafeDocument
from badges.openbadges.rdf import TYPE, XSD, NotRepresentable, iri_term

# An object of a badge has one or two types. Each new combination is remembered, up to so many.
MAX_TYPES = 4
MAX_ANSWERS = 5_000
# The lists of contexts that are compiled: what badges, endorsements and status lists are issued with.
CONTEXT_LISTS: Final = frozenset(
    {
        (contexts.CREDENTIALS,),
        contexts.ISSUED_WITH,
        (*contexts.ISSUED_WITH, contexts.OPEN_BADGES_EXTENSIONS),
    }
)
# Default language, direction, vocabulary and base would change the meaning of every member below them.
PLAIN_CONTEXT: Final = {"mappings", "previousContext", "processingMode", "@version", "_uuid"}
PLAIN_DEFINITION: Final = {
    "reverse", "protected", "_prefix", "_term_has_colon", "@id", "@type", "@context", "@container",
}  # fmt: skip
KEYWORDS: Final = {"id": "@id", "type": "@type"}

# The types of an object as its JSON has them: a text or a list of texts, or none.
Types = str | list[str] | None


class Outside(Exception):
    """The document has something that the profile does not know; the general path must decide."""


class Form(IntEnum):
    """How the scalar values of a member become RDF."""

    KEYWORD = 0  # id and type say what the object is; they are read with the object
    LITERAL = 1
    REFERENCE = 2  # "@type": "@id", a text is the IRI of a node
    TERM = 3  # "@type": "@vocab", a text is a term of the context
    LIST = 4  # "@container": "@list", the order of literals counts
    GRAPH = 5  # "@container": "@graph", each value is an object with a named graph of its own: proofs


class Member(NamedTuple):
    """One member: a value stands between `lead` (the predicate) and `tail` (datatype and full stop)."""

    form: Form
    lead: str
    tail: str
    datatype: str | None
    values: "Values"


class State(dict[str, Member]):
    """The members that an object may have under one active context; unknown ones raise `Outside`."""

    def __init__(self, profile: "Profile", active: Any, types: tuple[str, ...]) -> None:
        super().__init__()
        self.profile = profile
        self.active = active
        self.types = types  # what follows the subject in the statements on its types

    def __missing__(self, key: str) -> Member:
        self[key] = member = self.profile.member(self.active, key)
        return member


class Values:
    """The way from a member to the objects that are its values: their types say which state they are in."""

    def __init__(self, profile: "Profile", active: Any, term: str) -> None:
        self.profile = profile
        self.active = active
        self.term = term
        self.states: dict[Any, State] = {}
        self.references: State | None = None

    def of(self, types: Types) -> State:
        """The state of an object of these types; raises `Outside`."""
        key = tuple(types) if types.__class__ is list else types
        try:
            known = self.states.get(key)
        except TypeError as error:  # what is no text may have no hash either
            raise Outside("a type that is no text") from error
        if known is None:
            known = self.states[key] = self.profile.enter(self, types)
        return known

    def of_reference(self) -> State:
        """The state of an object with an id and nothing else; raises `Outside`."""
        if self.references is None:
            self.references = self.profile.enter(self, None, only_reference=True)
        return self.references

    def term_iri(self, text: str) -> str:
        """The IRI that a text stands for where terms are values; raises `Outside`."""
        return _iri(self.active, text)


class Profile:
    """All states that were asked for so far; pyld alone decides what a context means."""

    def __init__(self) -> None:
        self.processor = Processor(contexts.load)
        self.outermost: dict[tuple[str, ...], Values] = {}
        self.states: dict[tuple[int, tuple[str, ...]], State] = {}
        self.answers = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin anew; only hostile documents ask so many questions."""
        return self.answers >= MAX_ANSWERS

    def of_contexts(self, addresses: tuple[str, ...]) -> Values:
        """Where a document with this list of contexts begins; raises `Outside`."""
        if addresses not in self.outermost:
            if addresses not in CONTEXT_LISTS:
                raise Outside("contexts that are not compiled")
            active = _plain(self.processor.outermost(addresses))
            self.outermost[addresses] = Values(self, active, "")
        return self.outermost[addresses]

    def enter(self, values: Values, types: Types, *, only_reference: bool = False) -> State:
        """The state within an object (JSON-LD 1.1 API §5.1.2, steps 7 to 11); raises `Outside`."""
        named = _names(types)
        try:
            before = self.processor.of_object(values.active, values.term, only_reference=only_reference)
            active = self.processor.of_types(_plain(before), named)
        except (JsonLdError, UnsafeDocument) as error:
            raise Outside(str(error)) from error
        # Types keep their meaning from before the contexts that they bring along (step 13.4.4).
        lines = tuple(f" {TYPE} {_iri(before, name)} .\n" for name in named)
        self.answers += 1
        key = (id(_plain(active)), lines)  # the state holds `active`, so its id is not given to another
        return self.states.setdefault(key, State(self, active, lines))

    def member(self, active: Any, key: str) -> Member:
        """What the active context says about one member; raises `Outside`."""
        definition = active["mappings"].get(key)
        if key in KEYWORDS:
            return Member(Form.KEYWORD, "", "", None, Values(self, active, key))
        if not isinstance(definition, Mapping) or ":" in key or key.startswith("@"):
            raise Outside("a member without definition")
        if definition["reverse"] or not definition.keys() <= PLAIN_DEFINITION:
            raise Outside("a member that is not defined plainly")
        lead = f" {_term(definition['@id'])} "
        try:
            within = _plain(self.processor.of_member(active, key))
        except (JsonLdError, UnsafeDocument) as error:
            raise Outside(str(error)) from error
        form, datatype = _form(within["mappings"].get(key) or {}, definition.get("@container") or ())
        suffix = f"^^{_term(datatype)}" if datatype not in (None, XSD + "string") else ""
        return Member(form, lead, f"{suffix} .\n", datatype, Values(self, within, key))


def _plain(active: Any) -> Any:
    """`active` when ids, types and values are read in it as in the contexts of badges; raises `Outside`."""
    if not active.keys() <= PLAIN_CONTEXT:
        raise Outside("a context with defaults of its own")
    keywords = {}
    for term, definition in active["mappings"].items():
        if definition is None:
            continue
        if definition["_prefix"]:  # an id could then be short for another
            raise Outside("a context with prefixes")
        if str(definition["@id"]).startswith("@"):
            keywords[term] = definition["@id"]
        if definition.get("@context") is False:
            raise Outside("a context that ends others")
    if keywords != KEYWORDS:
        raise Outside("a context with other names for keywords")
    return active


def _names(types: Any) -> list[str]:
    named = [types] if isinstance(types, str) else [] if types is None else types
    if not isinstance(named, (list, tuple)) or not all(isinstance(name, str) for name in named):
        raise Outside("a type that is no text")
    if len(named) > MAX_TYPES or (types is not None and not named):
        raise Outside("more types than badges have, or none")
    return list(named)


def _form(definition: Mapping[str, Any], container: Any) -> tuple[Form, str | None]:
    """How values are read: by the coercion and container of the member's definition (§5.1.2, step 13.5)."""
    coercion = definition.get("@type")
    containers = {container} if isinstance(container, str) else set(container)
    if containers == {"@graph"} and coercion == "@id":
        return Form.GRAPH, None
    if not containers <= {"@set", "@list"} or coercion in ("@json", "@none", XSD + "double"):
        raise Outside("a kind of value that badges do not have")
    if "@list" in containers:
        if coercion in ("@id", "@vocab"):
            raise Outside("a list of references")
        return Form.LIST, coercion
    if coercion == "@id":
        return Form.REFERENCE, None
    return (Form.TERM, None) if coercion == "@vocab" else (Form.LITERAL, coercion)


def _iri(active: Any, name: str) -> str:
    """The IRI of a term of the context, as an N-Quads term; raises `Outside`."""
    definition = active["mappings"].get(name)
    if not isinstance(definition, Mapping) or name in KEYWORDS:
        raise Outside("a term without definition")
    return _term(definition["@id"])


def _term(iri: Any) -> str:
    try:
        return iri_term(iri)
    except NotRepresentable as error:
        raise Outside(str(error)) from error
