"""What somebody tries against the judging: to see early, to judge twice, to leave work stuck for ever."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.conflicting import declare
from assessments.models import Hold, Submission
from assessments.models.hold import Finding
from assessments.models.lifecycle import State
from assessments.submitting import start, submit, withdraw
from badges.api.credentials import issued_for
from badges.models import Credential
from reviews import calibrating
from reviews.allocating import assign, set_allocation
from reviews.answering import answer, points_for
from reviews.appealing import rule_on
from reviews.claiming import break_lock, claim
from reviews.deciding import decide, go_on_where_possible
from reviews.flagging import flag
from reviews.investigating import lift, place_hold
from reviews.models import Appeal, Decision, Review
from reviews.models.allocation import Mode
from reviews.models.decision import Outcome
from reviews.models.policy import Markers
from reviews.models.review import ReviewState
from reviews.moderating import Point, accept, send_back
from reviews.offering import offered_to
from reviews.prescribing import Rules, prescribe
from reviews.reports.collecting import collect
from reviews.scoring import Mark
from reviews.sharing_out import share_out
from tests import factories
from tests.api.conftest import Caller
from workbench import jobs
from workbench.access import Forbidden, take_role
from workbench.errors import DomainError
from workbench.models import Notification

DOUBLE = Rules(markers=Markers.DOUBLE_BLIND)
POINT = [Point("Say which rule you mean.")]


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def mark(submission: Submission, assessor, *positions: int, outcome: Outcome = Outcome.APPROVE):
    review = factories.scored(submission, assessor, *positions)
    for point in points_for(review):
        answer(point, review, text="Done.", by=assessor)
    return decide(review, outcome=outcome, feedback="So be it.", by=assessor)


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


# --- Work that nobody could go on with -----------------------------------------------------------------


def test_a_lowered_policy_reaches_work_that_was_sent_back_and_marked_again(
    programme, mo, bo, bea, cy, handed_in
):
    """Only two people assess here, so a third marker never comes."""
    prescribe(programme, Rules(markers=Markers.DOUBLE_BLIND, third_marker=True), by=mo)
    policy = factories.make_sampling(programme, share=100, only_approvals=False)
    mark(handed_in, bo, 3, 3)
    held = mark(handed_in, bea, 3, 3)
    policy.delete()
    send_back(held, points=POINT, by=cy)
    assert mark(handed_in, bea, 2, 2, outcome=Outcome.RETURN) is None
    assert now(handed_in).state == State.SUBMITTED
    prescribe(programme, DOUBLE, by=mo)
    assert now(handed_in).state == State.MODERATION


def test_a_lowered_policy_does_not_wait_for_an_assessor_who_left(programme, mo, bo, bea, cy, handed_in):
    prescribe(programme, DOUBLE, by=mo)
    policy = factories.make_sampling(programme, share=100, only_approvals=False)
    mark(handed_in, bo, 3, 3)
    held = mark(handed_in, bea, 3, 3)
    policy.delete()
    take_role(bea, "assessor", programme, by=mo)
    send_back(held, points=POINT, by=cy)
    prescribe(programme, Rules(), by=mo)
    assert now(handed_in).state == State.MODERATION  # what was sent back is always checked again
    assert now(handed_in).decision.sampled_for == ["recheck"]


def test_a_lowered_policy_waits_for_the_assessor_who_has_action_points(programme, mo, bo, bea, cy, handed_in):
    prescribe(programme, DOUBLE, by=mo)
    policy = factories.make_sampling(programme, share=100, only_approvals=False)
    mark(handed_in, bo, 3, 3)
    held = mark(handed_in, bea, 3, 3)
    policy.delete()
    send_back(held, points=POINT, by=cy)
    prescribe(programme, Rules(), by=mo)
    assert go_on_where_possible() == 0
    assert (now(handed_in).state, now(handed_in).assigned_to) == (State.SUBMITTED, bea)


def test_work_is_never_shared_out_to_whoever_may_not_take_it(programme, mo, bo, bea, cy, ada, handed_in):
    """Cy assesses too, overturned the first decision, and so is offered the work no more."""
    factories.grant(cy, "assessor", programme)
    decision = factories.make_decision(handed_in, bo, Outcome.RETURN, "No log.")
    appeal = factories.make_appeal(decision.pk)
    take_role(bea, "assessor", programme, by=mo)
    set_allocation(programme, mode=Mode.EQUAL, random_order=False, parts={}, by=mo)
    rule_on(appeal, ruling="overturned", words="Line 8 logs.", by=cy)
    share_out()
    assert not offered_to(Submission.objects.filter(pk=handed_in.pk), cy).exists()
    assert now(handed_in).assigned_to is None
    with pytest.raises(DomainError) as refused:
        assign(now(handed_in), to=cy, by=mo)
    assert refused.value.code == "not-assignable"
    factories.grant(bea, "assessor", programme)
    share_out()
    assert now(handed_in).assigned_to == bea


def test_whoever_checked_a_review_is_not_given_the_work(programme, mo, bo, cy, handed_in):
    factories.grant(cy, "assessor", programme)
    held = factories.make_held(handed_in, bo)
    send_back(held, points=POINT, by=cy)
    take_role(bo, "assessor", programme, by=mo)
    set_allocation(programme, mode=Mode.EQUAL, random_order=False, parts={}, by=mo)
    share_out()
    assert now(handed_in).assigned_to is None


def test_work_is_not_sent_back_to_somebody_in_a_conflict(programme, mo, bo, cy, handed_in):
    held = factories.make_held(handed_in, bo)
    declare(handed_in.learner, bo, tie="family", by=bo)
    send_back(held, points=POINT, by=cy)
    assert now(handed_in).assigned_to is None
    assert not Notification.objects.filter(recipient=bo, kind="sent-back").exists()


def test_work_whose_review_a_conflict_ended_can_be_held_at_once(programme, bo, cy, handed_in):
    claim(handed_in, by=bo)
    declare(handed_in.learner, bo, tie="family", by=bo)
    place_hold(now(handed_in), words="The same file twice.", by=cy)
    assert now(handed_in).is_held
    assert not Review.objects.open().exists()
    assert Review.objects.get().state == ReviewState.EXPIRED


# --- Badges after an appeal ----------------------------------------------------------------------------


def test_the_badge_in_force_is_told_and_not_the_one_that_an_appeal_revoked(
    programme, bo, bea, cy, ada, handed_in
):
    first = factories.make_decision(handed_in, bo)
    jobs.run_due()
    rule_on(factories.make_appeal(first.pk), ruling="overturned", words="Judge anew.", by=cy)
    second = factories.make_decision(now(handed_in), bea)
    jobs.run_due()
    old, new = (Credential.objects.get(decision_id=one.pk) for one in (first, second))
    assert (old.state, new.state) == ("revoked", "issued")
    # Stored anew it lies behind the other one.
    Credential.objects.filter(pk=old.pk).delete()
    old.save(force_insert=True)
    assert issued_for([handed_in.pk])[handed_in.pk].id == new.pk
    row = next(row for row in collect(programme).rows if row.name == ada.name)
    assert row.badge == new.url
    assert Decision.objects.standing().count() == 1


# --- Escaping the moderator ----------------------------------------------------------------------------


def again(submission: Submission) -> Submission:
    """Taken back, and handed in once more as it was."""
    withdraw(now(submission), by=submission.learner)
    draft = start(submission.programme, submission.achievement, by=submission.learner)
    return submit(draft, declaration=True, by=submission.learner)


def test_taking_work_back_draws_no_second_lot(programme, bo, handed_in):
    """A friend of the assessor hands in until the lot spares the approval."""
    policy = factories.make_sampling(programme, share=100)
    assert factories.make_decision(handed_in, bo).sampled_for == ["random"]
    policy.share = 0
    policy.save()
    assert factories.make_decision(again(handed_in), bo).sampled_for == ["random"]
    assert not Credential.objects.exists()


def test_what_was_drawn_stays_drawn_only_where_the_policy_checks_it(programme, bo, handed_in):
    policy = factories.make_sampling(programme, share=100)
    factories.make_decision(handed_in, bo)
    policy.share = 0
    policy.save()
    assert factories.make_decision(again(handed_in), bo, Outcome.RETURN).is_released


def test_a_programme_that_samples_no_more_checks_nothing_for_a_lot(programme, bo, handed_in):
    policy = factories.make_sampling(programme, share=100)
    factories.make_decision(handed_in, bo)
    policy.delete()
    assert factories.make_decision(again(handed_in), bo).is_released


def test_work_that_was_sent_back_is_checked_again_though_it_was_taken_back(programme, bo, cy, handed_in):
    held = factories.make_held(handed_in, bo)
    send_back(held, points=POINT, by=cy)
    assert factories.make_decision(again(handed_in), bo).sampled_for == ["recheck"]


def test_a_flag_follows_work_that_was_taken_back(programme, bo, bea, handed_in):
    factories.make_sampling(programme)
    flag(handed_in, note="Like that of somebody else.", by=bea)
    assert factories.make_decision(again(handed_in), bo).sampled_for == ["flag"]


def test_a_judged_attempt_leaves_its_lot_behind(programme, bo, cy, ada, handed_in):
    policy = factories.make_sampling(programme, share=100, only_approvals=False)
    accept(factories.make_decision(handed_in, bo, Outcome.RETURN), met=[], by=cy)
    policy.share = 0
    policy.save()
    draft = start(programme, handed_in.achievement, by=ada)
    assert factories.make_decision(submit(draft, declaration=True, by=ada), bo).is_released


def test_work_taken_back_uses_up_none_of_the_first_decisions(programme, bo, alan, handed_in):
    factories.make_sampling(programme, first_decisions=1)
    assert factories.make_decision(handed_in, bo).sampled_for == ["first"]
    withdraw(now(handed_in), by=handed_in.learner)
    assert factories.make_decision(factories.make_submission(alan, programme), bo).sampled_for == ["first"]


# --- Reading what is to be kept from a judge -----------------------------------------------------------


def test_whoever_is_to_be_calibrated_reads_no_agreed_levels_in_what_others_scored(
    client, programme, bo, bea, cy, ada, handed_in
):
    """Cy moderates and assesses, so the exemplar still has to say something about Cy's scale."""
    factories.make_decision(handed_in, bo)
    maker = factories.make_user("Max Maker")
    factories.grant(maker, "moderator", programme)
    exemplar = factories.make_exemplar(now(handed_in), maker)
    attempt = calibrating.start(exemplar, by=bea)
    marks = [Mark(one, one.levels.get(position=3), "Level 2") for one in handed_in.achievement.criteria]
    calibrating.save(attempt, version=attempt.version, marks=marks, by=bea)
    calibrating.score(attempt, by=bea)
    sheet, listed = (
        reverse("calibration-csv", args=[programme.pk]),
        f"/programmes/{programme.pk}/calibrations",
    )
    client.force_login(cy)
    assert "Level 2" in client.get(sheet).content.decode()
    assert len(Caller(cy).get(listed).json()["items"][0]["scores"]) == 2
    factories.grant(cy, "assessor", programme)
    content = client.get(sheet).content.decode()
    assert "Bea Lambert" in content
    assert "Level 2" not in content
    assert Caller(cy).get(listed).json()["items"][0]["scores"] == []
    assert Caller(bea).get(f"/exemplars/{exemplar.pk}/calibration").json()["scores"]


