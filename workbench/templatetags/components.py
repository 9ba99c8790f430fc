"""Small tags that draw the parts of the design system; docs/design-system.md lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import forms, template
from django.utils.functional import Promise, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from lucide.templatetags.lucide import lucide

register = template.Library()

DIGEST_HEAD = 10
DIGEST_TAIL = 6


@dataclass(frozen=True)
class State:
    """How one state of a piece of work or of a badge looks: never by colour alone."""

    tone: str
    icon: str
    label: str | Promise


STATES = {
    # a submission
    "draft": State("neutral", "pen-line", _("Draft")),
    "submitted": State("info", "send", _("Waiting for review")),
    "in_review": State("brand", "search", _("In review")),
    "moderation": State("violet", "scale", _("In moderation")),
    "approved": State("success", "circle-check", _("Approved")),
    "returned": State("warning", "undo-2", _("Returned for revision")),
    "rejected": State("danger", "circle-x", _("Rejected")),
    "withdrawn": State("neutral", "archive", _("Withdrawn")),
    # a credential
    "planned": State("info", "hourglass", _("Being issued")),
    "issued": State("success", "badge-check", _("Issued")),
    "suspended": State("warning", "circle-pause", _("Suspended")),
    "revoked": State("danger", "ban", _("Revoked")),
    "expired": State("neutral", "clock", _("Expired")),
    "in-doubt": State("warning", "triangle-alert", _("To be signed again")),
    # a referential
    "adopted": State("success", "circle-check", _("Adopted")),
    "deprecated": State("warning", "archive", _("Deprecated")),
    # a signing key
    "active": State("success", "key-round", _("Active")),
    "retired": State("neutral", "archive", _("Retired")),
    "compromised": State("danger", "triangle-alert", _("Compromised")),
    # a background job
    "queued": State("neutral", "clock", _("Queued")),
    "waiting": State("neutral", "clock", _("Waiting")),
    "pending": State("neutral", "clock", _("Pending")),
    "running": State("info", "refresh-cw", _("Running")),
    "done": State("success", "circle-check", _("Done")),
    "failed": State("danger", "triangle-alert", _("Failed")),
    "dead": State("danger", "octagon-alert", _("Given up")),
}

VISIBILITIES = {
    "public": State("success", "globe", _("Public")),
    "summary": State("info", "eye", _("Summary only")),
    "private": State("neutral", "lock", _("Private")),
}

KIND_ICONS = {
    "firewall-configuration": "shield",
    "packet-capture": "network",
    "document": "file-text",
    "image": "image",
    "other": "file",
}


@lru_cache(maxsize=512)
def drawn_icon(name: str, size: int, label: str, css: str) -> SafeString:
    """The SVG of a lucide icon: an image with a name when ``label`` is given, else decoration."""
    attributes = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    classes = f"icon {css}".strip()
    return SafeString(lucide(name, size=size, **{"class": classes, "focusable": "false", **attributes}))


@register.simple_tag
def icon(name: str, size: int = 20, label: str | Promise = "", css: str = "") -> SafeString:
    # Adding "" turns template literals back into plain strings, which ElementTree then escapes itself.
    return drawn_icon(name + "", size, str(label) + "", css + "")


@register.simple_tag
def pill(text: str | Promise, tone: str = "neutral", icon: str = "") -> SafeString:
    drawn = drawn_icon(icon + "", 16, "", "") if icon else ""
    return format_html('<span class="pill" data-tone="{}">{}{}</span>', tone, drawn, text)


@register.simple_tag
def status_badge(state: str, label: str | Promise = "") -> SafeString:
    """A pill for any state of ``STATES``; an unknown state is shown as it is written."""
    known = STATES.get(str(state)) or State("neutral", "circle-dot", capfirst(str(state).replace("_", " ")))
    return pill(label or known.label, tone=known.tone, icon=known.icon)


@register.simple_tag
def visibility_badge(visibility: str) -> SafeString:
    known = VISIBILITIES[str(visibility)]
    return pill(known.label, tone=known.tone, icon=known.icon)


@register.inclusion_tag("_parts/digest.html")
def digest(value: str, label: str = "SHA-256", copy: bool = True) -> dict[str, Any]:
    """A digest shortened to its two ends: people compare those, the copy button gives the whole."""
    long = len(value) > DIGEST_HEAD + DIGEST_TAIL + 2
    shown = f"{value[:DIGEST_HEAD]}…{value[-DIGEST_TAIL:]}" if long else value
    return {"value": value, "shown": shown, "label": label, "copy": copy}


@dataclass(frozen=True)
class Problem:
    """One line of an error summary; ``target`` is the id to jump to, empty for the form as a whole."""

    target: str
    label: str
    text: str


def problems_of(form: forms.BaseForm) -> Iterator[Problem]:
    for error in form.non_field_errors():
        yield Problem("", "", str(error))
    for field in form:
        for error in field.errors:
            first_of_many = "_0" if field.use_fieldset else ""
            target = "" if field.is_hidden or not field.auto_id else f"{field.auto_id}{first_of_many}"
            # What is ticked carries a whole sentence as its label, too long to say before the problem.
            label = "" if field.widget_type == "checkbox" else str(field.label).rstrip(".:")
            yield Problem(target, label, str(error))


@register.inclusion_tag("_parts/error_summary.html")
def error_summary(form: forms.BaseForm | None) -> dict[str, Any]:
    return {"problems": list(problems_of(form)) if form is not None and form.is_bound else []}


@register.filter
def kind_icon(kind: str) -> str:
    """The lucide icon of a kind of evidence."""
    return KIND_ICONS.get(str(kind), "file")


@register.filter
def initials(name: str) -> str:
    """At most two letters for an avatar: ``Ada Lovelace`` gives ``AL``."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[:2] for word in words]
    return "".join(letters).upper() or "?"


def drawn_card_label(title: str | Promise, text: str | Promise, icon: str = "") -> SafeString:
    drawn = drawn_icon(icon, 18, "", "") if icon else ""
    return format_html(
        '<span class="card-choice"><span class="card-choice-title">{}{}</span>'
        '<span class="card-choice-text">{}</span></span>',
        drawn,
        title,
        text,
    )


# A choice label for radio cards: escaped, and translated when it is drawn, not when the form is declared.
card_label = lazy(drawn_card_label, SafeString)
