"""Canonicalises JSON-LD with bundled contexts, and raises where JSON-LD would drop something."""

import re
from typing import Any

from pyld.jsonld import JsonLdError  # type: ignore[import-untyped]

from badges.openbadges import contexts, expansion
from badges.openbadges.canonical import TooComplex, canonicalise
from badges.openbadges.expansion import Repeats
from badges.openbadges.parsing import MAX_DEPTH, walk
from badges.openbadges.processor import Loader, Processor, UnsafeDocument
from badges.openbadges.rdf import NotRepresentable, QuadMaker

MAX_OBJECTS = 2_000
MAX_VALUES = 10_000
MAX_CHARACTERS = 1024 * 1024
# Each context and each type of an object is looked up anew: thousands of them cost seconds.
MAX_CONTEXTS = 20
MAX_TYPES = 50
VALUE_KEYWORDS = {"@value", "@type", "@language"}
SURROGATE = re.compile("[\ud800-\udfff]")


class PathsDiffer(RuntimeError):
    """The compiled and the general path disagree on a document: neither is trusted until it is known why."""


_default = Processor(contexts.load)


def canonical_form(
    document: dict[str, Any], loader: Loader = contexts.load, repeats: Repeats | None = None
) -> bytes:
    """The canonical N-Quads of a document whose contexts are all bundled, in UTF-8.

    Everyday badges take the compiled path (see `expansion`), everything else the general one; both give the
    same text. Raises `contexts.UnknownContext`, `UnsafeDocument` or `canonical.TooComplex`; never answers
    for a part.
    """
    form = expansion.form_of(document, repeats) if loader is contexts.load else None
    return general_form(document, loader) if form is None else form


def general_form(document: dict[str, Any], loader: Loader = contexts.load) -> bytes:
    """As `canonical_form`, by pyld's expansion and the whole of RDFC-1.0."""
    inspect(document, loader)
    processor = _default if loader is contexts.load else Processor(loader)
    try:
        quads = QuadMaker().add(processor.expand_document(document))
    except JsonLdError as error:
        raise UnsafeDocument(str(error.args[0])[:300]) from error
    except NotRepresentable as error:
        raise UnsafeDocument(str(error)) from error
    if not quads:
        raise UnsafeDocument("the document says nothing")
    return canonicalise(quads).encode("utf-8")


def inspect(document: dict[str, Any], loader: Loader = contexts.load) -> None:
    """Refuses, by one look at each value, what is too large, ambiguous or of unknown contexts"""
    _inspect(document)
    _check_contexts(document, loader)


def compare_paths(document: dict[str, Any], repeats: Repeats | None = None) -> None:
    """Raises `PathsDiffer` when the compiled path gives a document another form than the general one does."""
    form = expansion.form_of(document, repeats)
    if form is not None and form != general_form(document):
        raise PathsDiffer("the compiled canonical form is not that of the general algorithms")


def _check_contexts(document: dict[str, Any], loader: Loader) -> None:
    named = document.get("@context")
    if isinstance(named, list) and len(named) > MAX_CONTEXTS:
        raise TooComplex(f"more than {MAX_CONTEXTS} contexts")
    for entry in named if isinstance(named, list) else [named]:
        if not isinstance(entry, str):
            raise UnsafeDocument("every @context must be the address of a known context")
        if loader is not contexts.load or entry not in contexts.BUNDLED:
            loader(entry, None)


def _inspect(document: dict[str, Any]) -> None:
    """Caps the work, and refuses what JSON-LD processors drop or read differently."""
    objects = characters = 0
    for values, (item, depth) in enumerate(walk(document), start=1):
        if isinstance(item, dict):
            objects += 1
            _inspect_object(item, outermost=item is document)
        elif isinstance(item, str):
            characters += len(item)
            if not item.isascii() and SURROGATE.search(item):
                raise UnsafeDocument("a text holds half of a surrogate pair")
        elif item is None:
            raise UnsafeDocument("null is not signed, so it may not be in a signed document")
        if depth > MAX_DEPTH or objects > MAX_OBJECTS or values > MAX_VALUES or characters > MAX_CHARACTERS:
            raise TooComplex("the document is larger or deeper than any credential needs")


def _inspect_object(item: dict[str, Any], *, outermost: bool) -> None:
    if "@value" in item and not item.keys() <= VALUE_KEYWORDS:
        raise UnsafeDocument("a value object may hold @value, @type and @language only")
    if isinstance(item.get("type"), list) and len(item["type"]) > MAX_TYPES:
        raise TooComplex(f"an object of more than {MAX_TYPES} types")
    for key in item:
        if (key == "@context" and outermost) or "@value" in item:
            continue
        if ":" in key or key.startswith("@"):
            raise UnsafeDocument(f"{key[:80]!r} is not a plain term")
