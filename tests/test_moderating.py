"""Checking how work was judged: accepted once, or returned with action points and judged again."""

import pytest
from django.utils import timezone

from assessments.models import Submission
from assessments.models.hold import Finding
from assessments.models.lifecycle import State
from assessments.submitting import withdraw
from badges.models import Credential
from reviews.adjudicating import Ruling, adjudicate
from reviews.annotating import Anchor, annotate
from reviews.answering import answer, points_for
from reviews.claiming import claim, claim_next, release
from reviews.deciding import decide
from reviews.investigating import lift, place_hold
from reviews.models import ActionPoint, Annotation, Decision, MarkingPolicy, Review, Verification
from reviews.models.annotation import Unit
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule, ReviewState
from reviews.models.verification import MAX_POINT, Stage, Verdict
from reviews.moderating import MOST_POINTS, Point, accept, check_interim, send_back
from reviews.sampling import accepted_in_a_row
from reviews.verification_matrix import matrix_of
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event, Notification

ALL = EvidenceRule.values
POINT = [Point("Say which rule you mean.")]


@pytest.fixture
def held(ada, bo, programme) -> Decision:
    """Bo approved Ada's work, and a moderator is to look at it."""
    return factories.make_held(factories.make_submission(ada, programme), bo)


def refusal(act) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def state_of(decision: Decision) -> str:
    return Submission.objects.get(pk=decision.submission_id).state


# --- Accepting -------------------------------------------------------------------------------------


def test_cy_accepts_and_the_badge_says_moderated(held, ada, bo, cy):
    assert (state_of(held), Credential.objects.exists()) == (State.MODERATION, False)
    verification = accept(held, met=ALL, words="Well judged.", by=cy)
    jobs.run_due()
    held.refresh_from_db()
    assert (held.moderated, held.is_released, state_of(held)) == (True, True, State.APPROVED)
    badge = Credential.objects.get(decision_id=held.pk)
    assert badge.award["judgement"]["moderated"] is True
    assert Notification.objects.filter(recipient=ada, kind="badge-issued").count() == 1
    told = (verification.moderator, verification.verdict, verification.stage, verification.met)
    assert told == (cy, Verdict.ACCEPTED, Stage.SUMMATIVE, ALL)
    event = Event.objects.get(verb="accepted")
    assert (event.actor, event.data["verification"]) == (cy, str(verification.pk))
    assert "Well judged" not in str(event.data)


def test_a_return_that_is_accepted_is_told_to_the_learner(ada, bo, cy, programme):
    decision = factories.make_held(factories.make_submission(ada, programme), bo, Outcome.RETURN)
    assert not Notification.objects.filter(recipient=ada, kind="decided").exists()
    accept(decision, met=[], by=cy)
    assert state_of(decision) == State.RETURNED
    assert Notification.objects.filter(recipient=ada, kind="decided").count() == 1


@pytest.mark.parametrize("who", ["ada", "alan", "bo", "bea", "mo", "root", "dee"])
def test_only_moderators_check(who, held, request):
    person = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        accept(held, met=ALL, by=person)
    with pytest.raises(Forbidden):
        send_back(held, points=POINT, by=person)
    with pytest.raises(Forbidden):
        check_interim(held.review, sound=True, words="Fine.", by=person)


def test_a_moderator_who_marked_it_checks_nothing(held, bo, programme):
    factories.grant(bo, "moderator", programme)
    with pytest.raises(Forbidden):
        accept(held, met=ALL, by=bo)
    with pytest.raises(Forbidden):
        send_back(held, points=POINT, by=bo)


def test_a_moderator_checks_nothing_of_the_own_work(held, ada, programme):
    factories.grant(ada, "moderator", programme)
    with pytest.raises(Forbidden):
        accept(held, met=ALL, by=ada)


def test_an_approval_is_accepted_with_all_four_rules_only(held, cy):
    assert refusal(lambda: accept(held, met=ALL[:3], by=cy)) == "rules-missing"
    assert refusal(lambda: accept(held, met=["valid", "nice"], by=cy)) == "rules-missing"
    assert (state_of(held), Verification.objects.exists()) == (State.MODERATION, False)


