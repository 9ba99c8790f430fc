"""Deciding: what the rubric asks is what decides, once, together with the badge and the trail."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.models import Achievement, Submission
from assessments.models.lifecycle import State
from assessments.submitting import start, submit
from badges.issuing import ISSUE
from badges.models import Credential
from badges.models.credential import CredentialState
from reviews import releasing
from reviews.claiming import claim
from reviews.concluding import standing_of
from reviews.deciding import decide
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import ReviewState
from reviews.scoring import Mark, save_scores
from tests import factories
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event, Job


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


def scored(submission: Submission, assessor, *positions: int | None) -> Review:
    """Claimed, with one position a criterion."""
    review = claim(submission, by=assessor)
    marks = [
        Mark(criterion, criterion.levels.get(position=position))
        for criterion, position in zip(submission.achievement.criteria, positions, strict=True)
        if position
    ]
    return save_scores(review, version=1, marks=marks, by=assessor)


def refusal(review: Review, outcome: Outcome, feedback: str, by) -> DomainError:
    with pytest.raises(DomainError) as caught:
        decide(review, outcome=outcome, feedback=feedback, by=by)
    return caught.value


# --- Outcomes --------------------------------------------------------------------------------------


def test_bo_approves_and_badge_job_and_trail_are_there(bo, ada, handed_in):
    review = factories.make_review(handed_in, bo)
    decision = decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    handed_in.refresh_from_db()
    review.refresh_from_db()
    assert (handed_in.state, handed_in.claimed_by) == (State.APPROVED, None)
    assert review.state == ReviewState.DECIDED
    assert (decision.decided_by, decision.fence, decision.total) == (bo, 1, Decimal("66.67"))
    assert decision.manifest_sha256 == handed_in.manifest_sha256
    assert [row["position"] for row in decision.results] == [3, 3]
    credential = Credential.objects.get()
    assert (credential.decision_id, credential.learner) == (decision.pk, ada)
    assert credential.state == CredentialState.PLANNED
    assert Job.objects.get(kind=ISSUE).subject_id == credential.pk
    event = Event.objects.about(handed_in).in_order().last()
    assert event.verb == "decided"
    assert event.data["manifest_sha256"] == handed_in.manifest_sha256
    assert event.data["fence"] == 1
    assert list(breaks()) == []


@pytest.mark.parametrize(("outcome", "state"), [(Outcome.RETURN, "returned"), (Outcome.REJECT, "rejected")])
def test_bo_returns_or_rejects_with_reasons_and_no_badge(bo, handed_in, outcome, state):
    review = scored(handed_in, bo, 2, None)
    decision = decide(review, outcome=outcome, feedback="  Show the log rule at work.  ", by=bo)
    handed_in.refresh_from_db()
    assert handed_in.state == state
    assert decision.feedback == "Show the log rule at work."
    assert decision.total is None, "one criterion has no level"
    assert len(decision.results) == 1
    assert not Credential.objects.exists()
    assert not Job.objects.filter(kind=ISSUE).exists()


def test_what_was_judged_stays_whatever_is_scored_later(bo, handed_in):
    decision = factories.make_decision(handed_in, bo)
    decision.review.scores.all().delete()
    decision.refresh_from_db()
    assert [row["comment"] for row in decision.results] == ["Well argued.", "Well argued."]


def test_a_second_attempt_is_judged_anew(bo, bea, ada, programme, achievement, handed_in):
    factories.make_decision(handed_in, bo, Outcome.RETURN, "Log what you drop.")
    second = start(programme, achievement, by=ada)
    submit(second, declaration=True, by=ada)
    decision = factories.make_decision(second, bea)
    assert decision.submission.attempt == 2
    assert Credential.objects.get().submission_id == second.pk


# --- Refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Outcome.RETURN, Outcome.REJECT])
@pytest.mark.parametrize("feedback", ["", "   \n\t "])
def test_a_no_without_a_reason_is_refused(bo, handed_in, outcome, feedback):
    review = factories.make_review(handed_in, bo)
    error = refusal(review, outcome, feedback, bo)
    assert (error.code, error.status) == ("feedback-missing", 422)
    assert not Decision.objects.exists()


def test_approval_needs_every_level(bo, handed_in):
    error = refusal(scored(handed_in, bo, 3, None), Outcome.APPROVE, "", bo)
    assert (error.code, error.status) == ("scores-missing", 422)
    assert "C2" in str(error)
    assert "C1" not in str(error)


def test_approval_needs_the_required_levels(bo, handed_in):
    error = refusal(scored(handed_in, bo, 2, 4), Outcome.APPROVE, "", bo)
    assert (error.code, error.status) == ("below-required", 422)
    assert "C1" in str(error)


def test_approval_needs_the_least_total(bo, handed_in):
    Achievement.objects.update(minimum_total=Decimal("66.68"))
    error = refusal(scored(handed_in, bo, 3, 3), Outcome.APPROVE, "", bo)
    assert (error.code, error.status) == ("total-too-low", 422)
    assert "66.67" in str(error)


def test_the_least_total_itself_is_enough(bo, handed_in):
    Achievement.objects.update(minimum_total=Decimal("66.67"))
    assert decide(scored(handed_in, bo, 3, 3), outcome=Outcome.APPROVE, feedback="", by=bo).is_approval


def test_a_decision_is_made_once(bo, handed_in):
    review = factories.make_review(handed_in, bo)
    decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    assert refusal(review, Outcome.REJECT, "Changed my mind.", bo).code == "already-decided"
    assert Decision.objects.get().outcome == Outcome.APPROVE


def test_only_who_holds_the_work_decides(bo, bea, ada, cy, mo, root, dee, handed_in):
    review = factories.make_review(handed_in, bo)
    for person in (bea, ada, cy, mo, root, dee):
        with pytest.raises(Forbidden):
            decide(review, outcome=Outcome.APPROVE, feedback="", by=person)


def test_a_lease_that_ended_and_was_swept_decides_nothing(bo, handed_in):
    review = factories.make_review(handed_in, bo)
    Submission.objects.update(state=State.SUBMITTED, claimed_by=None, lease_until=None)
    assert refusal(review, Outcome.APPROVE, "", bo).code == "lease-lost"


def test_a_lease_that_ended_and_that_nobody_took_still_decides(bo, handed_in):
    review = factories.make_review(handed_in, bo)
    Submission.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    assert decide(review, outcome=Outcome.APPROVE, feedback="", by=bo).is_approval


def test_feedback_has_a_limit_and_no_nul(bo, handed_in):
    review = factories.make_review(handed_in, bo)
    assert refusal(review, Outcome.RETURN, "x" * 10_001, bo).code == "text-too-long"
    assert decide(review, outcome=Outcome.RETURN, feedback="a\x00b", by=bo).feedback == "ab"


# --- All or nothing --------------------------------------------------------------------------------


def test_when_the_badge_cannot_be_planned_nothing_is_decided(bo, handed_in, monkeypatch):
    review = factories.make_review(handed_in, bo)
    before = Event.objects.count()

    def broken(*_args, **_kwargs):
        raise RuntimeError("no key")

    monkeypatch.setattr(releasing, "plan", broken)
    with pytest.raises(RuntimeError, match="no key"):
        decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    handed_in.refresh_from_db()
    review.refresh_from_db()
    assert (handed_in.state, handed_in.claimed_by) == (State.IN_REVIEW, bo)
    assert review.state == ReviewState.OPEN
    jobs = Job.objects.filter(kind=ISSUE)
    assert (Decision.objects.count(), Credential.objects.count(), jobs.count()) == (0, 0, 0)
    assert Event.objects.count() == before
    assert list(breaks()) == []


@pytest.mark.django_db(transaction=True)
def test_fifty_equal_approvals_make_one_decision_and_one_badge(bo, handed_in):
    review = factories.make_review(handed_in, bo)
    results = factories.at_once(
        lambda outcome: decide(review, outcome=outcome, feedback="", by=bo), [Outcome.APPROVE] * 50
    )
    made = [result for result in results if isinstance(result, Decision)]
    refused = [result for result in results if isinstance(result, DomainError)]
    assert (len(made), len(refused)) == (1, 49), results
    assert {error.code for error in refused} == {"already-decided"}
    jobs = Job.objects.filter(kind=ISSUE)
    assert (Decision.objects.count(), Credential.objects.count(), jobs.count()) == (1, 1, 1)
    assert Event.objects.filter(verb="decided").count() == 1
    assert list(breaks()) == []


@pytest.mark.django_db(transaction=True)
def test_approve_return_and_reject_at_once_leave_one_of_them(bo, handed_in):
    review = factories.make_review(handed_in, bo)
    results = factories.at_once(
        lambda outcome: decide(review, outcome=outcome, feedback="So be it.", by=bo), Outcome
    )
    made = [result for result in results if isinstance(result, Decision)]
    assert len(made) == 1, results
    handed_in.refresh_from_db()
    assert handed_in.state == releasing.STATES[made[0].outcome]
    assert Credential.objects.count() == (made[0].outcome == Outcome.APPROVE)


# --- The weighted total, by hand -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "positions", "total"),
    [
        # Levels give 0, 1, 2, 3 points at positions 1 to 4, so the most is 3.
        ((1, 1), (4, 4), "100.00"),
        ((1, 1), (1, 1), "0.00"),
        ((1, 1), (3, 3), "66.67"),  # (2 + 2) / 6
        ((1, 1), (2, 4), "66.67"),  # (1 + 3) / 6
        ((3, 1), (2, 4), "50.00"),  # (3·1 + 1·3) / (3·3 + 1·3) = 6 / 12
        ((3, 1), (4, 2), "83.33"),  # (3·3 + 1·1) / 12 = 10 / 12
        ((None, 2), (4, 1), "33.33"),  # no weight counts as one: 3 / 9
        ((Decimal("0.25"), Decimal("0.75")), (3, 4), "91.67"),  # (0.5 + 2.25) / 3
        ((0, 1), (1, 4), "100.00"),  # a criterion of weight 0 is judged and counts nothing
    ],
)
def test_weighted_total(bo, handed_in, weights, positions, total):
    for criterion, weight in zip(handed_in.achievement.criteria, weights, strict=True):
        criterion.weight = weight
        criterion.save()
    review = scored(handed_in, bo, *positions)
    achievement = Achievement.objects.with_rubric().get()
    standing = standing_of(achievement, list(review.scores.select_related("criterion", "level")))
    assert (standing.total, standing.missing) == (Decimal(total), [])


def test_the_running_total_counts_what_has_a_level(bo, handed_in):
    review = scored(handed_in, bo, 2, None)
    achievement = Achievement.objects.with_rubric().get()
    scores = list(review.scores.select_related("criterion", "level"))
    standing = standing_of(achievement, scores)
    assert standing.total == Decimal("33.33")
    assert [criterion.code for criterion in standing.missing] == ["C2"]
    assert [criterion.code for criterion in standing.below] == ["C1"]
    assert not standing.may_be_approved


def test_a_rubric_without_points_has_no_total_and_still_decides(bo, handed_in):
    for criterion in handed_in.achievement.criteria:
        criterion.levels.update(points=None)
    decision = decide(scored(handed_in, bo, 3, 4), outcome=Outcome.APPROVE, feedback="", by=bo)
    assert decision.total is None
