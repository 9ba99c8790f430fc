"""Which marks count as agreement, who is told of it, and what they read and fetch."""

import random
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Achievement, Programme, Submission
from assessments.models.lifecycle import State
from reviews.agreement.figures import MINIMUM_WORKS
from reviews.deciding import decide
from reviews.measuring import (
    Question,
    agreement_in_words,
    agreement_of,
    items_of,
    low_agreement_assessors,
    own_agreement,
)
from reviews.models import MarkingPolicy, Score
from reviews.models.decision import Outcome
from reviews.models.policy import Markers
from reviews.models.review import ReviewKind, ReviewState
from tests import factories
from tests.marks import hand_in, mark
from workbench.access import Forbidden

pytestmark = pytest.mark.django_db

EVERYTHING = Question()


@pytest.fixture
def rubric_read(achievement) -> Achievement:
    return Achievement.objects.with_rubric().get(pk=achievement.pk)


@pytest.fixture
def marked(programme, rubric_read, bo, bea, cy, mo) -> Programme:
    """Twenty-four works; on the second criterion Bo is one level stricter than Bea every other time."""
    works = hand_in(programme, rubric_read, 24)
    mark(works, bea, [(1 + at % 4, 2 + at % 3) for at in range(24)])
    mark(works, bo, [(1 + at % 4, 2 + at % 3 - at % 2) for at in range(24)])
    return programme


# --- Which marks count ---------------------------------------------------------------------------------


def test_what_two_assessors_finished_is_an_item_for_each_criterion(marked) -> None:
    items = items_of(marked)
    assert len(items) == 48
    assert {len(item.marks) for item in items} == {2}
    assert all(item.independent for item in items)


def test_one_marking_alone_is_none(programme, rubric_read, bo) -> None:
    mark(hand_in(programme, rubric_read, 3), bo, [2, 3, 4])
    assert items_of(programme) == []


def test_two_blind_markers_who_decide_one_after_the_other_make_items(programme, ada, bo, bea) -> None:
    MarkingPolicy.objects.create(programme=programme, markers=Markers.DOUBLE_BLIND)
    submission = factories.make_submission(ada, programme)
    for assessor in (bo, bea):
        assert items_of(programme) == []
        review = factories.make_review(Submission.objects.get(pk=submission.pk), assessor, position=3)
        decide(review, outcome=Outcome.APPROVE, feedback="Good work.", by=assessor)
    items = items_of(programme)
    assert len(items) == 2
    assert all(item.independent and {level for _who, level in item.marks} == {3} for item in items)
    assert {who for item in items for who, _level in item.marks} == {bo.pk, bea.pk}
    assert {item.on for item in items} == {timezone.localdate()}


def test_where_the_second_sees_the_first_marking_is_not_independent(programme, ada, bo, bea) -> None:
    MarkingPolicy.objects.create(programme=programme, markers=Markers.DOUBLE_OPEN)
    submission = factories.make_submission(ada, programme)
    for assessor in (bo, bea):
        review = factories.make_review(Submission.objects.get(pk=submission.pk), assessor, position=3)
        decide(review, outcome=Outcome.APPROVE, feedback="Good work.", by=assessor)
    assert [item.independent for item in items_of(programme)] == [False, False]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": ReviewKind.ADJUDICATION},
        {"state": ReviewState.RETURNED},
        {"state": ReviewState.SET_ASIDE},
        {"state": ReviewState.RELEASED},
        {"state": ReviewState.EXPIRED},
        {"state": ReviewState.BROKEN},
        {"state": ReviewState.OPEN},
    ],
    ids=lambda fields: "-".join(str(value) for value in fields.values()),
)
def test_what_is_no_finished_marking_is_no_second_one(programme, rubric_read, bo, bea, fields) -> None:
    works = hand_in(programme, rubric_read, 2)
    mark(works, bea, [3, 3])
    mark(works, bo, [2, 2], **fields)
    assert items_of(programme) == []


def test_a_marked_one_counts_before_the_decision(programme, rubric_read, bo, bea) -> None:
    works = hand_in(programme, rubric_read, 1)
    mark(works, bea, [3], state=ReviewState.MARKED)
    mark(works, bo, [2], state=ReviewState.MARKED)
    assert len(items_of(programme)) == 2


def test_a_criterion_that_one_left_out_is_no_item(programme, rubric_read, bo, bea) -> None:
    works = hand_in(programme, rubric_read, 1)
    mark(works, bea, [(3, None)])
    mark(works, bo, [(2, 2)])
    (item,) = items_of(programme)
    assert item.criterion == str(rubric_read.criteria[0].identifier)


