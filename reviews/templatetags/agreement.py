"""How a figure of agreement is written: value, interval and words, or why there is none."""

from decimal import Decimal
from typing import Any, Final

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reviews.agreement.bands import BANDS, Band, bands
from reviews.agreement.figures import Figure
from reviews.agreement.periods import Period

register = template.Library()

# What stands instead of a figure, and why.
REASONS: Final = {
    "one-marker": (gettext_lazy("no data"), gettext_lazy("nothing marked twice")),
    "few-works": (gettext_lazy("not enough data"), gettext_lazy("too few works")),
    "no-variation": (gettext_lazy("not enough data"), gettext_lazy("all on one level")),
}
WORDS: Final[dict[Band, Any]] = {
    "poor": pgettext_lazy("agreement", "poor"),
    "slight": pgettext_lazy("agreement", "slight"),
    "fair": pgettext_lazy("agreement", "fair"),
    "moderate": pgettext_lazy("agreement", "moderate"),
    "substantial": pgettext_lazy("agreement", "substantial"),
    "almost-perfect": pgettext_lazy("agreement", "almost perfect"),
}
ORDER: Final = ("poor", *(name for _least, name in reversed(BANDS)))
# An interval over more words than this says too little to be put into words.
MOST_WORDS: Final = 3


@register.inclusion_tag("reviews/agreement/_figure.html")
def figure(one: Figure, kind: str = "coefficient") -> dict[str, Any]:
    """``kind`` is share, coefficient or levels."""
    write = WRITERS[kind]
    instead, why = REASONS.get(one.reason, ("", ""))
    known = one.value is not None and one.low is not None and one.high is not None
    return {
        "known": known,
        "value": write(one.value) if one.value is not None else "",
        "low": write(one.low) if one.low is not None else "",
        "high": write(one.high) if one.high is not None else "",
        "words": words(one) if kind == "coefficient" else "",
        "instead": instead,
        "why": why,
        "n": one.n,
    }


def words(one: Figure) -> str:
    """Landis and Koch's words for the whole interval."""
    ends = bands(one)
    if ends is None:
        return ""
    low, high = ends
    if low == high:
        return str(WORDS[low])
    if ORDER.index(high) - ORDER.index(low) >= MOST_WORDS:
        return _("too uncertain for a word")
    return _("%(low)s to %(high)s") % {"low": WORDS[low], "high": WORDS[high]}


@register.filter
def leaning(one: Figure) -> str:
    """What an interval of severity shows; empty where there is none."""
    if one.low is None or one.high is None:
        return ""
    if one.high < 0:
        return _("stricter than the others")
    if one.low > 0:
        return _("more generous than the others")
    return _("no difference shown")


@register.filter
def as_share(value: float | None) -> str:
    return "" if value is None else _share(value)


@register.filter
def period(one: Period) -> str:
    if one.span == "month":
        return date_format(one.first, "YEAR_MONTH_FORMAT")
    return _("Q%(quarter)s %(year)s") % {"quarter": one.quarter, "year": f"{one.first:%Y}"}


def _share(value: float) -> str:
    return _("%(number)s %%") % {"number": _number(100 * value, 0)}


def _coefficient(value: float) -> str:
    return _minus(_number(value, 2))


def _levels(value: float) -> str:
    written = _number(value, 2)
    return f"+{written}" if round(value, 2) > 0 else _minus(written)


def _number(value: float, places: int) -> str:
    """Rounded first: number_format cuts what is too long."""
    return number_format(Decimal(f"{value:.{places}f}"), places)


def _minus(written: str) -> str:
    """With the sign of mathematics, and no sign before a rounded nothing."""
    if not written.strip("-0.,"):
        return written.removeprefix("-")
    return written.replace("-", "−")


WRITERS: Final = {"share": _share, "coefficient": _coefficient, "levels": _levels}