def test_a_marker_who_also_moderates_learns_nothing_from_the_list(client, programme, mo, bo, bea, handed_in):
    """Bo was outvoted, or not; the list gives no outcome, and no address that Bo may not open."""
    factories.grant(bo, "moderator", programme)
    prescribe(programme, DOUBLE, by=mo)
    factories.make_sampling(programme, share=100)
    mark(handed_in, bo, 3, 3)
    held = mark(handed_in, bea, 3, 3)
    row = Caller(bo).get("/moderation").json()["items"][0]
    assert (row["outcome"], row["may_moderate"]) == (None, False)
    assert Caller(mo).get("/moderation").json()["items"][0]["outcome"] == "approve"
    client.force_login(bo)
    assert client.get(reverse("check-decision", args=[held.pk])).status_code == 404
    assert reverse("check-decision", args=[held.pk]) not in client.get(reverse("moderation")).content.decode()
    client.force_login(mo)
    assert reverse("check-decision", args=[held.pk]) in client.get(reverse("moderation")).content.decode()


def test_a_marker_finds_no_way_into_the_disagreement(client, programme, mo, bo, bea, cy, handed_in):
    factories.grant(bo, "moderator", programme)
    prescribe(programme, Rules(markers=Markers.DOUBLE_OPEN), by=mo)
    mark(handed_in, bo, 3, 3)
    mark(handed_in, bea, 2, 2, outcome=Outcome.RETURN)
    address = reverse("disagreement", args=[handed_in.pk])
    client.force_login(bo)
    assert client.get(address).status_code == 403
    assert address not in client.get(reverse("moderation")).content.decode()
    client.force_login(cy)
    assert address in client.get(reverse("moderation")).content.decode()


