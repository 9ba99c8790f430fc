"""What other markers gave, beside each criterion: ``{{ marking.others|given_on:row.id }}``."""

from collections.abc import Mapping
from uuid import UUID

from django import template

from reviews.marking_state import Told

register = template.Library()


@register.filter
def given_on(others: Mapping[UUID, list[Told]], criterion: UUID) -> list[Told]:
    return others.get(criterion, [])
