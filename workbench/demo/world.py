"""Make the whole demo world in one transaction, told in the order in which it happened."""

import contextlib
import heapq
import itertools
import random
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from assessments.models import Achievement, Programme
from assessments.models.lifecycle import State
from assessments.promising import promise
from badges.models import Credential
from reviews.commenting import share
from reviews.flagging import flag
from workbench.demo import (
    appeals,
    clock,
    double_marking,
    exemplars,
    moderation,
    parting,
    plot,
    readings,
    stage,
    told,
    versions,
    words,
)
from workbench.demo.stories import Calendar, Story, Telling, revocation
from workbench.demo.words import Subject
from workbench.errors import DomainError

PROMISED_DAYS = 10
# Who of the assessors shares sentences for the two middle levels, and in which language.
BANKERS = (("bo", "nl"), ("bea", "fr"))


def exists() -> bool:
    """Whether the world was made before; it is made whole or not at all."""
    return Programme.objects.filter(organisation__slug=stage.HOME, slug=stage.PILOT_SLUG).exists()


@transaction.atomic
def make() -> bool:
    """Make the world unless it is there; True when it was made now."""
    if exists():
        return False
    calendar = Calendar(timezone.now())
    with clock.at(calendar.at(plot.SET_UP, 9)):
        built = stage.build(calendar.today)
        moderation.begin(built)
        appeals.begin(built)
    built.achievements.update(_with_rubrics(built))
    tellings = [Telling(built, calendar, built.pilot, attempt) for attempt in plot.PILOT]
    tellings += [Telling(built, calendar, built.evening, attempt) for attempt in plot.EVENING]
    stories = [telling.story() for telling in tellings]
    stories.append(moderation.rounds(built, calendar))
    stories.append(exemplars.story(built, calendar))
    stories.append(double_marking.story(built, calendar))
    stories += [story(built, calendar) for story in appeals.STORIES]
    with readings.without_children():
        play([*stories, revocation(built, calendar, plot.REVOCATION)])
    versions.bring(built)
    told.settle(calendar)
    _furnish(built)
    moderation.settle(built)
    if Credential.objects.planned().exists():
        raise RuntimeError("a badge of the demo world was not issued: the log above says why")
    return True


def _furnish(built: stage.Stage) -> None:
    """What helps the assessors of the pilot: a promise, sentences to reuse, a flag on work that waits."""
    promise(built.pilot, days=PROMISED_DAYS, by=built.people["mo"])
    rng = random.Random(stage.PILOT_SLUG)
    for achievement in built.achievements.values():
        for criterion in achievement.criteria:
            for level, (assessor, language) in zip((1, 2), BANKERS, strict=True):
                with contextlib.suppress(DomainError):  # the bank has this very sentence
                    text = words.comment(rng, level, language)
                    share(built.pilot, criterion, text=text, language=language, by=built.people[assessor])
    waiting = built.pilot.submissions.filter(state=State.SUBMITTED).oldest_first().first()
    if waiting:
        flag(waiting, note=words.FLAG, by=built.people["cy"])
    parting.part(built.pilot, built.people)


def play(stories: Iterable[Story]) -> None:
    """Resume whichever story has the earliest next moment, the clock at that moment, until all have ended."""
    order = itertools.count()
    waiting = [(next(story), next(order), story) for story in stories]
    heapq.heapify(waiting)
    while waiting:
        moment, _, story = heapq.heappop(waiting)
        with clock.at(moment):
            following = next(story, None)
        if following is not None:
            heapq.heappush(waiting, (following, next(order), story))


def _with_rubrics(built: stage.Stage) -> dict[Subject, Achievement]:
    """The achievements with their criteria and levels read once for every story."""
    return {
        subject: Achievement.objects.with_rubric().get(pk=achievement.pk)
        for subject, achievement in built.achievements.items()
    }
