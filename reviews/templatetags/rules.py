"""How the viewers draw rules: what they do by word, icon and tone, and their fields in words."""

from typing import Any, Final

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assessments.analysers.configurations.rules import Addresses, Rule, Service
from assessments.viewing.choosing import ports, protocols
from workbench.templatetags.components import State, pill

register = template.Library()

ACTIONS: Final[dict[str, State]] = {
    "accept": State("success", "check", _("Accept")),
    "drop": State("danger", "ban", _("Drop")),
    "reject": State("danger", "octagon-x", _("Reject")),
    "jump": State("info", "corner-down-right", _("Jump")),
    "return": State("neutral", "corner-down-left", _("Return")),
    "log": State("warning", "scroll-text", _("Log")),
    "nat": State("violet", "shuffle", _("Translate")),
    "other": State("neutral", "circle-dot", _("Other")),
    "none": State("neutral", "corner-down-left", _("Back to the caller")),
    "absent": State("neutral", "minus", _("Not there")),
}

CHANGES: Final[dict[str, State]] = {
    "added": State("success", "plus", _("Added")),
    "removed": State("danger", "minus", _("Removed")),
    "changed": State("warning", "pencil", _("Changed")),
    "moved": State("info", "move-vertical", _("Moved")),
    "default": State("violet", "shield-alert", _("Default changed")),
}

FIELDS: Final[dict[str, Any]] = {
    "action": _("Action"),
    "sources": _("Sources"),
    "destinations": _("Destinations"),
    "services": _("Services"),
    "interfaces_in": _("Comes in by"),
    "interfaces_out": _("Goes out by"),
    "states": _("State"),
    "conditions": _("Conditions"),
    "logging": _("Logging"),
    "enabled": _("In force"),
    "target": _("Target"),
    "family": _("Family"),
    "direction": _("Direction"),
    "name": _("Name"),
    "comment": _("Comment"),
}

COLUMNS: Final[dict[str, Any]] = {
    "number": _("No."),
    "scope": _("List"),
    "action": _("Action"),
    "protocol": _("Protocol"),
    "sources": _("From"),
    "destinations": _("To"),
    "ports": _("Ports"),
    "state": _("State"),
    "logging": _("Logged"),
    "comment": _("Name and comment"),
    "lines": _("Lines"),
}

FAMILIES: Final = {"ipv4": "IPv4", "ipv6": "IPv6", "any": _("IPv4 and IPv6")}
DIRECTIONS: Final = {
    "in": _("To the device"),
    "out": _("From the device"),
    "forward": _("Through the device"),
    "": _("Not said"),
}


@register.simple_tag
def action_pill(action: str) -> SafeString:
    look = ACTIONS[action]
    return pill(look.label, tone=look.tone, icon=look.icon)


@register.simple_tag
def change_pill(change: str) -> SafeString:
    look = CHANGES[change]
    return pill(look.label, tone=look.tone, icon=look.icon)


@register.filter
def action_label(action: str) -> str:
    return str(ACTIONS[action].label)


@register.filter
def change_label(change: str) -> str:
    return str(CHANGES[change].label)


@register.filter
def change_tone(change: str) -> str:
    return CHANGES[change].tone


@register.filter
def change_icon(change: str) -> str:
    return CHANGES[change].icon


@register.filter
def column_label(code: str) -> str:
    return str(COLUMNS[code])


@register.filter
def direction_label(direction: str) -> str:
    return str(DIRECTIONS[direction])


@register.filter
def family_label(family: str) -> str:
    return str(FAMILIES[family])


@register.filter
def rule_protocols(rule: Rule) -> str:
    return protocols(rule)


@register.filter
def rule_ports(rule: Rule) -> str:
    return ports(rule)


@register.filter
def field_label(name: str) -> str:
    return str(FIELDS[name])


@register.filter
def field_text(rule: Rule, name: str) -> str:
    """The value of a field as a reader of the configuration knows it; a dash when it is empty."""
    return _text(name, getattr(rule, name)) or "–"


def _text(name: str, value: Any) -> str:
    match value:
        case bool():
            return str(_("yes")) if value else str(_("no"))
        case Addresses():
            return value.text
        case str() if name in _WORDED:
            return str(_WORDED[name].get(value, value))
        case str():
            return value
    return ", ".join(_service(one) if isinstance(one, Service) else str(one) for one in value)


def _service(one: Service) -> str:
    return one.text or one.protocol


_WORDED: Final[dict[str, dict[str, Any]]] = {
    "action": {code: look.label for code, look in ACTIONS.items()},
    "family": FAMILIES,
    "direction": DIRECTIONS,
}
