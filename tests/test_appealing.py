"""Appeals: once a decision, in time, ruled on by somebody who took no part, and everybody is told."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from assessments.models import Conflict, Submission
from assessments.models.lifecycle import State
from assessments.submitting import start, withdraw
from badges.models import Credential
from badges.models.credential import CredentialState
from reviews import appealing
from reviews.appealing import appeal, appealable_until, rule_on, withdraw_appeal
from reviews.claiming import claim
from reviews.impartial import partakers, rulers
from reviews.models import Appeal, Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import ReviewState
from reviews.offering import offered_to
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event, Notification

REASON = "Criterion 2 asks for a log, and the log stands in line 8."
WORDS = "Line 8 does log what is dropped."


@pytest.fixture
def returned(ada, bo, programme) -> Decision:
    return factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN, "No log.")


@pytest.fixture
def approved(ada, bo, programme) -> Decision:
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    return decision


@pytest.fixture
def filed(returned, ada, cy, mo) -> Appeal:
    return appeal(returned, reason=REASON, by=ada)


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def code_of(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def told(person) -> list[str]:
    rows = Notification.objects.filter(recipient=person, kind__startswith="appeal")
    return list(rows.order_by("created_at").values_list("kind", flat=True))


# --- Filing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", list(Outcome))
def test_ada_appeals_any_decision_once(ada, bo, programme, outcome):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo, outcome)
    filed = appeal(decision, reason=f"  {REASON}\0 ", by=ada)
    assert (filed.reason, filed.is_open) == (REASON, True)
    assert now(decision.submission).appealed_at == filed.filed_at
    assert code_of(lambda: appeal(decision, reason="Again.", by=ada)) == "already-appealed"


@pytest.mark.parametrize("who", ["alan", "bo", "cy", "mo", "root", "dee"])
def test_nobody_else_appeals(returned, who, request):
    with pytest.raises(Forbidden):
        appeal(returned, reason=REASON, by=request.getfixturevalue(who))


@pytest.mark.parametrize(("reason", "code"), [(" \n", "reason-missing"), ("x" * 5001, "text-too-long")])
def test_an_appeal_says_why(returned, ada, reason, code):
    assert code_of(lambda: appeal(returned, reason=reason, by=ada)) == code
    assert not Appeal.objects.exists()


def test_where_the_programme_takes_no_appeals_there_is_none(returned, ada, programme):
    programme.appeal_days = None
    programme.save()
    assert code_of(lambda: appeal(returned, reason=REASON, by=ada)) == "no-appeals"


def test_what_is_not_released_is_not_appealed(returned, ada):
    Decision.objects.update(released_at=None)
    assert code_of(lambda: appeal(returned, reason=REASON, by=ada)) == "not-released"


def test_the_last_second_is_in_time_by_the_clock_of_the_database(returned, ada, monkeypatch):
    until = appealable_until(returned, returned.submission)
    assert timezone.localtime(until).time() == datetime.max.time()
    assert timezone.localdate(until) == timezone.localdate(returned.released_at) + timedelta(days=14)
    monkeypatch.setattr(appealing, "database_now", lambda: until + timedelta(microseconds=1))
    assert code_of(lambda: appeal(returned, reason=REASON, by=ada)) == "too-late"
    monkeypatch.setattr(appealing, "database_now", lambda: until)
    assert appeal(returned, reason=REASON, by=ada).is_open


def test_while_it_waits_no_attempt_starts_and_going_on_ends_the_right(returned, ada, programme, achievement):
    draft = start(programme, achievement, by=ada)
    assert code_of(lambda: appeal(returned, reason=REASON, by=ada)) == "went-on"
    withdraw(draft, by=ada)
    filed = appeal(returned, reason=REASON, by=ada)
    assert code_of(lambda: start(programme, achievement, by=ada)) == "appeal-open"
    withdraw_appeal(filed, by=ada)
    assert start(programme, achievement, by=ada).attempt == 3


def test_the_words_stay_out_of_the_trail(filed, cy):
    rule_on(filed, ruling="overturned", words=WORDS, by=cy)
    events = [one for one in Event.objects.in_order() if one.verb.startswith("appeal")]
    assert [one.verb for one in events] == ["appealed", "appeal-ruled"]
    assert REASON not in str([one.data for one in events]) and WORDS not in str([one.data for one in events])
    assert list(breaks()) == []


# --- Taking it back --------------------------------------------------------------------------------


def test_taken_back_it_cannot_be_filed_again(filed, ada, cy):
    withdraw_appeal(filed, by=ada)
    assert now(filed.decision.submission).appealed_at is None
    assert code_of(lambda: withdraw_appeal(filed, by=ada)) == "appeal-closed"
    assert code_of(lambda: appeal(filed.decision, reason=REASON, by=ada)) == "already-appealed"
    assert code_of(lambda: rule_on(filed, ruling="upheld", words=WORDS, by=cy)) == "appeal-closed"


def test_nobody_else_takes_it_back(filed, bo, cy):
    for person in (bo, cy):
        with pytest.raises(Forbidden):
            withdraw_appeal(filed, by=person)


# --- Who rules -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "alan", "bo", "bea", "mo", "root", "dee"])
def test_only_a_moderator_who_took_no_part_rules(filed, who, request):
    with pytest.raises(Forbidden):
        rule_on(filed, ruling="upheld", words=WORDS, by=request.getfixturevalue(who))


def test_whoever_judged_does_not_rule_whatever_roles_they_hold(filed, bo, programme):
    for role in ("moderator", "manager"):
        factories.grant(bo, role, programme)
    bo.forget_grants()
    assert bo.pk in partakers(filed.decision.submission)
    with pytest.raises(Forbidden):
        rule_on(filed, ruling="upheld", words=WORDS, by=bo)


def test_without_such_a_moderator_a_manager_who_took_no_part_rules(ada, bo, mo, programme):
    factories.grant(bo, "moderator", programme)
    decision = factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN)
    filed = appeal(decision, reason=REASON, by=ada)
    assert list(rulers(filed.decision.submission)) == [mo]
    assert told(mo) == ["appeal-filed"]
    assert rule_on(filed, ruling="upheld", words=WORDS, by=mo).ruled_by == mo


def test_where_nobody_is_left_managers_are_told_and_none_rules(ada, bo, mo, programme):
    factories.grant(mo, "assessor", programme)
    mo.forget_grants()
    decision = factories.make_decision(factories.make_submission(ada, programme), mo, Outcome.RETURN)
    filed = appeal(decision, reason=REASON, by=ada)
    assert told(mo) == ["appeal-filed"]
    with pytest.raises(Forbidden):
        rule_on(filed, ruling="upheld", words=WORDS, by=mo)


def test_a_moderator_with_a_conflict_of_interest_does_not_rule(filed, ada, cy, mo):
    Conflict.objects.create(learner=ada, assessor=cy, tie="family", declared_by=cy)
    assert list(rulers(filed.decision.submission)) == [mo]
    with pytest.raises(Forbidden):
        rule_on(filed, ruling="upheld", words=WORDS, by=cy)
    assert not Appeal.objects.visible_to(cy).exists()


def test_nobody_rules_on_their_own_appeal(filed, ada, programme):
    for role in ("moderator", "manager"):
        factories.grant(ada, role, programme)
    ada.forget_grants()
    with pytest.raises(Forbidden):
        rule_on(filed, ruling="overturned", words=WORDS, by=ada)


# --- Ruling ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ruling", "words", "code"),
    [
        ("maybe", WORDS, "unknown-ruling"),
        ("lapsed", WORDS, "unknown-ruling"),
        ("upheld", "\n", "words-missing"),
        ("upheld", "x" * 5001, "text-too-long"),
    ],
)
def test_a_ruling_is_one_of_two_with_reasons(filed, cy, ruling, words, code):
    assert code_of(lambda: rule_on(filed, ruling=ruling, words=words, by=cy)) == code
    filed.refresh_from_db()
    assert filed.is_open


def test_upheld_it_stands_and_the_next_attempt_may_start(filed, ada, bo, cy, mo, programme, achievement):
    ruled = rule_on(filed, ruling="upheld", words=WORDS, by=cy)
    assert (ruled.ruling, ruled.words, ruled.ruled_by) == ("upheld", WORDS, cy)
    submission = now(filed.decision.submission)
    assert (submission.state, submission.appealed_at) == (State.RETURNED, None)
    assert Decision.objects.standing().get() == filed.decision
    assert [told(one) for one in (ada, bo, mo)] == [["appeal-ruled"], ["appeal-ruled"], ["appeal-ruled"]]
    assert told(cy) == ["appeal-filed"]
    assert start(programme, achievement, by=ada).attempt == 2


def test_overturned_somebody_new_judges_the_same_attempt(filed, ada, bo, bea, cy):
    rule_on(filed, ruling="overturned", words=WORDS, by=cy)
    submission = now(filed.decision.submission)
    assert (submission.state, submission.attempt, submission.resubmit_by) == (State.SUBMITTED, 1, None)
    assert submission.is_judged_anew
    assert not Decision.objects.standing().exists()
    assert Review.objects.get().state == ReviewState.SET_ASIDE
    queue = Submission.objects.in_queue()
    assert [offered_to(queue, one).exists() for one in (bo, bea)] == [False, True]
    assert code_of(lambda: claim(submission, by=bo)) == "not-claimable"
    decision = factories.make_decision(submission, bea)
    assert (decision.outcome, decision.submission) == ("approve", submission)
    assert now(submission).state == State.APPROVED


def test_who_ruled_does_not_judge_anew_whatever_roles_they_hold(filed, bea, cy, programme, client):
    factories.grant(cy, "assessor", programme)
    cy.forget_grants()
    rule_on(filed, ruling="overturned", words=WORDS, by=cy)
    queue = Submission.objects.in_queue()
    assert [offered_to(queue, one).exists() for one in (cy, bea)] == [False, True]
    assert code_of(lambda: claim(now(filed.decision.submission), by=cy)) == "not-claimable"
    client.force_login(bea)
    assert "judged anew after an appeal" in client.get("/queue/").content.decode()


def test_the_badge_is_revoked_and_the_new_decision_brings_exactly_one(approved, ada, bo, bea, cy):
    filed = appeal(approved, reason="Level 2 is too low.", by=ada)
    rule_on(filed, ruling="overturned", words=WORDS, by=cy)
    badge = Credential.objects.get()
    assert (badge.state, badge.revoked_by) == (CredentialState.REVOKED, cy)
    assert "appeal" in badge.revocation_reason
    assert Notification.objects.filter(recipient=ada, kind="badge-revoked").count() == 1
    factories.make_decision(now(approved.submission), bea)
    jobs.run_due()
    states = sorted(Credential.objects.values_list("state", flat=True))
    assert states == [CredentialState.ISSUED, CredentialState.REVOKED]


def test_upheld_the_badge_stays_as_it_is(approved, ada, cy):
    filed = appeal(approved, reason="Level 2 is too low.", by=ada)
    rule_on(filed, ruling="upheld", words=WORDS, by=cy)
    assert Credential.objects.get().state == CredentialState.ISSUED


def test_a_badge_that_is_being_made_is_waited_for(ada, bo, cy, programme):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    filed = appeal(decision, reason=REASON, by=ada)
    assert code_of(lambda: rule_on(filed, ruling="overturned", words=WORDS, by=cy)) == "not-issued"
    filed.refresh_from_db()
    assert filed.is_open and Decision.objects.standing().exists()


def test_the_new_decision_can_be_appealed_and_the_ruler_took_part(filed, ada, bea, cy, mo, programme):
    rule_on(filed, ruling="overturned", words=WORDS, by=cy)
    second = factories.make_decision(now(filed.decision.submission), bea, Outcome.RETURN)
    again = appeal(second, reason=REASON, by=ada)
    with pytest.raises(Forbidden):
        rule_on(again, ruling="upheld", words=WORDS, by=cy)
    assert rule_on(again, ruling="upheld", words=WORDS, by=mo).ruling == "upheld"


def test_the_time_that_an_appeal_waited_is_given_back(ada, bo, cy, programme, filed):
    submission = filed.decision.submission
    deadline = timezone.now() + timedelta(days=5)
    Submission.objects.filter(pk=submission.pk).update(resubmit_by=deadline)
    Appeal.objects.update(filed_at=timezone.now() - timedelta(days=4))
    rule_on(filed, ruling="upheld", words=WORDS, by=cy)
    assert timezone.localdate(now(submission).resubmit_by) == timezone.localdate(deadline + timedelta(days=4))


def test_the_promise_of_the_programme_holds_for_appeals_and_counts_anew(filed, cy, programme):
    programme.review_days = 10
    programme.save()
    submission = now(filed.decision.submission)
    assert submission.appeal_expected_by == filed.filed_at + timedelta(days=10)
    Submission.objects.update(submitted_at=timezone.now() - timedelta(days=30))
    rule_on(filed, ruling="overturned", words=WORDS, by=cy)
    assert not now(submission).is_overdue


# --- At once ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_who_rule_at_once_one_is_heard(filed, bea, cy, programme):
    factories.grant(bea, "moderator", programme)
    bea.forget_grants()

    def act(rule):
        person, ruling = rule
        return rule_on(Appeal.objects.get(), ruling=ruling, words=WORDS, by=person).ruling

    answers = factories.at_once(act, [(cy, "upheld"), (bea, "overturned")])
    refused = [one for one in answers if isinstance(one, DomainError)]
    assert [one.code for one in refused] == ["appeal-closed"]
    ruled = Appeal.objects.get().ruling
    assert ruled in answers
    assert Decision.objects.standing().exists() == (ruled == "upheld")


@pytest.mark.django_db(transaction=True)
def test_an_appeal_and_a_new_attempt_at_once_do_not_both_happen(returned, ada, programme, achievement):
    def act(what):
        if what == "appeal":
            return appeal(returned, reason=REASON, by=ada)
        return start(programme, achievement, by=ada)

    answers = factories.at_once(act, ["appeal", "start"])
    codes = {one.code for one in answers if isinstance(one, DomainError)}
    assert codes in ({"went-on"}, {"appeal-open"})
    assert Appeal.objects.exists() != Submission.objects.filter(attempt=2).exists()


@pytest.mark.django_db(transaction=True)
def test_an_appeal_filed_twice_at_once_is_one(returned, ada):
    answers = factories.at_once(lambda reason: appeal(returned, reason=reason, by=ada), ["A.", "B."])
    assert sorted(getattr(one, "code", "filed") for one in answers) == ["already-appealed", "filed"]
    assert Appeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_taken_back_and_overturned_at_once_only_one_happens(filed, ada, cy):
    def act(what):
        if what == "back":
            return withdraw_appeal(Appeal.objects.get(), by=ada)
        return rule_on(Appeal.objects.get(), ruling="overturned", words=WORDS, by=cy)

    answers = factories.at_once(act, ["back", "rule"])
    assert [one.code for one in answers if isinstance(one, DomainError)] == ["appeal-closed"]
    ended = Appeal.objects.get()
    assert (ended.withdrawn_at is None) == (ended.ruling == "overturned")
    assert now(filed.decision.submission).appealed_at is None
