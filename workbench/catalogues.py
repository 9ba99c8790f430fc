"""The message catalogues: what the code asks to have translated, and whether it is.

Babel reads and writes them, so neither a developer nor an installation needs GNU gettext.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCES = ("workbench", "assessments", "badges", "reviews", "templates")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACE = re.compile(r"%\((\w+)\)[sd]")
# The source language needs plural forms only, and Django brings those of its own texts.
TRANSLATED = ("fr", "nl")


@dataclass(frozen=True)
class Hole:
    """One text that a reader of ``language`` would not find in their language, and why."""

    language: str
    text: str
    reason: str


def path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def asked() -> Catalog:
    """Every text that Python code and templates ask to have translated."""
    catalog = Catalog(project="Open Badges for IT workbench", charset="utf-8")
    for file in _files():
        source = file.read_text()
        if file.suffix != ".py":
            # What is left of the markup is indented as it was, which Python's tokenizer would not have.
            source = "\n".join(line.strip() for line in templatize(source, origin=str(file)).splitlines())
        for _line, text, comments, context in extract(
            "python", io.BytesIO(source.encode()), KEYWORDS, ("Translators:",)
        ):
            catalog.add(text, auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    if not path(language).exists():
        return Catalog(locale=language, charset="utf-8")
    with path(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> int:
    """Bring a catalogue up to date, keeping what is translated; returns how many texts lack one."""
    catalog = read(language)
    catalog.update(asked(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path(language).parent.mkdir(parents=True, exist_ok=True)
    with path(language).open("wb") as file:
        write_po(file, catalog, width=0, no_location=True, sort_output=True, omit_header=False)
    return sum(1 for message in _messages(catalog) if not _complete(message, catalog.num_plurals))


def compile_all() -> None:
    """Write the binary catalogues that Django loads."""
    for language in TRANSLATED:
        with path(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, read(language))


def holes() -> Iterator[Hole]:
    """Every text that is missing, empty, doubtful, left over or has other places to fill."""
    wanted = {(message.id, message.context) for message in _messages(asked())}
    for language in TRANSLATED:
        catalog = read(language)
        known = {(message.id, message.context): message for message in _messages(catalog)}
        for key in wanted - known.keys():
            yield Hole(language, _shown(key[0]), "missing")
        for key, message in known.items():
            if key not in wanted:
                yield Hole(language, _shown(key[0]), "left over")
            elif not _complete(message, catalog.num_plurals):
                yield Hole(language, _shown(key[0]), "not translated")
            elif message.fuzzy:
                yield Hole(language, _shown(key[0]), "doubtful")
            elif not _same_places(message):
                yield Hole(language, _shown(key[0]), "other places to fill")


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.suffix in {".py", ".html", ".txt"} and not {"migrations", "static"} & set(file.parts):
                yield file


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _complete(message: Message, plurals: int) -> bool:
    if isinstance(message.id, (list, tuple)):
        strings = message.string if isinstance(message.string, (list, tuple)) else ()
        return len(strings) == plurals and all(strings)
    return bool(message.string)


def _same_places(message: Message) -> bool:
    """Plural forms may leave the number out where the language says it in words."""
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string or ""]
    if isinstance(message.id, (list, tuple)):
        allowed = set(PLACE.findall(" ".join(message.id)))
        return all(set(PLACE.findall(text)) <= allowed for text in strings)
    return sorted(PLACE.findall(message.id)) == sorted(PLACE.findall(strings[0]))


def _shown(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]
