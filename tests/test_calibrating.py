"""Calibration: exemplars are scored before the queue opens, and knowing the answer is no calibration."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Submission
from reviews.calibrated import closed_to, course_of, open_to
from reviews.calibrating import ask, comparison, reopen, save, score, start
from reviews.claiming import break_lock, claim, claim_next, release
from reviews.exemplifying import agree, answer, look, publish, retire, revise
from reviews.models import Calibration, Exemplar, MarkingPolicy, Review
from reviews.models.exemplar import RETRY_AFTER
from reviews.queueing import queue_of
from reviews.scoring import Mark, save_scores
from reviews.skipping import skip
from tests import factories
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event, Notification, User


@pytest.fixture
def learners(programme) -> list[User]:
    made = [factories.make_user(f"Learner{number} Example") for number in range(3)]
    factories.enrol(programme, *made)
    return made


@pytest.fixture
def exemplars(learners, programme, bea, cy) -> list[Exemplar]:
    """Three of the same achievement, agreed at the third level throughout, the oldest first."""
    made = []
    for number, learner in enumerate(learners):
        submission = factories.make_submission(learner, programme)
        factories.make_decision(submission, bea)
        submission.refresh_from_db()
        made.append(factories.make_exemplar(submission, cy, name=f"Exemplar {number}"))
    return made


@pytest.fixture
def asked(exemplars, programme, mo) -> MarkingPolicy:
    """Two of the three, at least half of the criteria exactly."""
    return ask(programme, exemplars=2, exact=50, by=mo)


@pytest.fixture
def waiting(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


def marks(exemplar: Exemplar, *positions: int, comment: str = "I see it so.") -> list[Mark]:
    criteria = exemplar.submission.achievement.criteria
    return [
        Mark(criterion, criterion.levels.get(position=position), comment)
        for criterion, position in zip(criteria, positions, strict=True)
    ]


def scored(exemplar: Exemplar, person: User, *positions: int) -> Calibration:
    calibration = start(exemplar, by=person)
    given = marks(exemplar, *positions)
    return score(save(calibration, version=calibration.version, marks=given, by=person), by=person)


def refused(code: str, act, *args, **given) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        act(*args, **given)
    assert refusal.value.code == code
    return refusal.value


def later(calibration: Calibration, by: timedelta) -> None:
    Calibration.objects.filter(pk=calibration.pk).update(scored_at=timezone.now() - by)


# --- A try -----------------------------------------------------------------------------------------


def test_bo_scores_an_exemplar_and_sees_how_far_he_is(exemplars, bo):
    calibration = scored(exemplars[0], bo, 3, 2)
    assert (calibration.exact, calibration.adjacent, calibration.far, calibration.criteria) == (1, 1, 0, 2)
    found = comparison(calibration)
    assert [(one.own.position, one.agreed.position, one.distance) for one in found] == [(3, 3, 0), (2, 3, -1)]
    assert found[0].reason == "Because of C1." and found[0].comment == "I see it so."


@pytest.mark.parametrize(
    ("positions", "exact", "passed"),
    [
        ((3, 3), 100, True),
        ((3, 2), 50, True),
        ((3, 2), 60, False),
        ((2, 4), 0, True),
        ((3, 1), 50, False),
        ((3, 1), 0, False),
    ],
)
def test_passed_is_who_hits_enough_and_nothing_by_more_than_a_level(
    exemplars, programme, bo, mo, positions, exact, passed
):
    ask(programme, exemplars=1, exact=exact, by=mo)
    assert scored(exemplars[0], bo, *positions).passed is passed


def test_every_criterion_has_to_be_scored(exemplars, bo):
    calibration = start(exemplars[0], by=bo)
    save(calibration, version=1, marks=marks(exemplars[0], 3, 3)[:1], by=bo)
    assert "C2" in str(refused("scores-missing", score, calibration, by=bo))
    calibration.refresh_from_db()
    assert calibration.is_open


def test_a_try_that_is_open_goes_on_where_it_stopped(exemplars, bo):
    calibration = start(exemplars[0], by=bo)
    save(calibration, version=1, marks=marks(exemplars[0], 3, 3), by=bo)
    assert start(exemplars[0], by=bo) == calibration
    assert Calibration.objects.count() == 1


@pytest.mark.parametrize("who", ["cy", "mo", "root", "dee"])
def test_only_assessors_of_the_programme_are_calibrated(who, exemplars, request):
    with pytest.raises(Forbidden):
        start(exemplars[0], by=request.getfixturevalue(who))


def test_nobody_scores_or_finishes_the_try_of_another(exemplars, bo, bea, cy, mo):
    calibration = start(exemplars[0], by=bo)
    for person in (bea, cy, mo):
        with pytest.raises(Forbidden):
            save(calibration, version=1, marks=[], by=person)
        with pytest.raises(Forbidden):
            score(calibration, by=person)


def test_who_loses_the_role_loses_the_try(exemplars, bo):
    calibration = start(exemplars[0], by=bo)
    bo.groups.clear()
    bo.forget_grants()
    with pytest.raises(Forbidden):
        save(calibration, version=1, marks=[], by=bo)


def test_who_judged_or_agreed_on_the_work_is_not_calibrated_by_it(exemplars, bea, cy, programme):
    factories.grant(cy, "assessor", programme)
    cy.forget_grants()
    for person in (bea, cy):
        with pytest.raises(Forbidden):
            start(exemplars[0], by=person)


def test_a_draft_and_a_retired_exemplar_calibrate_nobody(exemplars, bo, cy):
    draft = revise(exemplars[0], by=cy)
    retire(exemplars[1], by=cy)
    exemplars[1].refresh_from_db()
    for one in (draft, exemplars[1]):
        with pytest.raises(Forbidden):
            start(one, by=bo)


def test_an_exemplar_that_is_retired_meanwhile_takes_nothing_more(exemplars, bo, cy):
    calibration = start(exemplars[0], by=bo)
    retire(exemplars[0], by=cy)
    refused("exemplar-retired", save, calibration, version=1, marks=[], by=bo)
    refused("exemplar-retired", score, calibration, by=bo)


def test_a_finished_try_never_changes(exemplars, bo):
    calibration = scored(exemplars[0], bo, 3, 3)
    refused("calibration-finished", save, calibration, version=2, marks=marks(exemplars[0], 1, 1), by=bo)
    refused("calibration-finished", score, calibration, by=bo)
    refused("calibration-passed", start, exemplars[0], by=bo)


def test_another_window_is_never_overwritten(exemplars, bo):
    calibration = start(exemplars[0], by=bo)
    save(calibration, version=1, marks=marks(exemplars[0], 3, 3, comment="First window."), by=bo)
    error = refused("stale", save, calibration, version=1, marks=marks(exemplars[0], 1, 1), by=bo)
    assert error.extra["version"] == 2
    assert {one["comment"] for one in error.extra["scores"]} == {"First window."}
    assert {one.level.position for one in calibration.scores.all()} == {3}


def test_strange_criteria_levels_and_endless_comments_are_refused(exemplars, bo, organisation):
    calibration = start(exemplars[0], by=bo)
    first, second = exemplars[0].submission.achievement.criteria
    strange = factories.make_achievement(organisation).criteria[0]
    for code, mark in (
        ("unknown-criterion", Mark(strange, None)),
        ("unknown-level", Mark(first, second.levels.first())),
        ("text-too-long", Mark(first, None, "x" * 2001)),
    ):
        refused(code, save, calibration, version=1, marks=[mark], by=bo)
    assert not calibration.scores.exists()


@pytest.mark.django_db(transaction=True)
def test_begun_in_two_windows_at_once_it_is_one_try(exemplars, bo):
    made = factories.at_once(lambda _window: start(exemplars[0], by=bo), range(3))
    assert {one.pk for one in made} == {Calibration.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_finished_in_two_windows_at_once_it_is_counted_once(exemplars, bo):
    calibration = start(exemplars[0], by=bo)
    save(calibration, version=1, marks=marks(exemplars[0], 3, 3), by=bo)

    def finish(_window):
        return score(Calibration.objects.with_context().get(pk=calibration.pk), by=bo)

    answers = factories.at_once(finish, range(2))
    assert sorted(type(one).__name__ for one in answers) == ["Calibration", "DomainError"]
    assert Event.objects.filter(verb="calibration-scored").count() == 1


# --- Trying again ----------------------------------------------------------------------------------


def test_after_a_failure_the_next_exemplar_comes_first(exemplars, bo):
    failed = scored(exemplars[0], bo, 1, 1)
    later(failed, RETRY_AFTER * 2)
    refused("calibration-closed", start, exemplars[0], by=bo)
    scored(exemplars[1], bo, 3, 3)
    scored(exemplars[2], bo, 3, 3)
    assert start(exemplars[0], by=bo).attempt == 2


def test_after_the_last_one_there_is_a_wait(exemplars, bo):
    failed = [scored(one, bo, 1, 1) for one in exemplars]
    refused("calibration-closed", start, exemplars[0], by=bo)
    later(failed[0], RETRY_AFTER - timedelta(minutes=1))
    refused("calibration-closed", start, exemplars[0], by=bo)
    later(failed[0], RETRY_AFTER)
    again = start(exemplars[0], by=bo)
    assert (again.attempt, again.scores.count()) == (2, 0)
    assert Calibration.objects.filter(exemplar=exemplars[0]).count() == 2


def test_a_moderator_opens_it_before_the_time(exemplars, bo, cy):
    failed, *_others = [scored(one, bo, 1, 1) for one in exemplars]
    reopen(failed, by=cy)
    told = Notification.objects.get(recipient=bo, kind="calibration-open")
    assert told.data["again"] is True
    assert start(exemplars[0], by=bo).attempt == 2
    refused("not-failed", reopen, failed, by=cy)


def test_nobody_opens_it_for_themselves_or_where_nothing_failed(exemplars, bo, cy, mo, bea, programme):
    failed, passed = scored(exemplars[0], bo, 1, 1), scored(exemplars[1], bo, 3, 3)
    for person in (bo, bea):
        with pytest.raises(Forbidden):
            reopen(failed, by=person)
    factories.grant(bo, "moderator", programme)
    bo.forget_grants()
    with pytest.raises(Forbidden):
        reopen(failed, by=bo)
    refused("not-failed", reopen, passed, by=cy)
    refused("not-failed", reopen, start(exemplars[2], by=bo), by=mo)


def test_a_corrected_exemplar_asks_nothing_more_of_who_passed(exemplars, bo, cy):
    scored(exemplars[0], bo, 3, 3)
    draft = publish(revise(exemplars[0], by=cy), looked_through=True, by=cy)
    refused("calibration-passed", start, draft, by=bo)


# --- The gate --------------------------------------------------------------------------------------


def test_the_queue_opens_with_the_second_exemplar(asked, exemplars, waiting, bo):
    assert not queue_of(bo).exists()
    refused("not-calibrated", claim, waiting, by=bo)
    assert claim_next(queue_of(bo), by=bo) is None
    assert [course.missing for course in closed_to(bo)] == [2]
    scored(exemplars[0], bo, 3, 3)
    refused("not-calibrated", claim, waiting, by=bo)
    scored(exemplars[1], bo, 2, 3)
    assert queue_of(bo).get() == waiting
    assert claim(waiting, by=bo).assessor == bo


def test_a_failed_exemplar_opens_nothing(asked, exemplars, waiting, bo):
    for one in exemplars[:2]:
        scored(one, bo, 1, 1)
    refused("not-calibrated", claim, waiting, by=bo)


def test_nobody_is_asked_for_exemplars_that_they_know_or_that_are_not_there(
    asked, exemplars, waiting, bea, bo, cy
):
    assert queue_of(bea).get() == waiting  # she judged all three
    for one in exemplars[1:]:
        retire(one, by=cy)
    assert [course.missing for course in closed_to(bo)] == [1]
    retire(exemplars[0], by=cy)
    assert queue_of(bo).get() == waiting


def test_a_pass_on_a_retired_exemplar_still_counts(asked, exemplars, waiting, bo, cy):
    for one in exemplars[:2]:
        scored(one, bo, 3, 3)
    retire(exemplars[0], by=cy)
    assert queue_of(bo).get() == waiting


def test_without_a_policy_that_asks_everybody_judges(exemplars, waiting, bo):
    assert queue_of(bo).get() == waiting
    assert claim(waiting, by=bo)


def test_another_achievement_stays_open(asked, organisation, programme, ada, bo):
    other = factories.make_achievement(organisation)
    programme.achievements.add(other)
    free = factories.make_submission(ada, programme, other)
    assert queue_of(bo).get() == free
    assert claim_next(queue_of(bo), by=bo).submission == free


def test_a_newer_version_of_the_rubric_is_calibrated_anew(
    asked, exemplars, organisation, programme, alan, bo, bea, cy
):
    for one in exemplars[:2]:
        scored(one, bo, 3, 3)
    newer = factories.make_achievement(organisation)
    programme.achievements.add(newer)
    judged = factories.make_submission(alan, programme, newer)
    factories.make_decision(judged, bea)
    judged.refresh_from_db()
    assert not closed_to(bo)
    factories.make_exemplar(judged, cy)
    assert [(course.achievement, course.missing) for course in closed_to(bo)] == [(newer.pk, 1)]


def test_an_own_policy_of_the_achievement_goes_before_the_general_one(asked, achievement, programme, mo, bo):
    refused("no-own-policy", ask, programme, exemplars=1, exact=0, achievement=achievement, by=mo)
    MarkingPolicy.objects.create(programme=programme, achievement=achievement)
    assert not closed_to(bo)
    ask(programme, exemplars=3, exact=0, achievement=achievement, by=mo)
    assert [course.asked for course in closed_to(bo)] == [3]


def test_a_review_begun_before_the_policy_is_finished(exemplars, waiting, bo, cy, mo, programme):
    review = factories.make_review(waiting, bo)
    ask(programme, exemplars=2, exact=50, by=mo)
    save_scores(review, version=review.version, marks=[], feedback="Going on.", by=bo)
    break_lock(waiting, by=cy)
    again = claim(waiting, by=bo)
    assert again.feedback == "Going on."
    release(again, by=bo)
    assert queue_of(bo).get() == waiting
    assert Review.objects.filter(assessor=bo).count() == 2


def test_overseers_who_do_not_assess_see_all_that_waits(asked, waiting, cy, mo):
    assert queue_of(cy).get() == queue_of(mo).get() == waiting


def test_a_conflict_of_interest_takes_the_exemplar_away_and_asks_for_nothing(
    learners, exemplars, programme, bo, bea, mo
):
    submission = exemplars[0].submission
    Review.objects.filter(submission=submission)
    submission.skips.create(person=bo, reason="conflict")
    with pytest.raises(Forbidden):
        start(exemplars[0], by=bo)
    ask(programme, exemplars=3, exact=0, by=mo)
    assert [course.missing for course in closed_to(bo)] == [2]
    assert course_of(bo, exemplars[0]).steps[0].exemplar == exemplars[1]


def test_looking_at_the_levels_ends_the_calibration_by_it(exemplars, bo, programme, mo, cy):
    factories.grant(bo, "moderator", programme)
    bo.forget_grants()
    look(exemplars[0], by=bo)
    with pytest.raises(Forbidden):
        start(exemplars[0], by=bo)


# --- Asking and telling ----------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bo", "cy", "ada", "dee"])
def test_only_managers_set_what_is_asked(who, programme, request):
    with pytest.raises(Forbidden):
        ask(programme, exemplars=1, exact=50, by=request.getfixturevalue(who))


@pytest.mark.parametrize(("exemplars_", "exact"), [(-1, 50), (11, 50), (1, -1), (1, 101)])
def test_numbers_out_of_range_are_refused(programme, mo, exemplars_, exact):
    refused("unknown-number", ask, programme, exemplars=exemplars_, exact=exact, by=mo)
    assert not MarkingPolicy.objects.exists()


def test_asking_is_recorded_once(programme, mo):
    ask(programme, exemplars=2, exact=50, by=mo)
    ask(programme, exemplars=2, exact=50, by=mo)
    event = Event.objects.get(verb="calibration-asked")
    assert (event.data["exemplars"], event.data["before"]["exemplars"]) == (2, 0)


def test_who_is_kept_from_the_queue_is_told_once(exemplars, programme, bo, bea, mo, cy, ada):
    ask(programme, exemplars=1, exact=50, by=mo)
    ask(programme, exemplars=2, exact=50, by=mo)
    told = Notification.objects.filter(kind="calibration-open")
    assert [one.recipient for one in told] == [bo]


def test_a_first_exemplar_published_under_such_a_policy_tells_too(programme, ada, bo, bea, cy, mo):
    ask(programme, exemplars=1, exact=50, by=mo)
    assert not Notification.objects.filter(kind="calibration-open").exists()
    submission = factories.make_submission(ada, programme)
    factories.make_decision(submission, bea)
    submission.refresh_from_db()
    draft = factories.make_exemplar(submission, cy, published=False)
    answer(draft, agrees=True, by=ada)
    agree(draft, name=draft.name, note="", levels=[], by=cy)
    publish(draft, looked_through=True, by=cy)
    assert Notification.objects.get(kind="calibration-open").recipient == bo


def test_the_gate_costs_the_queue_one_question_where_nothing_is_asked(
    exemplars, waiting, bo, django_assert_num_queries
):
    assert bo.grants
    with django_assert_num_queries(2):
        list(open_to(Submission.objects.all(), bo))


def test_skipping_still_works_beside_the_gate(exemplars, waiting, bo, mo, programme):
    review = factories.make_review(waiting, bo)
    skip(review, reason="language", words="", by=bo)
    ask(programme, exemplars=2, exact=50, by=mo)
    assert claim_next(queue_of(bo), by=bo) is None