def test_remarks_are_limited_and_kept_as_text(held, cy):
    assert refusal(lambda: accept(held, met=ALL, words="x" * 5001, by=cy)) == "text-too-long"
    assert accept(held, met=ALL, words=" a\0b ", by=cy).words == "ab"


def test_what_was_released_is_accepted_no_more(held, cy):
    accept(held, met=ALL, by=cy)
    assert refusal(lambda: accept(held, met=ALL, by=cy)) == "already-checked"
    assert refusal(lambda: send_back(held, points=POINT, by=cy)) == "already-checked"
    assert Verification.objects.count() == 1


def test_what_was_never_held_is_not_accepted(ada, bo, cy, programme):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    assert refusal(lambda: accept(decision, met=ALL, by=cy)) == "already-checked"


def test_what_was_withdrawn_is_not_accepted(held, ada, cy):
    withdraw(held.submission, by=ada)
    assert refusal(lambda: accept(held, met=ALL, by=cy)) == "set-aside"
    assert refusal(lambda: send_back(held, points=POINT, by=cy)) == "set-aside"
    assert not Credential.objects.exists()


def test_under_investigation_nothing_is_checked(held, cy, mo):
    held_back = place_hold(held.submission, words="Copied?", by=mo)
    assert refusal(lambda: accept(held, met=ALL, by=cy)) == "held"
    assert refusal(lambda: send_back(held, points=POINT, by=cy)) == "held"
    lift(held_back, finding=Finding.CLEARED, conclusion="It is her own.", by=mo)
    accept(held, met=ALL, by=cy)
    assert state_of(held) == State.APPROVED


# --- Sending back ----------------------------------------------------------------------------------


def test_cy_sends_back_and_bo_is_told(held, ada, bo, cy):
    criterion = held.submission.achievement.criteria[0]
    points = [Point("Which packet?", criterion), Point("  Say\nwhy. "), Point("   ")]
    verification = send_back(held, points=points, met=["valid"], words="Nearly.", by=cy)
    held.refresh_from_db()
    submission = Submission.objects.get(pk=held.submission_id)
    assert (held.is_standing, held.set_aside_by, submission.state) == (False, cy, State.SUBMITTED)
    assert (submission.assigned_to, submission.assigned_at) == (bo, verification.verified_at)
    assert Review.objects.get(pk=held.review_id).state == ReviewState.RETURNED
    kept = [(one.criterion, one.text) for one in verification.action_points.all()]
    assert sorted(kept, key=str) == sorted([(criterion, "Which packet?"), (None, "Say why.")], key=str)
    assert Notification.objects.filter(recipient=bo, kind="sent-back").count() == 1
    assert not Notification.objects.filter(recipient=ada, kind__in=("decided", "sent-back")).exists()
    assert Event.objects.get(verb="sent-back").data["points"] == 2


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([], "action-points-missing"),
        ([Point(" \0\n ")], "action-points-missing"),
        ([Point("x" * (MAX_POINT + 1))], "text-too-long"),
        ([Point("Look.")] * (MOST_POINTS + 1), "too-many-points"),
    ],
)
def test_without_fitting_action_points_nothing_is_sent_back(held, cy, points, code):
    assert refusal(lambda: send_back(held, points=points, by=cy)) == code
    assert (state_of(held), ActionPoint.objects.exists()) == (State.MODERATION, False)
    assert not Verification.objects.exists()


def test_an_action_point_belongs_to_the_rubric_of_the_work(held, organisation, cy):
    stranger = factories.make_achievement(organisation).criteria[0]
    points = [Point("Look.", stranger)]
    assert refusal(lambda: send_back(held, points=points, by=cy)) == "unknown-criterion"


def test_the_work_goes_to_its_assessor_alone(held, bo, bea, cy):
    send_back(held, points=POINT, by=cy)
    assert claim_next(Submission.objects.all(), by=bea) is None
    assert refusal(lambda: claim(held.submission, by=bea)) == "not-claimable"
    assert claim_next(Submission.objects.all(), by=bo).submission_id == held.submission_id


