"""Attempts and deadlines: what a programme limits, more time for one learner, reminders once each."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import submitting
from assessments.extending import awaited, extend, remind_of_deadlines
from assessments.following import work_around
from assessments.limiting import in_words, limit
from assessments.models import Extension, Submission
from assessments.models.lifecycle import State
from assessments.submitting import start, submit, withdraw
from badges.models import Credential
from reviews.claiming import claim, release
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule, ReviewState
from reviews.moderating import accept
from tests import factories
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event, Notification


@pytest.fixture
def returned(ada, bo, programme) -> Submission:
    """Returned with a week to hand in again."""
    programme.resubmit_days = 7
    programme.save()
    factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN)
    return Submission.objects.get()


def now(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def code_of(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def due_in(submission: Submission, **time) -> datetime:
    until = timezone.now() + timedelta(**time)
    Submission.objects.filter(pk=submission.pk).update(resubmit_by=until)
    return until


# --- What a programme limits -----------------------------------------------------------------------


@pytest.mark.parametrize("who", ["mo", "root"])
def test_who_manages_sets_the_limits(programme, who, request):
    changed = limit(
        programme, max_attempts=3, resubmit_days=21, appeal_days=None, by=request.getfixturevalue(who)
    )
    assert (changed.max_attempts, changed.resubmit_days, changed.appeal_days) == (3, 21, None)
    assert Event.objects.get(verb="limits-set").data["before"]["appeal_days"] == 14
    assert "up to 3 attempts" in in_words(changed) and "No appeals" in in_words(changed)


@pytest.mark.parametrize("who", ["ada", "bo", "cy", "dee"])
def test_nobody_else_does(programme, who, request):
    limits = {"max_attempts": 1, "resubmit_days": 1, "appeal_days": 1}
    with pytest.raises(Forbidden):
        limit(programme, **limits, by=request.getfixturevalue(who))


@pytest.mark.parametrize(
    "wrong", [{"max_attempts": 0}, {"max_attempts": 101}, {"resubmit_days": 366}, {"appeal_days": -1}]
)
def test_a_limit_is_a_sensible_number(programme, mo, wrong):
    limits = {"max_attempts": None, "resubmit_days": None, "appeal_days": None} | wrong
    assert code_of(lambda: limit(programme, **limits, by=mo)) == "bad-limit"


def test_saving_the_same_leaves_no_trace(programme, mo):
    limit(programme, max_attempts=None, resubmit_days=None, appeal_days=14, by=mo)
    assert not Event.objects.filter(verb="limits-set").exists()


@pytest.mark.parametrize(("of_programme", "of_achievement"), [(1, None), (None, 1), (1, 5), (5, 1)])
def test_the_smaller_number_of_attempts_counts(ada, bo, programme, achievement, of_programme, of_achievement):
    programme.max_attempts, achievement.max_attempts = of_programme, of_achievement
    programme.save()
    achievement.save()
    factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN)
    assert code_of(lambda: start(programme, achievement, by=ada)) == "no-attempts-left"
    assert work_around(Submission.objects.get(), enrolled=True).attempts_left == 0


def test_an_attempt_taken_back_does_not_count(ada, programme, achievement):
    programme.max_attempts = 1
    programme.save()
    withdraw(factories.make_submission(ada, programme), by=ada)
    assert start(programme, achievement, by=ada).attempt == 2


# --- The deadline ----------------------------------------------------------------------------------


def test_a_return_sets_it_to_the_end_of_the_last_day(returned):
    assert timezone.localdate(returned.resubmit_by) == timezone.localdate() + timedelta(days=7)
    assert timezone.localtime(returned.resubmit_by).time() == datetime.max.time()


@pytest.mark.parametrize("outcome", [Outcome.APPROVE, Outcome.REJECT])
def test_other_decisions_set_none(ada, bo, programme, outcome):
    programme.resubmit_days = 7
    programme.save()
    factories.make_decision(factories.make_submission(ada, programme), bo, outcome)
    assert Submission.objects.get().resubmit_by is None


def test_to_the_last_moment_it_is_in_time_by_the_clock_of_the_database(
    returned, ada, programme, achievement, monkeypatch
):
    last = returned.resubmit_by
    monkeypatch.setattr(submitting, "database_now", lambda: last + timedelta(microseconds=1))
    assert code_of(lambda: start(programme, achievement, by=ada)) == "too-late"
    monkeypatch.setattr(submitting, "database_now", lambda: last)
    draft = start(programme, achievement, by=ada)
    assert submit(draft, declaration=True, by=ada).state == State.SUBMITTED


def test_a_draft_that_was_begun_in_time_is_handed_in_in_time(returned, ada, mo, programme, achievement):
    draft = start(programme, achievement, by=ada)
    due_in(returned, minutes=-1)
    assert code_of(lambda: submit(draft, declaration=True, by=ada)) == "too-late"
    extend(now(returned), until=timezone.localdate() + timedelta(days=2), reason="Illness.", by=mo)
    assert submit(draft, declaration=True, by=ada).state == State.SUBMITTED


def test_taking_a_draft_back_wins_no_time(returned, ada, programme, achievement):
    withdraw(start(programme, achievement, by=ada), by=ada)
    due_in(returned, minutes=-1)
    assert code_of(lambda: start(programme, achievement, by=ada)) == "too-late"


# --- More time -------------------------------------------------------------------------------------


@pytest.mark.parametrize("days_before", [3, -3])
def test_mo_gives_more_time_before_and_after_the_end(returned, ada, mo, days_before):
    before = due_in(returned, days=days_before)
    day = timezone.localdate() + timedelta(days=10)
    extension = extend(returned, until=day, reason="  Illness\n of a child. ", by=mo)
    assert (extension.before, extension.reason) == (before, "Illness of a child.")
    assert timezone.localdate(now(returned).resubmit_by) == day
    assert Notification.objects.filter(recipient=ada, kind="more-time").count() == 1
    assert "Illness" not in str(Event.objects.get(verb="more-time-granted").data)


@pytest.mark.parametrize("who", ["ada", "alan", "bo", "cy", "dee"])
def test_nobody_else_gives_more_time(returned, who, request):
    person = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        extend(returned, until=timezone.localdate() + timedelta(days=10), reason="Please.", by=person)


def test_a_manager_who_learns_gives_themselves_none(returned, ada, programme):
    factories.grant(ada, "manager", programme)
    ada.forget_grants()
    with pytest.raises(Forbidden):
        extend(returned, until=timezone.localdate() + timedelta(days=10), reason="Please.", by=ada)


@pytest.mark.parametrize(
    ("days", "reason", "code"),
    [
        (7, "Illness.", "bad-until"),
        (-1, "Illness.", "bad-until"),
        (400, "Illness.", "bad-until"),
        (10, " \0", "reason-missing"),
        (10, "x" * 1001, "text-too-long"),
    ],
)
def test_what_is_refused(returned, mo, days, reason, code):
    day = timezone.localdate() + timedelta(days=days)
    assert code_of(lambda: extend(returned, until=day, reason=reason, by=mo)) == code
    assert not Extension.objects.exists()


def test_where_nothing_is_awaited_nothing_is_extended(returned, ada, mo, programme, achievement):
    day = timezone.localdate() + timedelta(days=10)
    submit(start(programme, achievement, by=ada), declaration=True, by=ada)
    assert code_of(lambda: extend(returned, until=day, reason="Illness.", by=mo)) == "no-deadline"
    assert not awaited().exists()


# --- Reminders -------------------------------------------------------------------------------------


def reminded(person) -> int:
    return Notification.objects.filter(recipient=person, kind="resubmit-soon").count()


def test_three_days_and_one_day_before_once_each(returned, ada):
    due_in(returned, days=4)
    assert remind_of_deadlines() == 0
    due_in(returned, days=2, hours=23)
    assert [remind_of_deadlines(), remind_of_deadlines()] == [1, 0]
    Notification.objects.update(created_at=timezone.now() - timedelta(days=2, hours=2))
    due_in(returned, hours=20)
    assert [remind_of_deadlines(), remind_of_deadlines()] == [1, 0]
    due_in(returned, minutes=-1)
    assert remind_of_deadlines() == 0
    assert reminded(ada) == 2


def test_after_more_time_they_come_again(returned, ada, mo):
    due_in(returned, hours=20)
    remind_of_deadlines()
    extend(returned, until=timezone.localdate() + timedelta(days=12), reason="Illness.", by=mo)
    Notification.objects.update(created_at=timezone.now() - timedelta(days=9))
    due_in(returned, days=2)
    assert remind_of_deadlines() == 1


def test_who_handed_in_or_was_judged_otherwise_is_not_reminded(returned, ada, programme, achievement):
    due_in(returned, days=2)
    draft = start(programme, achievement, by=ada)
    assert awaited().exists()
    submit(draft, declaration=True, by=ada)
    assert remind_of_deadlines() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once(returned, ada):
    due_in(returned, days=2)
    answers = factories.at_once(lambda _worker: remind_of_deadlines(), [1, 2])
    assert sum(answers) == 1 and reminded(ada) == 1


# --- Withdrawing -----------------------------------------------------------------------------------


def test_what_waits_for_a_moderator_is_withdrawn_and_never_released(ada, bo, programme):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    Decision.objects.update(released_at=None)
    Submission.objects.update(state=State.MODERATION, decided_at=None)
    submission = withdraw(now(decision.submission), by=ada)
    assert submission.state == State.WITHDRAWN
    decision.refresh_from_db()
    assert (decision.is_standing, decision.set_aside_by) == (False, ada)
    assert Review.objects.get().state == ReviewState.SET_ASIDE


def test_markings_that_waited_for_another_are_set_aside(ada, bo, programme):
    review = factories.make_review(factories.make_submission(ada, programme), bo)
    Review.objects.update(state=ReviewState.MARKED, outcome="approve", ended_at=timezone.now())
    Submission.objects.update(state=State.SUBMITTED, claimed_by=None, lease_until=None)
    withdraw(now(review.submission), by=ada)
    assert Review.objects.get().state == ReviewState.SET_ASIDE


def test_during_a_live_claim_it_says_when(ada, bo, programme, client):
    submission = factories.make_submission(ada, programme)
    review = claim(submission, by=bo)
    with pytest.raises(DomainError) as refusal:
        withdraw(submission, by=ada)
    assert "once they give it back" in str(refusal.value)
    release(review, by=bo)
    assert withdraw(submission, by=ada).state == State.WITHDRAWN


@pytest.mark.django_db(transaction=True)
def test_withdrawn_and_accepted_at_once_only_one_happens(ada, bo, cy, programme):
    factories.make_sampling(programme, first_decisions=1)
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    assert now(decision.submission).state == State.MODERATION

    def act(what):
        if what == "withdraw":
            return withdraw(now(decision.submission), by=ada)
        return accept(Decision.objects.get(), met=EvidenceRule.values, by=cy)

    answers = factories.at_once(act, ["withdraw", "accept"])
    refused = [one for one in answers if isinstance(one, DomainError)]
    assert len(refused) == 1, answers
    withdrawn = now(decision.submission).state == State.WITHDRAWN
    assert withdrawn != Credential.objects.exists()
    assert Decision.objects.released().exists() != withdrawn


# --- Pages -----------------------------------------------------------------------------------------


def test_mo_reads_and_changes_the_limits(client, mo, programme):
    client.force_login(mo)
    address = reverse("deadlines", args=[programme.pk])
    assert 'value="14"' in client.get(address).content.decode()
    assert (
        client.post(address, {"max_attempts": "2", "resubmit_days": "", "appeal_days": ""}).status_code == 302
    )
    programme.refresh_from_db()
    assert (programme.max_attempts, programme.resubmit_days, programme.appeal_days) == (2, None, None)
    answer = client.post(address, {"max_attempts": "0"})
    assert answer.status_code == 422 and "greater than or equal to 1" in answer.content.decode()
    assert "up to 2 attempts" in client.get(reverse("judging", args=[programme.pk])).content.decode()


def test_mo_gives_more_time_from_the_page_of_the_work(client, mo, ada, returned):
    client.force_login(mo)
    address = reverse("more-time", args=[returned.pk])
    assert address in client.get(reverse("submission", args=[returned.pk])).content.decode()
    day = timezone.localdate() + timedelta(days=20)
    late = client.post(address, {"until": timezone.localdate().isoformat(), "reason": "Illness."})
    assert late.status_code == 422 and "after the deadline" in late.content.decode()
    assert client.post(address, {"until": day.isoformat(), "reason": "Illness."}).status_code == 302
    assert "Illness." in client.get(address).content.decode()
    client.force_login(ada)
    assert "Illness." in client.get(reverse("submission", args=[returned.pk])).content.decode()


@pytest.mark.parametrize("name", ["submissions", "home"])
def test_the_deadline_stands_wherever_the_work_shows(client, ada, returned, name):
    client.force_login(ada)
    day = timezone.localtime(returned.resubmit_by).strftime("%Y")
    page = client.get(reverse(name)).content.decode()
    assert ("until the end of" in page or "· until" in page) and day in page
    due_in(returned, days=-1)
    page = client.get(reverse(name)).content.decode()
    assert name == "home" or "The time to hand in again ended on" in page


def test_the_draft_shows_the_deadline_of_the_return(client, ada, returned, programme, achievement):
    draft = start(programme, achievement, by=ada)
    client.force_login(ada)
    assert "until the end of" in client.get(reverse("submission", args=[draft.pk])).content.decode()
