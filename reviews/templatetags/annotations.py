"""Find in a template what stands at one place."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(found: Mapping[int, list[Any]], number: int) -> list[Any]:
    return found.get(number, []) if found else []
