"""Find the stored item that a viewer is asked for, with what was read in it."""

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments.models import Analysis, Evidence, Submission
from assessments.secrecy import analysis_of
from workbench.access import may
from workbench.models import User


def found(person: User, pk: uuid.UUID) -> Evidence:
    """A stored item that the person may read; whatever else is not found."""
    visible = Submission.objects.visible_to(person)
    stored = Evidence.objects.filter(submission__in=visible).exclude(blob=None).with_reading()
    around = ("submission__learner", "submission__programme", "submission__achievement")
    item = get_object_or_404(stored.select_related(*around), pk=pk)
    if not may(person, "read-evidence", item):
        raise Http404
    return item


def reading_of(item: Evidence) -> Analysis | None:
    """What was read in the item, once it is."""
    analysis = analysis_of(item)
    return analysis if analysis is not None and analysis.is_done else None