def test_bo_finds_levels_comments_and_notes_answers_and_decides_again(held, ada, bo, cy):
    item = held.submission.evidence.get()
    Annotation.objects.all().delete()
    first, second = send_back(
        held, points=[Point("Which rule?"), Point("Which line?")], by=cy
    ).action_points.all()
    review = claim(held.submission, by=bo)
    assert [score.level.position for score in review.scores.all()] == [3, 3]
    annotate(review, item, Anchor(Unit.LINE, 5), text="This one.", by=bo)
    answer(first, review, text="Rule 5, noted there.", by=bo)
    again = lambda: decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)  # noqa: E731
    assert refusal(again) == "action-points-open"
    answer(second, review, text="Line 5.", by=bo)
    decision = again()
    assert (decision.sampled_for, decision.is_released) == (["recheck"], False)
    accept(decision, met=ALL, by=cy)
    assert state_of(decision) == State.APPROVED
    held.refresh_from_db()
    assert not held.is_standing
    jobs.run_due()
    assert Credential.objects.get().decision_id == decision.pk


def test_it_is_checked_again_whatever_the_outcome_and_the_policy(held, bo, cy):
    send_back(held, points=POINT, by=cy)
    review = claim(held.submission, by=bo)
    answer(ActionPoint.objects.get(), review, text="Done.", by=bo)
    decision = decide(review, outcome=Outcome.RETURN, feedback="Add the capture.", by=bo)
    assert (decision.sampled_for, decision.is_released) == (["recheck"], False)


def test_it_can_be_sent_back_a_second_time(held, bo, cy):
    send_back(held, points=POINT, by=cy)
    review = claim(held.submission, by=bo)
    answer(ActionPoint.objects.get(), review, text="Done.", by=bo)
    decision = decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    send_back(decision, points=[Point("Not yet.")], by=cy)
    review = claim(held.submission, by=bo)
    assert points_for(review).filter(done_at=None).get().text == "Not yet."
    assert points_for(review).count() == 2


def test_giving_it_back_keeps_it_for_its_assessor(held, bo, bea, cy):
    send_back(held, points=POINT, by=cy)
    release(claim(held.submission, by=bo), by=bo)
    assert claim_next(Submission.objects.all(), by=bea) is None
    assert claim(held.submission, by=bo).is_open


def test_where_the_assessor_left_another_answers(held, bo, bea, cy):
    bo.groups.clear()
    bo.forget_grants()
    send_back(held, points=POINT, by=cy)
    submission = Submission.objects.get(pk=held.submission_id)
    assert (submission.assigned_to, submission.state) == (None, State.SUBMITTED)
    review = factories.make_review(submission, bea)
    assert (
        refusal(lambda: decide(review, outcome=Outcome.APPROVE, feedback="", by=bea)) == "action-points-open"
    )
    answer(ActionPoint.objects.get(), review, text="Said in the comment.", by=bea)
    assert decide(review, outcome=Outcome.APPROVE, feedback="", by=bea).sampled_for == ["recheck"]


def test_whose_review_was_returned_moderates_it_no_more(held, bo, bea, cy, programme):
    send_back(held, points=POINT, by=cy)
    factories.grant(bo, "moderator", programme)
    Submission.objects.filter(pk=held.submission_id).update(assigned_to=None, assigned_at=None)
    review = factories.make_review(held.submission, bea)
    answer(ActionPoint.objects.get(), review, text="Done.", by=bea)
    decision = decide(review, outcome=Outcome.APPROVE, feedback="", by=bea)
    with pytest.raises(Forbidden):
        accept(decision, met=ALL, by=bo)


# --- Two markers -----------------------------------------------------------------------------------


@pytest.fixture
def double(programme) -> MarkingPolicy:
    return MarkingPolicy.objects.create(programme=programme, markers="double_blind")


def test_of_two_markers_the_closing_one_gets_it_back_and_both_count_again(
    double, programme, ada, bo, bea, cy
):
    factories.make_sampling(programme, share=100)
    submission = factories.make_submission(ada, programme)
    first = factories.make_review(submission, bo)
    assert decide(first, outcome=Outcome.APPROVE, feedback="From Bo.", by=bo) is None
    decision = factories.make_decision(submission, bea)
    send_back(decision, points=POINT, by=cy)
    states = dict(Review.objects.values_list("pk", "state"))
    assert states == {first.pk: ReviewState.MARKED, decision.review_id: ReviewState.RETURNED}
    assert refusal(lambda: claim(submission, by=bo)) == "not-claimable"
    review = claim(submission, by=bea)
    answer(ActionPoint.objects.get(), review, text="Done.", by=bea)
    again = decide(review, outcome=Outcome.APPROVE, feedback="From Bea.", by=bea)
    assert set(again.basis["reviews"]) == {str(first.pk), str(review.pk)}
    assert again.feedback == "From Bo.\n\nFrom Bea."
    accept(again, met=ALL, by=cy)
    assert state_of(again) == State.APPROVED


