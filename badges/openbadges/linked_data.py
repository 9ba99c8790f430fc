"""Canonicalises JSON-LD with pyld and bundled contexts, and raises where JSON-LD would drop something."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from cachetools import LRUCache
from pyld.context_resolver import ContextResolver  # type: ignore[import-untyped]
from pyld.jsonld import JsonLdError, JsonLdProcessor  # type: ignore[import-untyped]

from badges.openbadges import contexts
from badges.openbadges.canonical import TooComplex, canonicalise
from badges.openbadges.parsing import MAX_DEPTH, walk
from badges.openbadges.rdf import NotRepresentable, QuadMaker

MAX_OBJECTS = 2_000
MAX_VALUES = 10_000
MAX_CHARACTERS = 1024 * 1024
MAX_REMEMBERED = 2_000
# Each context and each type of an object is looked up anew: thousands of them cost seconds.
MAX_CONTEXTS = 20
MAX_TYPES = 50
VALUE_KEYWORDS = {"@value", "@type", "@language"}

Loader = Callable[[str, Mapping[str, Any] | None], dict[str, Any]]


class UnsafeDocument(ValueError):
    """A signature would not cover all of the document: a term is undefined, an IRI relative, a value null."""


class _Processor(JsonLdProcessor):  # type: ignore[misc]
    """pyld's processor, strict about undefined terms, remembering which context follows from which.

    Type-scoped contexts get a new identity at each use, so pyld's own cache never finds them again; half of
    the time of a signature goes into processing them anew. What is remembered holds the objects that its key
    names, therefore no `id` is ever reused.
    """

    def __init__(self, loader: Loader) -> None:
        super().__init__(on_property_dropped=self._refuse)
        self.loader = loader
        self.resolver = ContextResolver(LRUCache(maxsize=200), loader)
        self.remembered: dict[tuple[Any, ...], tuple[Any, Any, Any]] = {}

    def _process_context(self, active: Any, local: Any, options: Any, *args: Any, **kwargs: Any) -> Any:
        local_key = local if isinstance(local, str) else json.dumps(local) if _is_list(local) else id(local)
        key = (id(active), local_key, args, tuple(sorted((k, v) for k, v in kwargs.items() if k != "cycles")))
        known = self.remembered.get(key)
        if known is not None:
            return known[2]
        processed = super()._process_context(active, local, options, *args, **kwargs)
        if "cycles" not in kwargs:  # only a finished context may be reused, not one that is being defined
            if len(self.remembered) >= MAX_REMEMBERED:
                self.remembered.clear()
            self.remembered[key] = (active, local, processed)
        return processed

    @staticmethod
    def _refuse(name: Any) -> None:
        raise UnsafeDocument(f"the term {str(name)[:80]!r} is not defined by the contexts")

    def expand_document(self, document: dict[str, Any]) -> list[Any]:
        # With an empty base pyld would resolve relative IRIs against an address of its own.
        options = {"documentLoader": self.loader, "contextResolver": self.resolver, "base": None}
        expanded: list[Any] = self.expand(document, options)
        return expanded


def _is_list(local: Any) -> bool:
    return isinstance(local, (list, tuple)) and all(isinstance(item, str) for item in local)


_default = _Processor(contexts.load)


def canonical_form(document: dict[str, Any], loader: Loader = contexts.load) -> str:
    """The canonical N-Quads of a document whose contexts are all bundled.

    Raises `contexts.UnknownContext`, `UnsafeDocument` or `canonical.TooComplex`; never answers for a part.
    """
    _inspect(document)
    _check_contexts(document, loader)
    processor = _default if loader is contexts.load else _Processor(loader)
    try:
        quads = QuadMaker().add(processor.expand_document(document))
    except JsonLdError as error:
        raise UnsafeDocument(str(error.args[0])[:300]) from error
    except NotRepresentable as error:
        raise UnsafeDocument(str(error)) from error
    if not quads:
        raise UnsafeDocument("the document says nothing")
    return canonicalise(quads)


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
