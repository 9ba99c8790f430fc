"""Choose from the facts of an analysis those that a reader without the file wants to know."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from assessments.explaining.summaries import product

# Protocols, names and headings that are told; the viewer has them all.
TOLD = 6

Facts = list[tuple[str, str]]


def chosen(analyser: str, dialect: str, facts: Mapping[str, Any]) -> Facts:
    """Pairs of a label and a value in the active language; what is not known is left out."""
    pairs = CHOICES[analyser](dialect, facts) if analyser in CHOICES else []
    return [(label, value) for label, value in pairs if value]


def _configuration(dialect: str, facts: Mapping[str, Any]) -> Facts:
    actions = facts.get("actions", {})
    defaults = {
        scope["name"]: scope["default"] for scope in facts.get("scopes", []) if scope["default"] != "none"
    }
    return [
        (_("Product"), product(dialect)),
        (_("Lines"), _number(facts.get("lines"))),
        (_("Rules"), _number(facts.get("rules"))),
        (_("Rules that accept"), _number(actions.get("accept"))),
        (_("Rules that refuse"), _number(actions.get("drop", 0) + actions.get("reject", 0))),
        (_("Rules that log"), _number(facts.get("logged"))),
        (
            _("What no rule decides"),
            ", ".join(f"{name}: {default}" for name, default in list(defaults.items())[:TOLD]),
        ),
    ]


def _capture(dialect: str, facts: Mapping[str, Any]) -> Facts:
    conversations = facts.get("conversations", {})
    return [
        (_("Packets"), _number(facts.get("packets"))),
        (_("Traffic"), filesizeformat(facts["bytes"]["original"]) if facts.get("packets") else ""),
        (_("From"), _moment(facts.get("start"))),
        (_("Until"), _moment(facts.get("end"))),
        (
            _("Conversations"),
            _number(sum(conversations.get(kind, 0) for kind in ("tcp", "udp", "other"))),
        ),
        (_("Protocols"), ", ".join(_protocols(facts.get("protocols", []))[:TOLD])),
    ]


def _document(dialect: str, facts: Mapping[str, Any]) -> Facts:
    return [
        (_("Pages"), _number(facts.get("pages"))),
        (_("Lines"), _number(facts.get("lines"))),
        (_("Words"), _number(facts.get("words"))),
        (_("Headings"), _number(len(facts.get("headings", [])))),
    ]


def _image(dialect: str, facts: Mapping[str, Any]) -> Facts:
    return [(_("Size in pixels"), f"{facts['width']} × {facts['height']}" if facts.get("width") else "")]


def _protocols(tree: list[dict[str, Any]]) -> list[str]:
    """The leaves of the protocol tree, by packets: what was spoken, without what carried it."""
    leaves: dict[str, int] = {}
    waiting = list(tree)
    while waiting:
        node = waiting.pop()
        waiting += node["children"]
        if not node["children"]:
            leaves[node["name"]] = leaves.get(node["name"], 0) + node["packets"]
    return sorted(leaves, key=lambda name: (-leaves[name], name))


def _number(value: Any) -> str:
    return number_format(value) if value else ""


def _moment(value: str | None) -> str:
    return date_format(datetime.fromisoformat(value), "DATETIME_FORMAT") if value else ""


CHOICES: Final[Mapping[str, Callable[[str, Mapping[str, Any]], Facts]]] = {
    "firewall-configuration": _configuration,
    "packet-capture": _capture,
    "document": _document,
    "image": _image,
}