def test_work_of_another_programme_stays_there(marked, organisation, rubric_read, bo, bea) -> None:
    elsewhere = factories.make_programme(organisation, rubric_read)
    works = hand_in(elsewhere, rubric_read, 1)
    mark(works, bea, [3])
    mark(works, bo, [2])
    assert len(items_of(marked)) == 48
    assert len(items_of(elsewhere)) == 2


def test_levels_are_places_on_the_scale_whatever_their_numbers(programme, rubric_read, bo, bea) -> None:
    """A referential may number its levels 10, 20, 40: neighbours are still one level apart."""
    for criterion in rubric_read.criteria:
        for level, position in zip(criterion.levels.all(), (10, 20, 40, 80), strict=True):
            type(level).objects.filter(pk=level.pk).update(position=position)
    works = hand_in(programme, rubric_read, 1)
    mark(works, bea, [2])
    mark(works, bo, [3])
    assert {level for item in items_of(programme) for _who, level in item.marks} == {2, 3}


def test_versions_of_a_rubric_are_one_criterion_by_its_identifier(
    programme, organisation, rubric_read, bo, bea, mo
) -> None:
    later = factories.make_rubric(factories.make_referential(organisation))
    for old, new in zip(rubric_read.criteria, later.criteria.all(), strict=True):
        type(new).objects.filter(pk=new.pk).update(
            identifier=old.identifier, titles={"en": f"{old.code} renewed"}
        )
    newer = factories.make_achievement(organisation, later, code=rubric_read.code, version="2.0")
    newer = Achievement.objects.with_rubric().get(pk=newer.pk)
    for achievement in (rubric_read, newer):
        works = hand_in(programme, achievement, 6)
        mark(works, bea, [3] * 6)
        mark(works, bo, [3] * 6)
    answer = agreement_of(programme, EVERYTHING, by=mo)
    assert len(answer.figures.criteria) == 2
    assert {one.counted.works for one in answer.figures.criteria.values()} == {12}
    assert {one.title for one in answer.criteria.values()} == {"C1 renewed", "C2 renewed"}
    assert set(answer.figures.achievements) == {rubric_read.code}


# --- What is asked -------------------------------------------------------------------------------------


def test_the_figures_of_a_programme(marked, bo, bea, mo) -> None:
    answer = agreement_of(marked, EVERYTHING, by=mo)
    first, second = (
        answer.figures.criteria[str(one.identifier)]
        for one in Achievement.objects.get().rubric.criteria.all()
    )
    assert (first.exact.value, first.exact.n) == (1, 24)
    assert (second.exact.value, second.adjacent.value) == (0.5, 1)
    assert answer.figures.whole.counted.works == 24
    assert answer.figures.assessors[bo.pk].severity.value == -0.25
    assert answer.figures.assessors[bea.pk].severity.value == 0.25
    assert answer.people == {bo.pk: "Bo Maes", bea.pk: "Bea Lambert"}
    assert answer.open_works == 0


def test_the_period_is_that_of_the_last_mark(programme, rubric_read, bo, bea, mo) -> None:
    works = hand_in(programme, rubric_read, 2)
    spring, summer = (timezone.make_aware(datetime(2026, month, 1, 12)) for month in (3, 7))
    mark(works, bea, [3, 3], at=spring)
    mark(works[:1], bo, [3], at=spring, fence=2)
    mark(works[1:], bo, [3], at=summer, fence=2)

    def counted(**days: Any) -> int:
        return agreement_of(programme, Question(**days), by=mo).figures.whole.counted.works

    assert counted() == 2
    assert counted(until=spring.date()) == 1
    assert counted(since=spring.date(), until=summer.date()) == 2
    assert counted(since=spring.date() + timedelta(days=1)) == 1
    assert counted(since=summer.date() + timedelta(days=1)) == 0


def test_a_day_is_that_of_the_place_and_not_of_greenwich(programme, rubric_read, bo, bea) -> None:
    works = hand_in(programme, rubric_read, 1)
    late = datetime.fromisoformat("2026-06-30T23:30:00+00:00")
    mark(works, bea, [3], at=late)
    mark(works, bo, [3], at=late)
    assert {item.on for item in items_of(programme)} == {timezone.localdate(late)}


def test_open_marking_is_counted_and_can_be_left_out(marked, rubric_read, bo, bea, mo) -> None:
    works = hand_in(marked, rubric_read, 3)
    mark(works, bea, [3] * 3, blind=False)
    mark(works, bo, [3] * 3, blind=False)
    everything = agreement_of(marked, EVERYTHING, by=mo)
    assert (everything.figures.whole.counted.works, everything.open_works) == (27, 3)
    independent = agreement_of(marked, Question(independent=True), by=mo)
    assert (independent.figures.whole.counted.works, independent.open_works) == (24, 0)