def test_whoever_judged_ends_no_appeal_by_an_investigation(client, programme, bo, cy, handed_in):
    """Bo also moderates: an appeal against Bo's decision is for somebody who took no part."""
    factories.grant(bo, "moderator", programme)
    decision = factories.make_decision(handed_in, bo, Outcome.RETURN, "No log.")
    appeal = factories.make_appeal(decision.pk)
    hold = place_hold(now(handed_in), words="I will not be appealed.", by=bo)
    with pytest.raises(Forbidden):
        lift(hold, finding=Finding.CONFIRMED, conclusion="So there.", by=bo)
    appeal.refresh_from_db()
    assert appeal.is_open
    client.force_login(bo)
    page = client.get(reverse("hold", args=[handed_in.pk])).content.decode()
    assert 'value="cleared"' in page
    assert 'value="confirmed"' not in page
    lift(hold, finding=Finding.CONFIRMED, conclusion="Both files are the same.", by=cy)
    appeal.refresh_from_db()
    assert (appeal.ruling, appeal.ruled_by) == ("lapsed", cy)


def test_managers_hear_of_work_that_no_moderator_may_settle(programme, mo, bo, bea, handed_in):
    """Bo alone moderates, and marked it: without a word to Mo it would lie there for ever."""
    factories.grant(bo, "moderator", programme)
    prescribe(programme, DOUBLE, by=mo)
    mark(handed_in, bo, 3, 3)
    mark(handed_in, bea, 2, 2, outcome=Outcome.RETURN)
    told = Notification.objects.filter(kind="to-moderate").values_list("recipient", flat=True)
    assert list(told) == [mo.pk]


