"""What exemplars say on the pages of the queue, the review and the work."""

import uuid
from collections.abc import Mapping

from django import template
from django.template.context import Context

from assessments.models import Submission
from reviews.calibrated import Course, closed_to
from reviews.exemplified import Told, beside
from reviews.models import Exemplar

register = template.Library()


@register.simple_tag(takes_context=True)
def exemplars_beside(context: Context, submission: Submission) -> dict[uuid.UUID, list[Told]]:
    """By criterion, what the reader may see of how others judged it."""
    return beside(submission, context["user"])


@register.simple_tag(takes_context=True)
def closed_courses(context: Context) -> list[Course]:
    """What the reader has to be calibrated on before its work is offered."""
    return closed_to(context["user"])


@register.simple_tag
def exemplar_of(submission: Submission) -> Exemplar | None:
    """The newest exemplar that was made of a piece of work, in use or not."""
    return submission.exemplars.order_by("-made_at", "-pk").first()


@register.filter
def told_of(found: Mapping[uuid.UUID, list[Told]] | str, criterion: uuid.UUID) -> list[Told]:
    return found.get(criterion, []) if isinstance(found, Mapping) else []
