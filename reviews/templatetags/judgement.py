"""What the page of an attempt says of appeals and investigations, to its learner and to those who oversee."""

from typing import Any

from django import template

from assessments.copies import Copy, copies_of
from assessments.models import Achievement, Evidence, Submission
from assessments.rubric_table import CriterionRow, read_results, rubric_table
from reviews import hearing
from reviews.models import Appeal, Decision
from reviews.noting import Group
from reviews.since import Since, since_last_time

register = template.Library()


@register.simple_tag
def standpoint(decision: Decision, submission: Submission) -> hearing.Standpoint:
    """Whether the decision can be appealed, until when, and the appeal that there is."""
    return hearing.standpoint(decision, submission)


@register.simple_tag
def set_aside_decisions(submission: Submission) -> list[Decision]:
    """What the learner was told before and what stands no longer, each with its appeal."""
    return hearing.past(submission)


@register.simple_tag
def past_results(decision: Decision, achievement: Achievement) -> list[CriterionRow]:
    """The levels and comments of a decision that stands no longer; none where it judged no criterion."""
    return rubric_table(achievement, read_results(decision.results)) if decision.results else []


@register.simple_tag
def appeals_of(submission: Submission) -> list[Appeal]:
    """Every appeal on an attempt, the newest first."""
    rows: Any = Appeal.objects.filter(decision__submission=submission)
    return list(rows.order_by("-filed_at"))


@register.simple_tag
def changed_since(
    submission: Submission, before: Decision | None, items: list[Evidence], groups: list[Group]
) -> Since | None:
    """What changed since the attempt before, for whoever judges this one."""
    return since_last_time(submission, before, items, groups)


@register.simple_tag
def copied_files(submission: Submission, items: list[Evidence]) -> list[Copy]:
    """Files that other learners handed in too; the page says so without naming them."""
    return copies_of(submission, items)
