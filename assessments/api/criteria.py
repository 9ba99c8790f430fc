"""Read which criteria a piece of evidence supports, however a form can say it."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from assessments.evidencing import REASON_LENGTH
from assessments.models import Criterion, Submission
from workbench.api.fields import storable
from workbench.errors import DomainError, invalid

CRITERIA = (
    "the criteria it supports: repeated ids, one value with commas between the ids, a JSON list of ids, "
    'or a JSON list of `{"id": …, "justification": …}`'
)


def supports_from(values: Iterable[str], submission: Submission) -> dict[Criterion, str]:
    """The reason by criterion. Raises DomainError ``bad-criteria`` or ``unknown-criterion``."""
    reasons: dict[UUID, str] = {}
    for value in values:
        for entry in _entries(value.strip()):
            pk, reason = _read(entry)
            reasons[pk] = reason
    criteria = {criterion.pk: criterion for criterion in submission.achievement.rubric.criteria.all()}
    unknown = reasons.keys() - criteria.keys()
    if unknown:
        raise invalid(
            "unknown-criterion",
            _("A criterion you chose does not belong to this achievement."),
            criteria=sorted(map(str, unknown)),
        )
    return {criteria[pk]: reason for pk, reason in reasons.items()}


def _entries(value: str) -> list[Any]:
    if not value.startswith("["):
        return [part for part in value.split(",") if part.strip()]
    try:
        entries = json.loads(value)
    except (ValueError, RecursionError):
        raise _bad_criteria() from None
    if not isinstance(entries, list):
        raise _bad_criteria()
    return entries


def _read(entry: Any) -> tuple[UUID, str]:
    if isinstance(entry, dict):
        pk, reason = entry.get("id", entry.get("criterion")), entry.get("justification") or ""
    else:
        pk, reason = entry, ""
    if not isinstance(pk, str) or not isinstance(reason, str) or len(reason) > REASON_LENGTH:
        raise _bad_criteria()
    try:
        return UUID(pk.strip()), storable(reason)
    except ValueError:
        raise _bad_criteria() from None


def _bad_criteria() -> DomainError:
    return invalid(
        "bad-criteria",
        _(
            "Give the criteria as ids, or as a JSON list of ids, each with a justification of at most "
            "%(limit)s characters."
        )
        % {"limit": REASON_LENGTH},
    )
