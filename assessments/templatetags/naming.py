"""Whose work it is, as the reader of the page may know it: ``{{ submission|learner_for:user }}``."""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from assessments.models import Submission
from assessments.naming import learner_name

register = template.Library()


@register.filter
def learner_for(submission: Submission, reader: Any) -> str:
    """A page that forgets its reader shows what a stranger may read."""
    return learner_name(submission, reader or AnonymousUser())
