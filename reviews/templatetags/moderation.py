"""What moderators told the assessor of a review, as the review page shows it."""

from typing import Any

from django import template
from django.template import Context

from reviews.checking import told

register = template.Library()


@register.inclusion_tag("reviews/moderation/_action_points.html", takes_context=True)
def action_points(context: Context, review: Any) -> dict[str, Any]:
    return told(review, context["user"])
