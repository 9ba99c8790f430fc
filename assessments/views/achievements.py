"""The public page of an achievement: what it asks, against which rubric."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.models import Achievement, Association
from assessments.rubric_table import rubric_table
from workbench.access import public


@dataclass(frozen=True)
class Alignment:
    """An item of another framework; ``url`` is empty where its address is no web page."""

    title: str
    url: str
    framework: str


@public
@require_safe
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    achievement = get_object_or_404(Achievement.objects.with_rubric(), pk=pk)
    competencies = achievement.competencies.all()
    context = {
        "achievement": achievement,
        "organisation": achievement.organisation,
        "referential": achievement.rubric.referential,
        "competencies": competencies,
        "alignments": _alignments(achievement),
        "rubric": rubric_table(achievement),
    }
    return render(request, "assessments/achievement.html", context)


def _alignments(achievement: Achievement) -> list[Alignment]:
    """Each aligned item once, although several competencies may point at it."""
    rows = Association.objects.alignments().filter(competency__achievements=achievement)
    found = {}
    for row in rows.order_by("destination_title", "pk"):
        uri = row.destination_uri
        # Imported addresses come from outside: only web addresses become links.
        url = uri if uri.startswith(("https://", "http://")) else ""
        found[uri] = Alignment(row.destination_title or uri, url, row.grouping)
    return list(found.values())
