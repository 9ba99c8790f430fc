"""Show a text in the reader's language."""

from collections.abc import Mapping

from django import template

from workbench.languages import in_language

register = template.Library()


@register.filter
def localised(texts: Mapping[str, str]) -> str:
    return in_language(texts)
