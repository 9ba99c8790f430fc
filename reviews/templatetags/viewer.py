"""How the viewers draw what was found: severities never by colour alone, lines in their colours."""

from collections.abc import Iterable
from typing import Final

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.analysers.analysis import Severity
from assessments.viewing.highlighting import Span
from workbench.templatetags.components import State, drawn_icon

register = template.Library()

LOOKS: Final[dict[Severity, State]] = {
    "high": State("danger", "octagon-alert", _("High")),
    "medium": State("warning", "triangle-alert", _("Medium")),
    "low": State("info", "circle-alert", _("Low")),
    "info": State("neutral", "info", pgettext_lazy("severity", "Info")),
}


@register.simple_tag
def severity_badge(severity: Severity) -> SafeString:
    look = LOOKS[severity]
    return format_html(
        '<span class="pill" data-tone="{}">{}{}</span>',
        look.tone,
        drawn_icon(look.icon, 16, "", ""),
        look.label,
    )


@register.simple_tag
def severity_icon(severity: Severity, size: int = 16) -> SafeString:
    """The icon alone, with its word for those who do not see it."""
    look = LOOKS[severity]
    return drawn_icon(look.icon, size, str(look.label), "")


@register.filter
def severity_tone(severity: Severity) -> str:
    return LOOKS[severity].tone


@register.filter
def severity_label(severity: Severity) -> str:
    return str(LOOKS[severity].label)


@register.filter
def source(runs: Iterable[Span]) -> SafeString:
    """A line in its colours: a template would take ten times as long over thousands of runs."""
    return SafeString("".join(map(_drawn, runs)))


def _drawn(run: Span) -> str:
    text = escape(run.text)
    classes = " ".join(
        filter(None, (f"is-{run.kind}" if run.kind else "", "is-marked" if run.is_marked else ""))
    )
    return f'<span class="{classes}">{text}</span>' if classes else str(text)