def test_acceptance_counts_for_both_markers_and_a_return_for_the_closing_one(
    double, programme, ada, alan, bo, bea, cy
):
    factories.make_sampling(programme, share=100, least_share=0, tapers=True)
    from_both = []
    for learner in (ada, alan):
        submission = factories.make_submission(learner, programme)
        decide(factories.make_review(submission, bo), outcome=Outcome.APPROVE, feedback="", by=bo)
        factories.make_sampling(programme, share=100, least_share=100)
        from_both.append(factories.make_decision(submission, bea))
    accept(from_both[0], met=ALL, by=cy)
    assert [accepted_in_a_row(one.pk, programme.pk) for one in (bo, bea)] == [1, 1]
    send_back(from_both[1], points=POINT, by=cy)
    assert [accepted_in_a_row(one.pk, programme.pk) for one in (bo, bea)] == [1, 0]


# --- Answering -------------------------------------------------------------------------------------


@pytest.fixture
def returned(held, bo, cy) -> Review:
    send_back(held, points=POINT, by=cy)
    return claim(held.submission, by=bo)


def test_an_answer_may_be_said_better(returned, bo):
    point = ActionPoint.objects.get()
    answer(point, returned, text="Done.", by=bo)
    answer(point, returned, text="Rule 5.", by=bo)
    assert ActionPoint.objects.get().answer == "Rule 5."
    assert [one.data.keys() for one in Event.objects.filter(verb="action-point-answered")] == [
        {"review", "point"}
    ] * 2


@pytest.mark.parametrize(
    ("text", "code"), [(" \0", "answer-missing"), ("x" * (MAX_POINT + 1), "text-too-long")]
)
def test_an_answer_says_something(returned, bo, text, code):
    assert refusal(lambda: answer(ActionPoint.objects.get(), returned, text=text, by=bo)) == code


@pytest.mark.parametrize("who", ["ada", "bea", "cy", "mo"])
def test_nobody_answers_for_another(who, returned, request):
    with pytest.raises(Forbidden):
        answer(ActionPoint.objects.get(), returned, text="Done.", by=request.getfixturevalue(who))


def test_points_of_other_work_are_not_answered(returned, alan, bo, cy, programme):
    other = factories.make_review(factories.make_submission(alan, programme), bo)
    point = ActionPoint.objects.get()
    assert refusal(lambda: answer(point, other, text="Done.", by=bo)) == "unknown-action-point"


def test_without_the_lease_nothing_is_answered(returned, bo):
    release(returned, by=bo)
    assert refusal(lambda: answer(ActionPoint.objects.get(), returned, text="Done.", by=bo)) == "lease-lost"


# --- In between ------------------------------------------------------------------------------------


def test_an_interim_check_tells_the_assessor_and_holds_nothing_up(ada, bo, cy, programme):
    review = factories.make_review(factories.make_submission(ada, programme), bo)
    check_interim(review, sound=False, words="Say which packets.", met=["valid"], by=cy)
    kept = Verification.objects.get()
    assert (kept.stage, kept.verdict, kept.decision, kept.met) == ("interim", "returned", None, ["valid"])
    assert Notification.objects.filter(recipient=bo, kind="interim-check").count() == 1
    assert not Notification.objects.filter(recipient=ada, kind="interim-check").exists()
    decision = decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    assert (decision.is_released, decision.moderated) == (True, False)


def test_a_marked_review_is_checked_in_between_too(double, ada, bo, cy, programme):
    review = factories.make_review(factories.make_submission(ada, programme), bo)
    decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    assert check_interim(review, sound=True, words="Good.", by=cy).verdict == Verdict.ACCEPTED


