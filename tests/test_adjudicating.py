"""Adjudicating: a moderator who took no part settles a disagreement, with reasons, once."""

import pytest
from django.utils import timezone

from assessments.models import Submission
from assessments.models.lifecycle import State
from assessments.submitting import withdraw
from badges.models import Credential
from reviews.adjudicating import Ruling, adjudicate, is_disagreed
from reviews.deciding import decide
from reviews.models import Decision, Review, Score
from reviews.models.decision import Outcome
from reviews.models.policy import Choice, Markers
from reviews.models.review import ReviewKind, ReviewState
from reviews.prescribing import Rules, prescribe
from tests import factories
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event


@pytest.fixture
def disputed(ada, programme, mo, bo, bea) -> Submission:
    """Bo approves with 3 and 4, Bea returns with 2 and 4."""
    prescribe(programme, Rules(Markers.DOUBLE_BLIND), by=mo)
    submission = factories.make_submission(ada, programme)
    decide(factories.scored(submission, bo, 3, 4), outcome=Outcome.APPROVE, feedback="Clear.", by=bo)
    decide(factories.scored(submission, bea, 2, 4), outcome=Outcome.RETURN, feedback="Log more.", by=bea)
    submission.refresh_from_db()
    return submission


def ruling(submission, number: int, position: int | None, reason: str = "", comment: str | None = None):
    criterion = submission.achievement.criteria[number - 1]
    level = criterion.levels.get(position=position) if position else None
    return Ruling(criterion, level, reason, comment)


def settle(
    submission, by, *rulings, outcome=Outcome.APPROVE, feedback="", reason="The log is there.", **more
):
    return adjudicate(
        submission, rulings=rulings, outcome=outcome, feedback=feedback, reason=reason, by=by, **more
    )


def refusal(submission, by, *rulings, **told) -> str:
    with pytest.raises(DomainError) as caught:
        settle(submission, by, *rulings, **told)
    assert not Decision.objects.exists()
    assert not Review.objects.filter(kind=ReviewKind.ADJUDICATION).exists()
    return caught.value.code


# --- Settling --------------------------------------------------------------------------------------------


def test_cy_settles_what_bo_and_bea_disagreed_about(ada, cy, bo, bea, disputed):
    assert is_disagreed(disputed)
    decision = settle(disputed, cy, ruling(disputed, 1, 3, "Line 12 logs it."), feedback="Good work.")
    disputed.refresh_from_db()
    assert (disputed.state, disputed.fence) == (State.APPROVED, 3)
    assert (decision.decided_by, decision.moderated, decision.fence) == (cy, True, 3)
    assert (decision.feedback, decision.outcome) == ("Good work.", "approve")
    assert [row["position"] for row in decision.results] == [3, 4]
    assert decision.results[0]["comment"] == "Bo Maes: 3.\n\nBea Lambert: 2."
    assert list(decision.basis["formed"].values()) == ["adjudicated", "equal"]
    assert decision.basis["reason"] == "The log is there."
    assert len(decision.basis["reviews"]) == 3
    assert decision.is_released
    assert Credential.objects.get().decision_id == decision.pk
    review = decision.review
    assert (review.kind, review.assessor, review.state) == (ReviewKind.ADJUDICATION, cy, ReviewState.DECIDED)
    assert Score.objects.get(review=review).comment == "Line 12 logs it."
    assert set(Review.objects.values_list("state", flat=True)) == {ReviewState.DECIDED}
    assert not is_disagreed(disputed)


def test_the_trail_tells_ids_and_no_words(cy, disputed):
    decision = settle(disputed, cy, ruling(disputed, 1, 3, "Line 12 logs it."))
    event = Event.objects.about(disputed).get(verb="adjudicated")
    assert (event.actor, event.data["decision"], event.data["fence"]) == (cy, str(decision.pk), 3)
    assert event.data["disagreed"] == [str(disputed.achievement.criteria[0].pk)]
    assert "logs" not in str(event.data)
    assert "log is there" not in str(event.data)
    assert list(breaks()) == []


def test_a_return_is_told_to_ada_without_who_marked(ada, cy, disputed):
    settle(disputed, cy, ruling(disputed, 1, 2), outcome=Outcome.RETURN, feedback="Add a log rule.")
    disputed.refresh_from_db()
    assert disputed.state == State.RETURNED
    assert ada.notifications.filter(kind="decided").exists()
    assert not Credential.objects.exists()


def test_what_was_agreed_may_be_changed_with_a_reason(cy, disputed):
    changed = ruling(disputed, 2, 3, "The tests cover half of it.", "Cover the rest.")
    decision = settle(disputed, cy, ruling(disputed, 1, 3), changed)
    assert [row["position"] for row in decision.results] == [3, 3]
    assert decision.results[1]["comment"] == "Cover the rest."
    event = Event.objects.get(verb="adjudicated")
    assert event.data["changed"] == [str(disputed.achievement.criteria[1].pk)]


def test_a_comment_alone_may_be_reworded_and_the_level_stays_formed(cy, disputed):
    decision = settle(disputed, cy, ruling(disputed, 1, 3), ruling(disputed, 2, 4, "", "One text."))
    assert (decision.results[1]["position"], decision.results[1]["comment"]) == (4, "One text.")
    assert list(decision.basis["formed"].values()) == ["adjudicated", "equal"]


