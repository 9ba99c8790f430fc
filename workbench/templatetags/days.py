"""Days that are kept as text, in the reader's words."""

from datetime import date

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def day(iso: str) -> str:
    """``2026-11-30`` as a reader of the active language writes it."""
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