def test_it_takes_five_queries_however_much_was_marked(
    marked, rubric_read, bo, bea, mo, django_assert_num_queries
) -> None:
    mo.grants.ids("manage_programme")
    with django_assert_num_queries(5):
        agreement_of(marked, EVERYTHING, by=mo)
    ben = factories.make_user("Ben Claes")
    works = hand_in(marked, rubric_read, 40)
    for person in (ben, bo, bea):
        mark(works, person, [1 + at % 4 for at in range(40)])
    with django_assert_num_queries(5):
        agreement_of(marked, EVERYTHING, by=mo)


def test_a_sentence_says_how_much_was_marked_twice(marked, organisation, rubric_read) -> None:
    assert agreement_in_words(marked) == "24 pieces of work were marked by two assessors."
    elsewhere = factories.make_programme(organisation, rubric_read)
    assert agreement_in_words(elsewhere) == "No work was marked by two assessors yet."


# --- Who is told ---------------------------------------------------------------------------------------


def test_assessors_learners_and_strangers_do_not_see_the_programme(marked, ada, bo) -> None:
    dee = factories.make_user("Dee Stranger")
    for person in (ada, bo, dee):
        with pytest.raises(Forbidden):
            agreement_of(marked, EVERYTHING, by=person)


def test_bo_sees_his_own_figures_and_nobody_elses(marked, bo, cy) -> None:
    own = own_agreement(marked, EVERYTHING, by=bo)
    assert own.figures.severity.value == -0.25
    assert own.figures.counted.works == 24
    ((_period, moment),) = own.moments
    assert (moment.severity.value, moment.counted.works) == (-0.25, 24)
    with pytest.raises(Forbidden):
        own_agreement(marked, EVERYTHING, by=cy)


def test_before_the_decision_nothing_gives_a_blind_marking_away(programme, rubric_read, bo, bea, mo) -> None:
    works = hand_in(programme, rubric_read, 12, state=State.MODERATION)
    mark(works, bea, [2] * 12, state=ReviewState.MARKED)
    mark(works, bo, [3] * 12, state=ReviewState.MARKED)
    assert own_agreement(programme, EVERYTHING, by=bo).figures.counted.works == 0
    assert agreement_of(programme, EVERYTHING, by=mo).figures.whole.counted.works == 12
    Submission.objects.update(state=State.APPROVED)
    assert own_agreement(programme, EVERYTHING, by=bo).figures.severity.value == 1


# --- Who agrees too little -----------------------------------------------------------------------------


def test_who_demonstrably_agrees_too_little_is_named_for_sampling(programme, rubric_read, bo, bea) -> None:
    ben = factories.make_user("Ben Claes")
    chance = random.Random(7)
    for pair, near in (((bo, bea), 0.9), ((bo, ben), 0.1), ((bea, ben), 0.1)):
        works = hand_in(programme, rubric_read, 40)
        true = [1 + at % 4 for at in range(40)]
        mark(works, pair[0], true)
        mark(works, pair[1], [one if chance.random() < near else one % 4 + 1 for one in true])
    assert low_agreement_assessors(programme) == {ben.pk}


def test_little_work_accuses_nobody(programme, rubric_read, bo, bea) -> None:
    works = hand_in(programme, rubric_read, MINIMUM_WORKS - 1)
    mark(works, bo, [1] * len(works))
    mark(works, bea, [4] * len(works))
    assert low_agreement_assessors(programme) == set()
    more = hand_in(programme, rubric_read, 1)
    mark(more, bo, [1])
    mark(more, bea, [4])
    assert low_agreement_assessors(programme) == {bo.pk, bea.pk}


# --- Much work -----------------------------------------------------------------------------------------


def test_fifty_thousand_scores_take_a_few_seconds(programme, organisation, mo) -> None:
    rubric = factories.make_rubric(factories.make_referential(organisation), criteria=10)
    achievement = factories.make_achievement(organisation, rubric)
    achievement = Achievement.objects.with_rubric().get(pk=achievement.pk)
    people = [factories.make_user(f"Marker{at} Maes") for at in range(12)]
    chance = random.Random(3)
    works = hand_in(programme, achievement, 2500)
    for at in range(25):
        some = works[at * 100 : (at + 1) * 100]
        true = [[chance.randint(1, 4) for _criterion in range(10)] for _work in some]
        for person in chance.sample(people, 2):
            mark(some, person, [[min(4, one + (chance.random() < 0.2)) for one in each] for each in true])
    assert Score.objects.count() == 50_000
    before = time.process_time()
    answer = agreement_of(programme, EVERYTHING, by=mo)
    assert time.process_time() - before < 15, "some three seconds of a processor"
    assert answer.figures.whole.counted.items == 25_000