def test_outcomes_alone_may_be_what_they_differ_on(ada, programme, mo, bo, bea, cy):
    prescribe(programme, Rules(Markers.DOUBLE_OPEN), by=mo)
    submission = factories.make_submission(ada, programme)
    decide(factories.scored(submission, bo, 3, 3), outcome=Outcome.APPROVE, feedback="", by=bo)
    decide(factories.scored(submission, bea, 3, 3), outcome=Outcome.REJECT, feedback="Not hers.", by=bea)
    decision = settle(submission, cy)
    assert (decision.outcome, list(decision.basis["formed"].values())) == ("approve", ["equal", "equal"])


# --- Refusals --------------------------------------------------------------------------------------------


def test_only_a_moderator_who_took_no_part_settles(programme, ada, bo, mo, root, dee, disputed):
    factories.grant(bo, "moderator", programme)
    factories.grant(ada, "moderator", programme)
    for person in (bo, ada, mo, root, dee):
        with pytest.raises(Forbidden):
            settle(disputed, person, ruling(disputed, 1, 3))


@pytest.mark.parametrize(
    ("rulings", "told", "code"),
    [
        ((), {}, "levels-missing"),
        (((1, None),), {}, "levels-missing"),
        (((1, 2),), {}, "below-required"),
        (((1, 3),), {"reason": "  "}, "reason-missing"),
        (((1, 3), (2, 3)), {}, "change-reason-missing"),
        (((1, 2),), {"outcome": Outcome.RETURN}, "feedback-missing"),
        ((), {"outcome": Outcome.RETURN, "feedback": "Log."}, "levels-missing"),
        (((1, 3),), {"feedback": "x" * 10_001}, "text-too-long"),
        (((1, 3, "x" * 5001),), {}, "text-too-long"),
        (((1, 3),), {"seen": []}, "stale"),
    ],
)
def test_what_is_refused_changes_nothing(cy, disputed, rulings, told, code):
    assert refusal(disputed, cy, *(ruling(disputed, *one) for one in rulings), **told) == code
    disputed.refresh_from_db()
    assert (disputed.state, disputed.fence) == (State.MODERATION, 2)


def test_levels_and_criteria_of_others_are_refused(cy, organisation, disputed):
    stranger = factories.make_achievement(organisation, code="other").criteria[0]
    first, second = disputed.achievement.criteria
    assert refusal(disputed, cy, Ruling(stranger, stranger.levels.first(), "?")) == "unknown-criterion"
    assert refusal(disputed, cy, Ruling(first, second.levels.first(), "?")) == "unknown-level"


def test_work_under_investigation_is_not_settled(cy, disputed):
    Submission.objects.filter(pk=disputed.pk).update(held_at=timezone.now())
    assert refusal(disputed, cy, ruling(disputed, 1, 3)) == "held"


def test_withdrawn_work_is_not_settled(ada, cy, disputed):
    withdraw(disputed, by=ada)
    assert refusal(disputed, cy, ruling(disputed, 1, 3)) == "not-disagreed"


def test_work_that_waits_for_a_marker_is_not_settled(ada, programme, mo, bo, cy):
    prescribe(programme, Rules(Markers.DOUBLE_BLIND), by=mo)
    submission = factories.make_submission(ada, programme)
    decide(factories.scored(submission, bo, 3, 4), outcome=Outcome.APPROVE, feedback="", by=bo)
    assert refusal(submission, cy, ruling(submission, 1, 3)) == "not-disagreed"


def test_what_was_settled_once_is_not_settled_again(programme, cy, disputed):
    cleo = factories.make_user("Cleo Second")
    factories.grant(cleo, "moderator", programme)
    settle(disputed, cy, ruling(disputed, 1, 3))
    with pytest.raises(DomainError) as caught:
        settle(disputed, cleo, ruling(disputed, 1, 3))
    assert caught.value.code == "already-decided"
    with pytest.raises(Forbidden):
        settle(disputed, cy, ruling(disputed, 1, 3))


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_one_decides(programme, cy, disputed):
    cleo = factories.make_user("Cleo Second")
    factories.grant(cleo, "moderator", programme)
    found = factories.at_once(lambda person: settle(disputed, person, ruling(disputed, 1, 3)), [cy, cleo])
    assert sorted(type(one).__name__ for one in found) == ["Decision", "DomainError"]
    assert next(one.code for one in found if isinstance(one, DomainError)) == "already-decided"
    assert (Decision.objects.count(), Credential.objects.count()) == (1, 1)
    assert list(breaks()) == []


def test_a_rule_of_the_policy_keeps_what_it_formed(ada, programme, mo, bo, bea, cy):
    prescribe(programme, Rules(Markers.DOUBLE_BLIND, tolerance=1, choice=Choice.LOWER), by=mo)
    submission = factories.make_submission(ada, programme)
    decide(factories.scored(submission, bo, 3, 4), outcome=Outcome.APPROVE, feedback="", by=bo)
    decide(factories.scored(submission, bea, 2, 3), outcome=Outcome.RETURN, feedback="Log.", by=bea)
    decision = settle(submission, cy, ruling(submission, 1, 3))
    assert list(decision.basis["formed"].values()) == ["adjudicated", "lower"]
    assert [row["position"] for row in decision.results] == [3, 3]
