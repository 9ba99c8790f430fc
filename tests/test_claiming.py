"""Claiming: one assessor at a time, for a limited time, and never on their own work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Submission
from assessments.models.lifecycle import State
from assessments.submitting import withdraw
from reviews.claiming import (
    LEASE,
    break_lock,
    claim,
    claim_next,
    expire_leases,
    heartbeat,
    release,
)
from reviews.deciding import decide
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import ReviewState
from reviews.scoring import Mark, save_scores
from tests import factories
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event, User


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


def let_lease_end(submission: Submission) -> None:
    Submission.objects.filter(pk=submission.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    submission.refresh_from_db()


def code_of(act, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


# --- The happy path --------------------------------------------------------------------------------


def test_bo_claims_what_ada_handed_in(bo, handed_in):
    review = claim(handed_in, by=bo)
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.claimed_by, handed_in.fence) == (State.IN_REVIEW, bo, 1)
    assert (review.assessor, review.fence, review.state) == (bo, 1, ReviewState.OPEN)
    assert timedelta(0) < LEASE - (handed_in.lease_until - timezone.now()) < timedelta(minutes=1)
    assert Event.objects.about(handed_in).in_order().last().verb == "claimed"


def test_claim_next_takes_the_oldest(bo, ada, alan, programme):
    newer, older = factories.make_submission(ada, programme), factories.make_submission(alan, programme)
    Submission.objects.filter(pk=older.pk).update(submitted_at=timezone.now() - timedelta(days=2))
    assert claim_next(Submission.objects.all(), by=bo).submission == older
    assert claim_next(Submission.objects.all(), by=bo).submission == newer
    assert claim_next(Submission.objects.all(), by=bo) is None


def test_claim_next_stays_within_what_it_is_given(bo, ada, programme, handed_in):
    assert claim_next(Submission.objects.exclude(pk=handed_in.pk), by=bo) is None


# --- Refusals --------------------------------------------------------------------------------------


def test_ada_cannot_claim_her_own_work_though_she_assesses_too(ada, programme, handed_in):
    factories.grant(ada, "assessor", programme)
    with pytest.raises(Forbidden):
        claim(handed_in, by=ada)
    assert claim_next(Submission.objects.all(), by=ada) is None


@pytest.mark.parametrize("who", ["cy", "mo", "root", "dee", "alan"])
def test_only_assessors_claim(who, handed_in, request):
    person = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        claim(handed_in, by=person)
    assert claim_next(Submission.objects.all(), by=person) is None


def test_an_assessor_of_another_programme_cannot_claim(handed_in, organisation, achievement, dee):
    factories.grant(dee, "assessor", factories.make_programme(organisation, achievement))
    with pytest.raises(Forbidden):
        claim(handed_in, by=dee)
    assert claim_next(Submission.objects.all(), by=dee) is None


def test_superuser_is_no_assessor(db, handed_in):
    operator = User.objects.create_superuser("operator@example.org", "x", name="Operator")
    with pytest.raises(Forbidden):
        claim(handed_in, by=operator)


def test_an_assessor_who_is_switched_off_cannot_claim(bo, handed_in):
    bo.is_active = False
    with pytest.raises(Forbidden):
        claim(handed_in, by=bo)


def test_a_draft_cannot_be_claimed(bo, ada, programme):
    draft = factories.make_draft(ada, programme)
    assert code_of(claim, draft, by=bo) == "not-claimable"
    assert claim_next(Submission.objects.all(), by=bo) is None


def test_withdrawn_work_cannot_be_claimed(bo, ada, handed_in):
    withdraw(handed_in, by=ada)
    assert code_of(claim, handed_in, by=bo) == "not-claimable"


def test_decided_work_cannot_be_claimed(bo, bea, handed_in):
    factories.make_decision(handed_in, bo, Outcome.RETURN, "Log what you drop.")
    assert code_of(claim, handed_in, by=bea) == "not-claimable"


def test_bea_cannot_claim_what_bo_holds_and_bo_not_twice(bo, bea, handed_in):
    claim(handed_in, by=bo)
    assert code_of(claim, handed_in, by=bea) == "not-claimable"
    assert code_of(claim, handed_in, by=bo) == "not-claimable"
    assert Review.objects.count() == 1


# --- Many at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_assessors_claim_one_submission_and_one_gets_it(programme, handed_in):
    assessors = [factories.make_user(f"Assessor{number}") for number in range(20)]
    for assessor in assessors:
        factories.grant(assessor, "assessor", programme)
    results = factories.at_once(lambda assessor: claim(handed_in, by=assessor), assessors)
    won = [result for result in results if isinstance(result, Review)]
    lost = [result for result in results if isinstance(result, DomainError)]
    assert (len(won), len(lost)) == (1, 19), results
    assert {error.code for error in lost} == {"not-claimable"}
    assert Review.objects.get() == won[0]
    handed_in.refresh_from_db()
    assert (handed_in.fence, handed_in.claimed_by) == (1, won[0].assessor)
    assert list(breaks()) == []


@pytest.mark.django_db(transaction=True)
def test_eight_assessors_empty_a_queue_of_thirty_and_none_gets_work_twice(programme, achievement):
    learners = [factories.make_user(f"Learner{number}") for number in range(30)]
    factories.enrol(programme, *learners)
    for learner in learners:
        factories.make_submission(learner, programme)
    assessors = [factories.make_user(f"Assessor{number}") for number in range(8)]
    for assessor in assessors:
        factories.grant(assessor, "assessor", programme)

    def take_all(assessor: User) -> list[Review]:
        taken = []
        while review := claim_next(Submission.objects.all(), by=assessor):
            taken.append(review)
        return taken

    results = factories.at_once(take_all, assessors)
    assert all(isinstance(result, list) for result in results), results
    taken = [review.submission_id for result in results for review in result]
    assert len(taken) == len(set(taken)) == 30
    assert Submission.objects.filter(state=State.IN_REVIEW, fence=1).count() == 30
    assert list(breaks()) == []


# --- The lease -------------------------------------------------------------------------------------


def test_a_lease_that_ended_lets_bea_take_over_and_bo_loses_nothing(bo, bea, handed_in):
    criterion = handed_in.achievement.criteria[0]
    review = claim(handed_in, by=bo)
    mark = Mark(criterion, criterion.levels.get(position=2), "The log rule comes last.")
    save_scores(review, version=1, marks=[mark], feedback="Nearly.", by=bo)
    let_lease_end(handed_in)

    taken = claim(handed_in, by=bea)
    assert (taken.fence, taken.assessor) == (2, bea)
    assert taken.scores.count() == 0, "Bea starts from her own eyes"
    assert code_of(save_scores, review, version=2, marks=[mark], by=bo) == "lease-lost"
    review.refresh_from_db()
    assert review.state == ReviewState.EXPIRED
    assert review.scores.get().comment == "The log rule comes last."

    release(taken, by=bea)
    again = claim(handed_in, by=bo)
    assert again.fence == 3
    assert again.feedback == "Nearly."
    assert again.scores.get().comment == "The log rule comes last."
    assert again.scores.get().level == mark.level


def test_the_old_fence_decides_nothing(bo, bea, handed_in):
    review = factories.make_review(handed_in, bo)
    let_lease_end(handed_in)
    factories.make_review(handed_in, bea)
    for outcome in Outcome:
        assert code_of(decide, review, outcome=outcome, feedback="Mine.", by=bo) == "lease-lost"
    assert code_of(heartbeat, review, by=bo) == "lease-lost"
    assert code_of(release, review, by=bo) == "lease-lost"
    assert not Decision.objects.exists()


def test_a_lease_that_nobody_took_is_renewed_by_the_next_save(bo, handed_in):
    review = claim(handed_in, by=bo)
    let_lease_end(handed_in)
    saved = save_scores(review, version=1, marks=[], feedback="Still here.", by=bo)
    assert saved.lease_until > timezone.now()


def test_a_heartbeat_renews_the_lease(bo, handed_in):
    review = claim(handed_in, by=bo)
    soon = timezone.now() + timedelta(minutes=2)
    Submission.objects.filter(pk=handed_in.pk).update(lease_until=soon)
    assert heartbeat(review, by=bo).lease_until > soon + timedelta(minutes=40)


def test_nobody_else_beats_releases_or_saves_for_bo(bo, bea, mo, handed_in):
    review = claim(handed_in, by=bo)
    for person in (bea, mo):
        for act in (heartbeat, release):
            with pytest.raises(Forbidden):
                act(review, by=person)
        with pytest.raises(Forbidden):
            save_scores(review, version=1, marks=[], by=person)


def test_the_sweeper_puts_back_only_what_ended(bo, ada, alan, programme, handed_in):
    other = factories.make_submission(alan, programme)
    ended, live = claim(handed_in, by=bo), claim(other, by=bo)
    let_lease_end(handed_in)
    assert expire_leases() == 1
    assert expire_leases() == 0
    ended.refresh_from_db()
    live.refresh_from_db()
    handed_in.refresh_from_db()
    assert (ended.state, live.state) == (ReviewState.EXPIRED, ReviewState.OPEN)
    assert (handed_in.state, handed_in.claimed_by) == (State.SUBMITTED, None)
    assert Event.objects.about(handed_in).in_order().last().verb == "lease-expired"


def test_a_released_review_is_back_in_the_queue(bo, bea, handed_in):
    review = claim(handed_in, by=bo)
    release(review, by=bo)
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.lease_until) == (State.SUBMITTED, None)
    assert code_of(release, review, by=bo) == "lease-lost"
    assert claim(handed_in, by=bea).fence == 2


def test_bo_loses_the_role_and_with_it_the_review(bo, programme, handed_in, root):
    review = claim(handed_in, by=bo)
    bo.groups.clear()
    bo.forget_grants()
    with pytest.raises(Forbidden):
        save_scores(review, version=1, marks=[], by=bo)


# --- Breaking a lock -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["cy", "mo"])
def test_moderators_and_managers_take_work_back(who, bo, handed_in, request):
    person = request.getfixturevalue(who)
    review = claim(handed_in, by=bo)
    break_lock(handed_in, by=person)
    review.refresh_from_db()
    handed_in.refresh_from_db()
    assert (review.state, handed_in.state) == (ReviewState.BROKEN, State.SUBMITTED)
    assert code_of(save_scores, review, version=1, marks=[], by=bo) == "lease-lost"
    event = Event.objects.about(handed_in).in_order().last()
    assert (event.verb, event.actor, event.data["assessor"]) == ("lock-broken", person, str(bo.pk))


@pytest.mark.parametrize("who", ["bea", "ada", "root", "dee"])
def test_nobody_else_breaks_a_lock(who, bo, handed_in, request):
    claim(handed_in, by=bo)
    with pytest.raises(Forbidden):
        break_lock(handed_in, by=request.getfixturevalue(who))


def test_a_manager_breaks_no_lock_on_their_own_work(bo, ada, programme, handed_in):
    factories.grant(ada, "manager", programme)
    claim(handed_in, by=bo)
    with pytest.raises(Forbidden):
        break_lock(handed_in, by=ada)


def test_there_must_be_a_lock_to_break(mo, handed_in):
    assert code_of(break_lock, handed_in, by=mo) == "not-claimed"
