"""pyld's JSON-LD processor, made strict about undefined terms and quick with contexts that never change."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from cachetools import LRUCache
from pyld.context_resolver import ContextResolver  # type: ignore[import-untyped]
from pyld.jsonld import JsonLdProcessor  # type: ignore[import-untyped]

MAX_REMEMBERED = 2_000

Loader = Callable[[str, Mapping[str, Any] | None], dict[str, Any]]


class UnsafeDocument(ValueError):
    """A signature would not cover all of the document: a term is undefined, an IRI relative, a value null."""


class Processor(JsonLdProcessor):  # type: ignore[misc]
    """pyld's processor, strict about undefined terms, remembering which context follows from which.

    Type-scoped contexts get a new identity at each use, so pyld's own cache never finds them again; half of
    the time of a signature goes into processing them anew. What is remembered holds the objects that its key
    names, therefore no `id` is ever reused.
    """

    def __init__(self, loader: Loader) -> None:
        super().__init__(on_property_dropped=_refuse)
        self.options = {
            "documentLoader": loader,
            "contextResolver": ContextResolver(LRUCache(maxsize=200), loader),
            # With an empty base pyld would resolve relative IRIs against an address of its own.
            "base": None,
            "processingMode": "json-ld-1.1",
            "isFrame": False,
        }
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

    def expand_document(self, document: dict[str, Any]) -> list[Any]:
        expanded: list[Any] = self.expand(document, self.options)
        return expanded

    # --- The same steps one by one, for whoever compiles them (JSON-LD 1.1 API §5.1.2) ------------------

    def outermost(self, addresses: tuple[str, ...]) -> Any:
        """The active context of a document whose @context lists `addresses` (step 9)."""
        return self._process_context(self._get_initial_context(self.options), list(addresses), self.options)

    def of_member(self, active: Any, term: str) -> Any:
        """The active context in which the value of `term` is expanded (step 13.4 for a scoped context)."""
        scoped = self.definition(active, term, "@context")
        if scoped is None:
            return active
        return self._process_context(active, scoped, self.options, propagate=True, override_protected=True)

    def of_object(self, active: Any, term: str, *, only_reference: bool) -> Any:
        """The active context of an object that is the value of `term`, before its types (steps 7 and 8).

        A type-scoped context ends where the object of that type does, except for a mere reference.
        """
        scoped = self.definition(active, term, "@context")
        if not only_reference:
            active = self._revert_to_previous_context(active)
        if scoped is None:
            return active
        return self._process_context(active, scoped, self.options, override_protected=True)

    def of_types(self, active: Any, types: list[str]) -> Any:
        """The active context within an object of these types (step 11)."""
        return self._prepare_nested_context(active, {"type": types}, self.options)[0]

    def definition(self, active: Any, term: str, entry: str) -> Any:
        return self.get_context_value(active, term, entry)


def _refuse(name: Any) -> None:
    raise UnsafeDocument(f"the term {str(name)[:80]!r} is not defined by the contexts")


def _is_list(local: Any) -> bool:
    return isinstance(local, (list, tuple)) and all(isinstance(item, str) for item in local)
