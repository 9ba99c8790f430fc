"""Two or three markers: what they come to, who sees what until then, and what a changed policy does."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Submission
from assessments.models.lifecycle import State
from assessments.submitting import withdraw
from badges.models import Credential
from reviews import noting, settling
from reviews.annotating import Anchor, annotate
from reviews.claiming import claim, claim_next, expire_leases, release
from reviews.deciding import decide, go_on_where_possible
from reviews.models import Annotation, Decision, MarkingPolicy, Review
from reviews.models.annotation import Unit
from reviews.models.decision import Outcome
from reviews.models.policy import Choice, Markers
from reviews.models.review import ReviewState
from reviews.prescribing import Rules, follow_general, prescribe
from reviews.queueing import queue_of
from reviews.reminding import remind_of_waiting
from tests import factories
from workbench.access import Forbidden, take_role
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event, Token

BLIND = Rules(markers=Markers.DOUBLE_BLIND)
OPEN = Rules(markers=Markers.DOUBLE_OPEN)
THIRD = Rules(markers=Markers.DOUBLE_BLIND, third_marker=True)


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


@pytest.fixture
def carl(programme):
    carl = factories.make_user("Carl Third")
    factories.grant(carl, "assessor", programme)
    return carl


def mark(submission, assessor, *positions, outcome=Outcome.APPROVE, feedback="Well done.", met=()):
    return decide(
        factories.scored(submission, assessor, *positions),
        outcome=outcome,
        feedback=feedback,
        met=met,
        by=assessor,
    )


def state_of(submission) -> str:
    submission.refresh_from_db()
    return submission.state


def last_event(submission) -> Event:
    return Event.objects.about(submission).in_order().last()


# --- Two markers -----------------------------------------------------------------------------------------


def test_the_first_marking_decides_nothing_and_waits_for_another(programme, mo, bo, bea, handed_in):
    prescribe(programme, BLIND, by=mo)
    assert mark(handed_in, bo, 3, 4) is None
    assert state_of(handed_in) == State.SUBMITTED
    assert (handed_in.claimed_by, Decision.objects.count(), Credential.objects.count()) == (None, 0, 0)
    review = Review.objects.get()
    assert (review.state, review.outcome, review.blind) == (ReviewState.MARKED, "approve", True)
    assert last_event(handed_in).verb == "marked"
    assert not queue_of(bo).exists()
    assert queue_of(bea).get() == handed_in


def test_the_first_marker_cannot_be_the_second(programme, mo, bo, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    with pytest.raises(DomainError) as caught:
        claim(handed_in, by=bo)
    assert caught.value.code == "not-claimable"
    assert claim_next(Submission.objects.all(), by=bo) is None


def test_two_who_agree_decide_together_and_the_badge_is_planned(programme, mo, bo, bea, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 4, feedback="Clear rules.")
    decision = mark(handed_in, bea, 3, 4, feedback="Good tests.")
    assert state_of(handed_in) == State.APPROVED
    assert decision.feedback == "Clear rules.\n\nGood tests."
    assert [row["position"] for row in decision.results] == [3, 4]
    assert set(decision.basis["formed"].values()) == {"equal"}
    assert len(decision.basis["reviews"]) == 2
    assert set(Review.objects.values_list("state", flat=True)) == {ReviewState.DECIDED}
    assert (Credential.objects.get().decision_id, decision.moderated) == (decision.pk, False)
    assert list(breaks()) == []


@pytest.mark.parametrize(
    ("rules", "first", "second", "formed"),
    [
        (BLIND, (3, 3), (4, 3), None),
        (Rules(Markers.DOUBLE_BLIND, tolerance=1, choice=Choice.LOWER), (3, 3), (4, 3), [3, 3]),
        (Rules(Markers.DOUBLE_BLIND, tolerance=1, choice=Choice.HIGHER), (3, 3), (4, 3), [4, 3]),
        (Rules(Markers.DOUBLE_OPEN, tolerance=1, choice=Choice.HIGHER), (3, 4), (4, 3), [4, 4]),
        (Rules(Markers.DOUBLE_BLIND, tolerance=1, choice=Choice.MODERATOR), (3, 3), (4, 3), None),
    ],
)
def test_one_level_apart_is_settled_as_the_policy_says(
    programme, mo, bo, bea, handed_in, rules, first, second, formed
):
    prescribe(programme, rules, by=mo)
    mark(handed_in, bo, *first)
    decision = mark(handed_in, bea, *second)
    if formed is None:
        assert (decision, state_of(handed_in)) == (None, State.MODERATION)
        assert last_event(handed_in).data["disagreed"]
    else:
        assert [row["position"] for row in decision.results] == formed


@pytest.mark.parametrize("choice", [Choice.LOWER, Choice.HIGHER])
def test_a_straddled_pass_line_is_never_settled_by_a_rule(programme, mo, bo, bea, handed_in, choice):
    prescribe(programme, Rules(Markers.DOUBLE_BLIND, tolerance=1, choice=choice), by=mo)
    mark(handed_in, bo, 3, 3)
    assert mark(handed_in, bea, 2, 3, outcome=Outcome.RETURN) is None
    assert state_of(handed_in) == State.MODERATION


@pytest.mark.parametrize("first", Outcome)
@pytest.mark.parametrize("second", Outcome)
def test_every_pair_of_outcomes(programme, mo, bo, bea, handed_in, first, second):
    """The same levels throughout: alike they decide, unlike a moderator does."""
    prescribe(programme, OPEN, by=mo)
    mark(handed_in, bo, 3, 3, outcome=first)
    decision = mark(handed_in, bea, 3, 3, outcome=second)
    if first == second:
        assert decision.outcome == first
        assert handed_in.pk == decision.submission_id
        assert state_of(handed_in) in (State.APPROVED, State.RETURNED, State.REJECTED)
    else:
        assert (decision, state_of(handed_in)) == (None, State.MODERATION)


def test_two_approvals_whose_levels_together_do_not_reach_the_total_go_to_a_moderator(
    programme, achievement, mo, bo, bea, handed_in
):
    achievement.minimum_total = 75
    achievement.save()
    prescribe(programme, Rules(Markers.DOUBLE_BLIND, tolerance=1, choice=Choice.LOWER), by=mo)
    mark(handed_in, bo, 4, 3)
    assert mark(handed_in, bea, 3, 4) is None  # 3 and 3 are 67 %
    assert state_of(handed_in) == State.MODERATION


# --- A third marker --------------------------------------------------------------------------------------


def test_a_third_marker_comes_where_two_disagree_and_two_of_three_decide(
    programme, mo, bo, bea, carl, handed_in
):
    prescribe(programme, THIRD, by=mo)
    mark(handed_in, bo, 3, 3)
    assert mark(handed_in, bea, 2, 3, outcome=Outcome.RETURN) is None
    assert state_of(handed_in) == State.SUBMITTED
    assert not queue_of(bo).exists()
    assert not queue_of(bea).exists()
    decision = mark(handed_in, carl, 3, 3)
    assert (decision.outcome, [row["position"] for row in decision.results]) == ("approve", [3, 3])
    assert set(decision.basis["formed"].values()) == {"majority", "equal"}


def test_three_who_all_differ_go_to_a_moderator(programme, mo, bo, bea, carl, handed_in):
    prescribe(programme, THIRD, by=mo)
    mark(handed_in, bo, 3, 3)
    mark(handed_in, bea, 2, 3, outcome=Outcome.RETURN)
    assert mark(handed_in, carl, 4, 3, outcome=Outcome.REJECT) is None
    assert state_of(handed_in) == State.MODERATION


def test_no_third_marker_comes_where_two_agree(programme, mo, bo, bea, handed_in):
    prescribe(programme, THIRD, by=mo)
    mark(handed_in, bo, 3, 3)
    assert mark(handed_in, bea, 3, 3).outcome == Outcome.APPROVE


# --- The rules of evidence -------------------------------------------------------------------------------


def test_an_approval_needs_the_four_rules_where_the_policy_asks(programme, mo, bo, handed_in):
    prescribe(programme, Rules(asks_rules=True), by=mo)
    review = factories.scored(handed_in, bo, 3, 3)
    with pytest.raises(DomainError) as caught:
        decide(review, outcome=Outcome.APPROVE, feedback="", met=["valid", "current"], by=bo)
    assert caught.value.code == "rules-missing"
    decision = decide(
        review,
        outcome=Outcome.APPROVE,
        feedback="",
        met=["sufficient", "valid", "current", "authentic", "valid", "no-rule"],
        by=bo,
    )
    assert decision.review.met == ["valid", "authentic", "current", "sufficient"]


def test_a_return_needs_none_of_them(programme, mo, bo, handed_in):
    prescribe(programme, Rules(asks_rules=True), by=mo)
    assert mark(handed_in, bo, 2, 3, outcome=Outcome.RETURN).outcome == Outcome.RETURN


# --- The policy changes ----------------------------------------------------------------------------------


def test_only_managers_prescribe(programme, bo, cy, ada, dee):
    for person in (bo, cy, ada, dee):
        with pytest.raises(Forbidden):
            prescribe(programme, BLIND, by=person)
    assert not MarkingPolicy.objects.exists()


def test_the_trail_tells_what_was_and_what_is(programme, mo):
    prescribe(programme, BLIND, by=mo)
    prescribe(programme, BLIND, by=mo)  # nothing changes, nothing is told
    event = Event.objects.get(verb="marking-policy-set")
    assert (event.data["before"]["markers"], event.data["markers"]) == ("single", "double_blind")


def test_rules_that_are_not_offered_are_refused(programme, organisation, mo):
    other = factories.make_achievement(organisation, code="elsewhere")
    for rules, achievement, code in (
        (Rules(markers="five"), None, "unknown-rule"),
        (Rules(tolerance=2), None, "unknown-rule"),
        (BLIND, other, "not-offered"),
    ):
        with pytest.raises(DomainError) as caught:
            prescribe(programme, rules, achievement=achievement, by=mo)
        assert caught.value.code == code


def test_an_achievement_has_rules_of_its_own_until_it_follows_the_general_ones(
    programme, achievement, mo, bo, bea, handed_in
):
    prescribe(programme, Rules(markers=Markers.DOUBLE_OPEN), achievement=achievement, by=mo)
    assert mark(handed_in, bo, 3, 3) is None
    follow_general(programme, achievement, by=mo)
    assert state_of(handed_in) == State.APPROVED
    assert Event.objects.filter(verb="marking-policy-removed").count() == 1


def test_raised_while_bo_marks_his_marking_is_the_first_of_two_and_hidden(programme, mo, bo, bea, handed_in):
    review = factories.scored(handed_in, bo, 3, 3)
    prescribe(programme, BLIND, by=mo)
    assert decide(review, outcome=Outcome.APPROVE, feedback="", by=bo) is None
    review.refresh_from_db()
    assert (review.state, review.blind) == (ReviewState.MARKED, True)
    assert mark(handed_in, bea, 3, 3).outcome == Outcome.APPROVE


def test_lowered_work_with_enough_markings_is_decided_by_what_its_marker_gave(programme, mo, bo, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    prescribe(programme, Rules(), by=mo)
    assert state_of(handed_in) == State.APPROVED
    decision = Decision.objects.get()
    assert decision.decided_by == bo
    event = last_event(handed_in)
    assert (event.verb, event.actor) == ("closed", mo)
    assert Credential.objects.get().decision_id == decision.pk


def test_lowered_work_that_waits_for_a_third_goes_to_a_moderator(programme, mo, bo, bea, cy, handed_in):
    prescribe(programme, THIRD, by=mo)
    mark(handed_in, bo, 3, 3)
    mark(handed_in, bea, 2, 3, outcome=Outcome.RETURN)
    prescribe(programme, BLIND, by=mo)
    assert state_of(handed_in) == State.MODERATION
    assert cy.notifications.filter(kind="to-moderate").exists()


def test_lowered_while_bea_marks_both_markings_count(programme, mo, bo, bea, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    review = factories.scored(handed_in, bea, 4, 3)
    prescribe(programme, Rules(), by=mo)
    assert state_of(handed_in) == State.IN_REVIEW
    assert decide(review, outcome=Outcome.APPROVE, feedback="", by=bea) is None
    assert state_of(handed_in) == State.MODERATION


def test_lowered_while_bea_marks_and_given_back_the_sweep_decides(programme, mo, bo, bea, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    review = claim(handed_in, by=bea)
    prescribe(programme, Rules(), by=mo)
    release(review, by=bea)
    assert go_on_where_possible() == 1
    assert state_of(handed_in) == State.APPROVED
    assert (last_event(handed_in).verb, last_event(handed_in).actor) == ("closed", None)
    assert go_on_where_possible() == 0


def test_the_sweep_leaves_what_waits_for_its_second_marker(programme, mo, bo, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    assert go_on_where_possible() == 0
    assert state_of(handed_in) == State.SUBMITTED


def test_mo_does_not_decide_her_own_work_by_lowering_the_policy(programme, mo, bo):
    factories.enrol(programme, mo)
    own = factories.make_submission(mo, programme)
    prescribe(programme, BLIND, by=mo)
    mark(own, bo, 3, 3)
    prescribe(programme, Rules(), by=mo)
    assert state_of(own) == State.SUBMITTED
    assert go_on_where_possible() == 1
    assert state_of(own) == State.APPROVED


def test_work_under_investigation_is_left_alone(programme, mo, bo, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    Submission.objects.filter(pk=handed_in.pk).update(held_at=timezone.now())
    prescribe(programme, Rules(), by=mo)
    assert go_on_where_possible() == 0
    assert state_of(handed_in) == State.SUBMITTED


# --- What happens in between -----------------------------------------------------------------------------


def test_a_marking_counts_although_its_marker_lost_the_role_since(programme, mo, bo, bea, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    take_role(bo, "assessor", programme, by=mo)
    assert mark(handed_in, bea, 3, 3).outcome == Outcome.APPROVE


def test_who_loses_the_role_while_marking_cannot_finish(programme, mo, bo, bea, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    review = factories.scored(handed_in, bea, 3, 3)
    take_role(bea, "assessor", programme, by=mo)
    with pytest.raises(Forbidden):
        decide(review, outcome=Outcome.APPROVE, feedback="", by=bea)


def test_a_lease_that_went_to_another_finishes_nothing(programme, mo, bo, bea, carl, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    review = factories.scored(handed_in, bea, 3, 3)
    Submission.objects.filter(pk=handed_in.pk).update(lease_until=timezone.now() - timedelta(minutes=1))
    assert expire_leases() == 1
    assert mark(handed_in, carl, 3, 3).outcome == Outcome.APPROVE
    with pytest.raises(DomainError) as caught:
        decide(review, outcome=Outcome.REJECT, feedback="No.", by=bea)
    assert caught.value.code == "already-decided"


def test_nobody_finishes_twice(programme, mo, bo, handed_in):
    prescribe(programme, BLIND, by=mo)
    review = factories.scored(handed_in, bo, 3, 3)
    decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    with pytest.raises(DomainError) as caught:
        decide(review, outcome=Outcome.REJECT, feedback="No.", by=bo)
    assert caught.value.code == "already-decided"


def test_ada_withdraws_between_two_markings_and_nobody_marks_it_any_more(
    ada, programme, mo, bo, bea, handed_in
):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    withdraw(handed_in, by=ada)
    with pytest.raises(DomainError) as caught:
        claim(handed_in, by=bea)
    assert caught.value.code == "not-claimable"
    prescribe(programme, Rules(), by=mo)
    assert (state_of(handed_in), Decision.objects.count()) == (State.WITHDRAWN, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_second_markers_at_once_one_gets_the_work(programme, mo, bo, bea, carl, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    found = factories.at_once(lambda person: claim(handed_in, by=person), [bea, carl])
    assert sorted(type(one).__name__ for one in found) == ["DomainError", "Review"]


@pytest.mark.django_db(transaction=True)
def test_lowered_at_the_moment_the_second_marker_finishes_there_is_one_decision(
    programme, mo, bo, bea, handed_in
):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    review = factories.scored(handed_in, bea, 3, 3)
    acts = [
        lambda: decide(review, outcome=Outcome.APPROVE, feedback="", by=bea),
        lambda: prescribe(programme, Rules(), by=mo),
    ]
    found = factories.at_once(lambda act: act(), acts)
    assert not [one for one in found if isinstance(one, Exception)]
    assert (Decision.objects.count(), Credential.objects.count()) == (1, 1)
    assert list(breaks()) == []


def test_who_marked_the_work_is_not_reminded_that_it_waits(programme, mo, bo, bea, handed_in):
    prescribe(programme, BLIND, by=mo)
    mark(handed_in, bo, 3, 3)
    Submission.objects.filter(pk=handed_in.pk).update(submitted_at=timezone.now() - timedelta(days=8))
    assert remind_of_waiting() == 1
    assert bea.notifications.filter(kind="overdue").exists()
    assert not bo.notifications.filter(kind="overdue").exists()


# --- Who sees what ---------------------------------------------------------------------------------------


def test_time_on_the_task_counts_what_goes_on_and_not_what_stands_still(bo, handed_in):
    review = claim(handed_in, by=bo)
    for seconds, counted in ((60, 60), (90, 150), (3600, 150), (119, 269)):
        Review.objects.filter(pk=review.pk).update(active_at=timezone.now() - timedelta(seconds=seconds))
        client = Client()
        client.force_login(bo)
        assert client.post(f"/reviews/{review.pk}/heartbeat/").status_code == 302
        review.refresh_from_db()
        assert counted <= review.seconds <= counted + 3


# --- What the learner reads ------------------------------------------------------------------------------


def noted(review, text, by):
    item = review.submission.evidence.get()
    return annotate(review, item, Anchor(Unit.LINE, 7), text=text, by=by)


def test_ada_reads_the_notes_of_every_marker_and_answers_them_in_her_next_attempt(
    client, ada, programme, mo, bo, bea, handed_in
):
    prescribe(programme, BLIND, by=mo)
    for person, text in ((bo, "Why this source?"), (bea, "Limit the port.")):
        review = factories.scored(handed_in, person, 2, 3)
        noted(review, text, person)
        decide(review, outcome=Outcome.RETURN, feedback="Mend it.", by=person)
    client.force_login(ada)
    page = client.get(f"/submissions/{handed_in.pk}/notes/").content.decode()
    assert "Why this source?" in page
    assert "Limit the port." in page
    overview = client.get(f"/submissions/{handed_in.pk}/").content.decode()
    assert "Limit the port." in overview
    told = Token.issue(ada, label="script")[1]
    shape = client.get(f"/api/v1/submissions/{handed_in.pk}", headers={"Authorization": f"Bearer {told}"})
    notes = {note["text"] for note in shape.json()["decision"]["annotations"]}
    assert notes == {"Why this source?", "Limit the port."}
    again = factories.make_draft(ada, programme)
    for note in Annotation.objects.all():
        settling.reply(note, again, text="Done.", by=ada)
    assert [one.follow_up.reply for one in (x.followed for x in noting.followed(again, ada))] == ["Done."] * 2