def test_an_interim_check_says_something_and_comes_in_time(held, cy, programme, alan, bea):
    assert refusal(lambda: check_interim(held.review, sound=True, words="Good.", by=cy)) == "not-in-progress"
    review = factories.make_review(factories.make_submission(alan, programme), bea)
    assert refusal(lambda: check_interim(review, sound=True, words=" ", by=cy)) == "words-missing"
    release(review, by=bea)
    assert refusal(lambda: check_interim(review, sound=True, words="Good.", by=cy)) == "not-in-progress"


def test_nobody_checks_the_own_review_in_between(ada, bo, programme):
    factories.grant(bo, "moderator", programme)
    review = factories.make_review(factories.make_submission(ada, programme), bo)
    with pytest.raises(Forbidden):
        check_interim(review, sound=True, words="Good.", by=bo)


# --- Races -----------------------------------------------------------------------------------------


@pytest.fixture
def second_moderator(programme):
    dana = factories.make_user("Dana Moderates")
    factories.grant(dana, "moderator", programme)
    return dana


def raced(acts) -> list[str]:
    """Each act in a thread of its own: "done", or the code of its refusal."""
    answers = factories.at_once(lambda act: act(), acts)
    for one in answers:
        if isinstance(one, Exception) and not isinstance(one, DomainError):
            raise one
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in answers)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_does(held, cy, second_moderator):
    acts = [lambda who=who: accept(held, met=ALL, by=who) for who in (cy, second_moderator)]
    assert raced(acts) == ["already-checked", "done"]
    assert (Verification.objects.count(), Credential.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_accepted_or_sent_back_never_both(held, cy, second_moderator):
    acts = [
        lambda: accept(held, met=ALL, by=cy),
        lambda: send_back(held, points=POINT, by=second_moderator),
    ]
    assert raced(acts) in (["already-checked", "done"], ["done", "set-aside"])
    held.refresh_from_db()
    assert Verification.objects.count() == 1
    assert held.is_released is Credential.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_accepted_or_withdrawn_never_both(held, ada, cy):
    acts = [lambda: accept(held, met=ALL, by=cy), lambda: withdraw(held.submission, by=ada)]
    assert len([one for one in raced(acts) if one == "done"]) == 1
    held.refresh_from_db()
    assert Credential.objects.exists() is held.is_released
    assert (state_of(held) == State.WITHDRAWN) is not held.is_released


@pytest.mark.django_db(transaction=True)
def test_accepted_or_held_back_in_some_order(held, cy, mo):
    acts = [
        lambda: accept(held, met=ALL, by=cy),
        lambda: place_hold(held.submission, words="Copied?", by=mo),
    ]
    answers = raced(acts)
    held.refresh_from_db()
    # A hold that comes while the badge is being made waits until it is.
    assert answers in (["done", "not-issued"], ["done", "held"])
    assert held.is_released is ("held" not in answers)


# --- Settled by a moderator ------------------------------------------------------------------------


def test_what_a_moderator_settled_is_moderated_and_never_sampled(double, ada, bo, bea, cy, programme):
    factories.make_sampling(programme, share=100, first_decisions=50, each_pair=True)
    submission = factories.make_submission(ada, programme)
    decide(factories.make_review(submission, bo), outcome=Outcome.APPROVE, feedback="", by=bo)
    other = factories.make_review(submission, bea, position=2)
    assert decide(other, outcome=Outcome.RETURN, feedback="Add the log.", by=bea) is None
    criteria = submission.achievement.criteria
    rulings = [Ruling(one, one.levels.get(position=3), "Bo is right.") for one in criteria]
    decision = adjudicate(
        submission, rulings=rulings, outcome=Outcome.APPROVE, feedback="", reason="Bo is right.", by=cy
    )
    assert (decision.sampled_for, decision.moderated, decision.is_released) == ([], True, True)
    assert matrix_of(programme, since=timezone.localdate(), until=timezone.localdate()).rows == []


def test_what_a_moderator_settled_goes_back_to_nobody(held, cy):
    """Held for another reason it may be accepted by somebody else, not returned to the moderator."""
    Review.objects.filter(pk=held.review_id).update(kind="adjudication")
    assert refusal(lambda: send_back(held, points=POINT, by=cy)) == "adjudicated"
    assert accept(held, met=ALL, by=cy).verdict == Verdict.ACCEPTED
