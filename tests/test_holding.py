"""Work under suspicion: nothing is judged or released meanwhile, and it ends cleared or confirmed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.copies import copies_of
from assessments.models import Hold, Submission
from assessments.models.lifecycle import State
from assessments.submitting import start, submit, withdraw
from badges.models import Credential
from badges.models.credential import CredentialState
from badges.suspending import suspend
from reviews.appealing import appeal, appealable_until, rule_on
from reviews.claiming import claim, claim_next
from reviews.deciding import decide
from reviews.impartial import partakers
from reviews.investigating import lift, place_hold
from reviews.models import Appeal, Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule, ReviewKind, ReviewState
from reviews.moderating import Point, accept, send_back
from reviews.releasing import release_decision
from reviews.reminding import remind_of_waiting
from reviews.scoring import save_scores
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event, Notification

WORDS = "The report is word for word Alan's."
CONCLUSION = "The report was copied from another learner."


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


@pytest.fixture
def approved(ada, bo, programme) -> Decision:
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    return decision


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def code_of(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def told(person) -> list[str]:
    rows = Notification.objects.filter(recipient=person, kind__in=["held", "hold-lifted", "decided"])
    return list(rows.order_by("created_at").values_list("kind", flat=True))


# --- Holding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["cy", "mo"])
def test_who_oversees_holds_and_lifts(handed_in, who, request):
    person = request.getfixturevalue(who)
    hold = place_hold(handed_in, words=f" {WORDS}\n", by=person)
    assert (hold.words, hold.placed_by) == (WORDS, person)
    assert now(handed_in).held_at == hold.placed_at
    lift(hold, finding="cleared", conclusion="", by=person)
    assert now(handed_in).held_at is None


@pytest.mark.parametrize("who", ["ada", "alan", "bo", "bea", "root", "dee"])
def test_nobody_else_does(handed_in, cy, who, request):
    person = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        place_hold(handed_in, words=WORDS, by=person)
    hold = place_hold(handed_in, words=WORDS, by=cy)
    with pytest.raises(Forbidden):
        lift(hold, finding="cleared", conclusion="", by=person)


def test_nobody_looks_into_their_own_work(handed_in, ada, programme):
    for role in ("moderator", "manager"):
        factories.grant(ada, role, programme)
    ada.forget_grants()
    with pytest.raises(Forbidden):
        place_hold(handed_in, words=WORDS, by=ada)


@pytest.mark.parametrize(("words", "code"), [(" \0", "words-missing"), ("x" * 2001, "text-too-long")])
def test_a_suspicion_has_words(handed_in, cy, words, code):
    assert code_of(lambda: place_hold(handed_in, words=words, by=cy)) == code
    assert now(handed_in).held_at is None


def test_what_was_taken_back_is_not_held(handed_in, ada, cy):
    withdraw(handed_in, by=ada)
    assert code_of(lambda: place_hold(handed_in, words=WORDS, by=cy)) == "not-holdable"


def test_one_investigation_at_a_time_and_another_after_it(handed_in, cy, mo):
    hold = place_hold(handed_in, words=WORDS, by=cy)
    assert code_of(lambda: place_hold(handed_in, words="Again.", by=mo)) == "already-held"
    lift(hold, finding="cleared", conclusion="", by=mo)
    assert code_of(lambda: lift(hold, finding="confirmed", conclusion=CONCLUSION, by=mo)) == "not-held"
    assert place_hold(handed_in, words="Something else.", by=mo).pk != hold.pk


def test_meanwhile_nobody_claims_and_nobody_withdraws(handed_in, ada, bo, cy):
    hold = place_hold(handed_in, words=WORDS, by=cy)
    assert code_of(lambda: claim(handed_in, by=bo)) == "not-claimable"
    assert claim_next(Submission.objects.in_queue(), by=bo) is None
    assert code_of(lambda: withdraw(handed_in, by=ada)) == "not-withdrawable"
    lift(hold, finding="cleared", conclusion="", by=cy)
    assert claim(handed_in, by=bo).is_open


def test_assessors_are_not_reminded_of_what_they_cannot_take(handed_in, bo, cy):
    hold = place_hold(handed_in, words=WORDS, by=cy)
    Submission.objects.update(submitted_at=timezone.now() - timedelta(days=30))
    assert remind_of_waiting() == 0
    lift(hold, finding="cleared", conclusion="", by=cy)
    assert remind_of_waiting() == 1


def test_a_live_review_ends_with_its_text_kept(handed_in, bo, cy):
    review = factories.make_review(handed_in, bo)
    hold = place_hold(handed_in, words=WORDS, by=cy)
    review.refresh_from_db()
    assert (review.state, review.scores.count()) == (ReviewState.BROKEN, 2)
    assert (now(handed_in).state, now(handed_in).claimed_by) == (State.SUBMITTED, None)
    assert "held" in told(bo)
    assert code_of(lambda: decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)) == "lease-lost"
    again = {"version": review.version, "marks": [], "feedback": "Late.", "by": bo}
    assert code_of(lambda: save_scores(review, **again)) == "lease-lost"
    lift(hold, finding="cleared", conclusion="", by=cy)
    assert [score.comment for score in claim(handed_in, by=bo).scores.all()] == ["Well argued."] * 2


def test_what_was_decided_is_not_released_appealed_ruled_on_or_followed(
    ada, bo, cy, mo, programme, achievement
):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN)
    filed = appeal(decision, reason="The log is there.", by=ada)
    hold = place_hold(decision.submission, words=WORDS, by=mo)
    words = {"words": "It is.", "by": cy}
    assert code_of(lambda: rule_on(filed, ruling="upheld", **words)) == "under-investigation"
    assert code_of(lambda: start(programme, achievement, by=ada)) == "under-investigation"
    lift(hold, finding="cleared", conclusion="", by=mo)
    assert rule_on(Appeal.objects.get(), ruling="upheld", **words).ruling == "upheld"


def test_a_held_decision_is_not_released_by_anybody(approved, cy):
    place_hold(approved.submission, words=WORDS, by=cy)
    held = now(approved.submission)
    assert code_of(lambda: release_decision(approved, held, act="accept", by=cy)) == "under-investigation"


def test_what_waits_for_a_moderator_is_neither_accepted_nor_sent_back(ada, bo, cy, mo, programme):
    factories.make_sampling(programme, first_decisions=1)
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    hold = place_hold(decision.submission, words=WORDS, by=mo)
    assert code_of(lambda: accept(decision, met=EvidenceRule.values, by=cy)) == "held"
    points = [Point("Say which rule you mean.")]
    assert code_of(lambda: send_back(decision, points=points, by=cy)) == "held"
    lift(hold, finding="cleared", conclusion="", by=mo)
    accept(decision, met=EvidenceRule.values, by=cy)
    assert now(decision.submission).state == State.APPROVED


def test_the_days_of_an_investigation_are_no_days_to_appeal_or_hand_in(ada, bo, cy, programme):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN)
    before = appealable_until(decision, decision.submission)
    deadline = timezone.now() + timedelta(days=5)
    Submission.objects.update(resubmit_by=deadline)
    Decision.objects.update(released_at=timezone.now() - timedelta(days=6))
    decision.refresh_from_db()
    hold = place_hold(decision.submission, words=WORDS, by=cy)
    assert code_of(lambda: appeal(decision, reason="No.", by=ada)) == "under-investigation"
    Hold.objects.update(placed_at=timezone.now() - timedelta(days=6))
    hold.refresh_from_db()
    lift(hold, finding="cleared", conclusion="", by=cy)
    submission = now(decision.submission)
    assert timezone.localdate(appealable_until(decision, submission)) == timezone.localdate(before)
    assert timezone.localdate(submission.resubmit_by) == timezone.localdate(deadline + timedelta(days=6))


# --- What people are told --------------------------------------------------------------------------


def test_ada_is_told_that_and_how_it_ended_never_why(handed_in, ada, cy, mo, bo, client):
    hold = place_hold(handed_in, words=WORDS, by=cy)
    client.force_login(ada)
    page = client.get(f"/submissions/{handed_in.pk}/").content.decode()
    assert "This work is being looked into" in page and "word for word" not in page
    lift(hold, finding="cleared", conclusion="Both used the hand-out.", by=cy)
    assert "hand-out" not in client.get(f"/submissions/{handed_in.pk}/").content.decode()
    assert [told(one) for one in (ada, mo, cy, bo)] == [
        ["held", "hold-lifted"],
        ["held", "hold-lifted"],
        [],
        [],
    ]


def test_the_trail_keeps_the_acts_without_their_words(handed_in, cy):
    hold = place_hold(handed_in, words=WORDS, by=cy)
    lift(hold, finding="confirmed", conclusion=CONCLUSION, by=cy)
    verbs = [one.verb for one in Event.objects.about(handed_in).in_order()]
    assert verbs[-2:] == ["held", "hold-lifted"]
    kept = str([one.data for one in Event.objects.about(handed_in)])
    assert WORDS not in kept and CONCLUSION not in kept
    assert list(breaks()) == []


# --- Badges ----------------------------------------------------------------------------------------


def test_an_issued_badge_is_suspended_and_restored(approved, ada, cy):
    hold = place_hold(approved.submission, words=WORDS, by=cy)
    badge = Credential.objects.get()
    assert badge.state == CredentialState.SUSPENDED and WORDS not in badge.suspension_reason
    lift(hold, finding="cleared", conclusion="", by=cy)
    assert Credential.objects.get().state == CredentialState.ISSUED
    assert now(approved.submission).state == State.APPROVED


def test_a_badge_that_was_suspended_before_stays_so(approved, cy, mo):
    suspend(Credential.objects.get(), reason="A mix-up of names.", by=mo)
    hold = place_hold(approved.submission, words=WORDS, by=cy)
    lift(hold, finding="cleared", conclusion="", by=cy)
    assert Credential.objects.get().suspension_reason == "A mix-up of names."


def test_a_badge_that_is_being_made_is_waited_for(ada, bo, cy, programme):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    assert code_of(lambda: place_hold(decision.submission, words=WORDS, by=cy)) == "not-issued"
    assert not Hold.objects.exists()


# --- Confirmed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finding", "conclusion", "code"),
    [
        ("maybe", CONCLUSION, "unknown-finding"),
        ("confirmed", "\n", "words-missing"),
        ("cleared", "x" * 2001, "text-too-long"),
    ],
)
def test_it_ends_with_a_finding_and_reasons(handed_in, cy, finding, conclusion, code):
    hold = place_hold(handed_in, words=WORDS, by=cy)
    assert code_of(lambda: lift(hold, finding=finding, conclusion=conclusion, by=cy)) == code
    assert now(handed_in).is_held


def test_confirmed_the_work_is_rejected_with_reasons(handed_in, ada, cy):
    hold = place_hold(handed_in, words=WORDS, by=cy)
    lift(hold, finding="confirmed", conclusion=CONCLUSION, by=cy)
    submission = now(handed_in)
    assert (submission.state, submission.held_at) == (State.REJECTED, None)
    decision = Decision.objects.standing().get()
    assert (decision.outcome, decision.feedback, decision.decided_by) == ("reject", CONCLUSION, cy)
    assert (decision.results, decision.review.kind) == ([], ReviewKind.ADJUDICATION)
    assert told(ada) == ["held", "decided"]


def test_confirmed_after_an_approval_the_badge_is_revoked_and_the_old_decision_stays_readable(
    approved, ada, bo, cy, client
):
    hold = place_hold(approved.submission, words=WORDS, by=cy)
    lift(hold, finding="confirmed", conclusion=CONCLUSION, by=cy)
    assert Credential.objects.get().state == CredentialState.REVOKED
    assert Review.objects.get(assessor=bo).state == ReviewState.SET_ASIDE
    client.force_login(ada)
    page = client.get(f"/submissions/{approved.submission_id}/").content.decode()
    assert "Decision set aside after an investigation" in page and "Good work." in page and CONCLUSION in page


def test_a_marking_that_waited_for_another_is_set_aside(handed_in, bo, cy):
    review = factories.make_review(handed_in, bo)
    Review.objects.filter(pk=review.pk).update(
        state=ReviewState.MARKED, outcome="approve", ended_at=timezone.now()
    )
    Submission.objects.update(state=State.MODERATION, claimed_by=None, lease_until=None)
    hold = place_hold(handed_in, words=WORDS, by=cy)
    lift(hold, finding="confirmed", conclusion=CONCLUSION, by=cy)
    review.refresh_from_db()
    assert (review.state, now(handed_in).state) == (ReviewState.SET_ASIDE, State.REJECTED)


def test_an_appeal_that_waited_lapses_and_the_new_decision_can_be_appealed(ada, bea, bo, cy, mo, programme):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN)
    filed = appeal(decision, reason="The log is there.", by=ada)
    hold = place_hold(decision.submission, words=WORDS, by=mo)
    lift(hold, finding="confirmed", conclusion=CONCLUSION, by=mo)
    filed.refresh_from_db()
    assert (filed.ruling, filed.words) == ("lapsed", CONCLUSION)
    submission = now(decision.submission)
    assert submission.appealed_at is None
    assert {bo.pk, mo.pk} <= partakers(submission)
    again = appeal(Decision.objects.standing().get(), reason="I wrote it first.", by=ada)
    with pytest.raises(Forbidden):
        rule_on(again, ruling="upheld", words="No.", by=mo)
    rule_on(again, ruling="overturned", words="Alan copied from Ada.", by=cy)
    factories.make_decision(now(submission), bea)
    assert now(submission).state == State.APPROVED


# --- At once ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_hold_and_a_decision_at_once_leave_no_badge_in_force(handed_in, bo, cy):
    review = factories.make_review(handed_in, bo)

    def act(what):
        if what == "hold":
            return place_hold(handed_in, words=WORDS, by=cy)
        return decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)

    answers = factories.at_once(act, ["hold", "decide"])
    codes = {one.code for one in answers if isinstance(one, DomainError)}
    # Whoever came first: the review ended, or its badge was planned and has to be waited for.
    assert codes in ({"lease-lost"}, {"not-issued"})
    assert now(handed_in).is_held != Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_lift_at_once_one_is_heard(handed_in, cy, mo):
    hold = place_hold(handed_in, words=WORDS, by=cy)

    def act(what):
        person, finding = what
        return lift(Hold.objects.get(pk=hold.pk), finding=finding, conclusion=CONCLUSION, by=person)

    answers = factories.at_once(act, [(cy, "cleared"), (mo, "confirmed")])
    assert [one.code for one in answers if isinstance(one, DomainError)] == ["not-held"]
    confirmed = Hold.objects.get().finding == "confirmed"
    assert Decision.objects.exists() == confirmed


# --- Copies ----------------------------------------------------------------------------------------


def test_the_same_bytes_of_another_learner_are_found(ada, alan, programme, organisation):
    mine = factories.make_submission(ada, programme)
    assert copies_of(mine, mine.evidence.all()) == []
    theirs = factories.make_submission(alan, programme)
    (copy,) = copies_of(mine, mine.evidence.all())
    assert (copy.item.submission, [one.submission for one in copy.others]) == (mine, [theirs])
    assert copy.learners == 1


def test_drafts_own_attempts_other_programmes_and_changed_files_are_none(
    ada, alan, bo, programme, organisation
):
    mine = factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN).submission
    again = start(programme, mine.achievement, by=ada)
    submit(again, declaration=True, by=ada)
    other = factories.make_programme(organisation, mine.achievement)
    factories.enrol(other, alan)
    factories.make_submission(alan, other)
    draft = factories.make_draft(alan, programme)
    factories.make_evidence(draft)
    assert copies_of(mine, mine.evidence.all()) == [] and copies_of(again, again.evidence.all()) == []
    factories.make_evidence(draft, content=factories.RULES + b"# mine\n", name="changed.v4")
    for item in draft.evidence.filter(sha256=mine.evidence.get().sha256):
        item.delete()
    submit(draft, declaration=True, by=alan)
    assert copies_of(mine, mine.evidence.all()) == []