def test_managers_are_left_alone_where_a_moderator_may_settle(programme, mo, bo, bea, cy, handed_in):
    factories.grant(bo, "moderator", programme)
    prescribe(programme, DOUBLE, by=mo)
    mark(handed_in, bo, 3, 3)
    mark(handed_in, bea, 2, 2, outcome=Outcome.RETURN)
    told = Notification.objects.filter(kind="to-moderate").values_list("recipient", flat=True)
    assert list(told) == [cy.pk]


def test_an_investigation_during_an_appeal_gives_its_days_back_once(programme, bo, cy, mo, handed_in):
    programme.resubmit_days = 5
    programme.save()
    decision = factories.make_decision(handed_in, bo, Outcome.RETURN, "No log.")
    before = now(handed_in).resubmit_by
    appeal = factories.make_appeal(decision.pk)
    hold = place_hold(now(handed_in), words="The same file twice.", by=mo)
    since = timezone.now() - timedelta(days=10)
    Hold.objects.filter(pk=hold.pk).update(placed_at=since)
    Appeal.objects.filter(pk=appeal.pk).update(filed_at=since)
    hold.refresh_from_db()
    lift(hold, finding=Finding.CLEARED, conclusion="", by=mo)
    appeal.refresh_from_db()
    rule_on(appeal, ruling="upheld", words="It holds.", by=cy)
    # A change of the clocks may lie in between; the last moment is the end of a day.
    assert (now(handed_in).resubmit_by - before).days in (10, 11)


def test_nobody_breaks_the_lock_of_a_review_that_a_conflict_ended(programme, bo, cy, handed_in):
    claim(handed_in, by=bo)
    declare(handed_in.learner, bo, tie="family", by=bo)
    with pytest.raises(DomainError) as refused:
        break_lock(now(handed_in), by=cy)
    assert refused.value.code == "not-claimed"
