"""Starting, handing in and withdrawing: the attempts of Ada."""

import hashlib
import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from assessments.following import timeline, work_of
from assessments.models import Enrolment, Submission
from assessments.models.lifecycle import State
from assessments.submitting import start, submit, withdraw
from reviews.models.decision import Outcome
from tests import factories
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event


def refused(call) -> str:
    """The code with which a verb refuses; both the code and a sentence are promised."""
    with pytest.raises(DomainError) as caught:
        call()
    assert str(caught.value.message)
    return caught.value.code


def end(programme) -> None:
    programme.ends_on = timezone.localdate() - timedelta(days=1)
    programme.save()


# --- Starting ------------------------------------------------------------------------------------------


def test_ada_starts_her_first_attempt(ada, programme, achievement):
    draft = start(programme, achievement, by=ada)
    assert (draft.state, draft.attempt, draft.learner, draft.previous) == (State.DRAFT, 1, ada, None)
    event = Event.objects.get(verb="started")
    assert str(draft.pk) in json.dumps(event.data | {"subject": str(event.subject_id)})


@pytest.mark.parametrize("role", ["bo", "cy", "mo", "root", "dee"])
def test_nobody_starts_without_being_enrolled(role, request, programme, achievement):
    with pytest.raises(Forbidden):
        start(programme, achievement, by=request.getfixturevalue(role))
    assert not Submission.objects.exists()


def test_a_second_attempt_waits_until_the_first_is_over(ada, programme, achievement):
    start(programme, achievement, by=ada)
    assert refused(lambda: start(programme, achievement, by=ada)) == "already-open"
    assert Submission.objects.count() == 1


def test_an_earned_achievement_is_not_started_again(ada, bo, programme, achievement):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    assert refused(lambda: start(programme, achievement, by=ada)) == "already-earned"


def test_a_programme_that_ended_takes_no_work(ada, programme, achievement):
    end(programme)
    assert refused(lambda: start(programme, achievement, by=ada)) == "programme-closed"


def test_an_achievement_of_another_programme_is_not_offered(ada, programme, organisation):
    other = factories.make_achievement(organisation)
    assert refused(lambda: start(programme, other, by=ada)) == "not-offered"


def test_attempts_run_out(ada, bo, programme, achievement):
    achievement.max_attempts = 1
    achievement.save()
    factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.REJECT)
    assert refused(lambda: start(programme, achievement, by=ada)) == "no-attempts-left"


def test_a_withdrawn_attempt_uses_up_nothing(ada, bo, programme, achievement):
    achievement.max_attempts = 1
    achievement.save()
    withdraw(factories.make_submission(ada, programme), by=ada)
    second = start(programme, achievement, by=ada)
    assert second.attempt == 2
    factories.make_decision(submit(second, declaration=True, by=ada), bo, Outcome.RETURN)
    assert refused(lambda: start(programme, achievement, by=ada)) == "no-attempts-left"


def test_after_a_return_the_evidence_comes_along_with_the_same_digests(ada, bo, programme, achievement):
    first = factories.make_draft(ada, programme)
    factories.make_evidence(first, title="Rules", visibility="public")
    factories.make_text(first, title="Reflection", visibility="private")
    factories.make_decision(submit(first, declaration=True, by=ada), bo, Outcome.RETURN)

    second = start(programme, achievement, by=ada)

    assert (second.attempt, second.previous, second.state) == (2, first, State.DRAFT)
    old, new = list(first.evidence.in_order()), list(second.evidence.in_order())
    assert [item.sha256 for item in new] == [item.sha256 for item in old]
    assert [item.blob_id for item in new] == [item.blob_id for item in old]
    assert [item.visibility for item in new] == ["public", "private"]
    assert [item.carried_from for item in new] == old
    assert not {item.pk for item in new} & {item.pk for item in old}
    for before, after in zip(old, new, strict=True):
        assert list(after.supports.values_list("criterion", "justification")) == list(
            before.supports.values_list("criterion", "justification")
        )


def test_changing_the_second_attempt_leaves_what_was_judged_alone(ada, bo, programme, achievement):
    first = factories.make_submission(ada, programme)
    frozen = first.manifest
    factories.make_decision(first, bo, Outcome.RETURN)
    second = start(programme, achievement, by=ada)
    second.evidence.all().delete()
    first.refresh_from_db()
    assert first.manifest == frozen
    assert first.evidence.count() == 1


def test_after_a_rejection_the_next_attempt_begins_empty(ada, bo, programme, achievement):
    factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.REJECT)
    assert not start(programme, achievement, by=ada).evidence.exists()


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_starts_give_one_attempt(ada, programme, achievement):
    barrier, outcomes = threading.Barrier(2), []

    def go() -> None:
        barrier.wait()
        try:
            outcomes.append(start(programme, achievement, by=ada).attempt)
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [1, "already-open"]
    assert Submission.objects.count() == 1


# --- Handing in ----------------------------------------------------------------------------------------


def test_handing_in_freezes_the_manifest_of_digests(ada, programme):
    draft = factories.make_draft(ada, programme)
    item = factories.make_evidence(draft)
    done = submit(draft, declaration=True, by=ada)
    assert done.state == State.SUBMITTED
    assert done.submitted_at == done.declared_at
    assert [row["sha256"] for row in done.manifest["evidence"]] == [item.sha256]
    canonical = json.dumps(done.manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert done.manifest_sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    assert Event.objects.get(verb="submitted").data["manifest_sha256"] == done.manifest_sha256


def test_without_a_declaration_nothing_is_handed_in(ada, programme):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    assert refused(lambda: submit(draft, declaration=False, by=ada)) == "declaration-missing"
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_an_empty_draft_is_not_handed_in(ada, programme):
    draft = factories.make_draft(ada, programme)
    assert refused(lambda: submit(draft, declaration=True, by=ada)) == "no-evidence"


def test_evidence_that_supports_nothing_is_not_handed_in(ada, programme):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft, supports={}, title="Orphan")
    with pytest.raises(DomainError, match="Orphan") as caught:
        submit(draft, declaration=True, by=ada)
    assert caught.value.code == "criteria-missing"


def test_work_is_handed_in_once(ada, programme):
    done = factories.make_submission(ada, programme)
    assert refused(lambda: submit(done, declaration=True, by=ada)) == "not-editable"
    assert Event.objects.filter(verb="submitted").count() == 1


def test_a_programme_that_ended_takes_no_draft(ada, programme):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    end(programme)
    assert refused(lambda: submit(draft, declaration=True, by=ada)) == "programme-closed"


def test_an_achievement_taken_out_of_the_programme_is_not_handed_in(ada, programme, achievement):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    programme.achievements.remove(achievement)
    assert refused(lambda: submit(draft, declaration=True, by=ada)) == "not-offered"


def test_ada_cannot_hand_in_once_her_enrolment_is_gone(ada, programme):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    Enrolment.objects.all().delete()
    with pytest.raises(Forbidden):
        submit(draft, declaration=True, by=ada)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


@pytest.mark.parametrize("role", ["alan", "bo", "mo", "root", "dee"])
def test_nobody_hands_in_or_withdraws_for_ada(role, request, ada, programme):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    person = request.getfixturevalue(role)
    with pytest.raises(Forbidden):
        submit(draft, declaration=True, by=person)
    with pytest.raises(Forbidden):
        withdraw(draft, by=person)


# --- Withdrawing -----------------------------------------------------------------------------------------


def test_ada_withdraws_what_nobody_reviews_and_starts_from_its_evidence(ada, programme, achievement):
    done = factories.make_submission(ada, programme)
    assert withdraw(done, by=ada).state == State.WITHDRAWN
    assert start(programme, achievement, by=ada).evidence.count() == 1


def test_work_under_review_is_not_withdrawn(ada, bo, programme):
    done = factories.make_submission(ada, programme)
    factories.make_review(done, bo)
    assert refused(lambda: withdraw(done, by=ada)) == "not-withdrawable"


def test_decided_work_is_not_withdrawn(ada, bo, programme):
    done = factories.make_submission(ada, programme)
    factories.make_decision(done, bo)
    assert refused(lambda: withdraw(done, by=ada)) == "not-withdrawable"


# --- Following -------------------------------------------------------------------------------------------


def test_the_timeline_has_one_current_step_in_every_state(ada, bo, programme, achievement):
    draft = factories.make_draft(ada, programme)
    assert current(draft) == ["Started"]
    factories.make_evidence(draft)
    done = submit(draft, declaration=True, by=ada)
    assert current(done) == ["Review"]
    factories.make_review(done, bo)
    assert current(Submission.objects.get()) == ["Review"]
    assert "Bo" not in " ".join(f"{step.title} {step.text}" for step in timeline(Submission.objects.get()))


@pytest.mark.parametrize(
    ("outcome", "title"),
    [(Outcome.APPROVE, "Badge"), (Outcome.RETURN, "Returned for revision"), (Outcome.REJECT, "Rejected")],
)
def test_the_timeline_ends_with_what_was_decided(outcome, title, ada, bo, programme):
    done = factories.make_submission(ada, programme)
    factories.make_decision(done, bo, outcome)
    done.refresh_from_db()
    assert current(done) == [title]


def test_work_that_waits_for_ada_comes_first(ada, bo, programme, achievement, organisation):
    earned = factories.make_achievement(organisation)
    returned = factories.make_achievement(organisation)
    programme.achievements.add(earned, returned)
    factories.make_decision(factories.make_submission(ada, programme, earned), bo)
    factories.make_decision(factories.make_submission(ada, programme, returned), bo, Outcome.RETURN)
    assert [work.achievement for work in work_of(ada)] == [returned, achievement, earned]
    assert [work.can_start for work in work_of(ada)] == [True, True, False]


def test_work_of_a_programme_that_ada_left_stays_in_sight(ada, programme):
    done = factories.make_submission(ada, programme)
    Enrolment.objects.all().delete()
    [work] = work_of(ada)
    assert (work.latest, work.enrolled, work.can_start) == (done, False, False)


def current(submission: Submission) -> list[str]:
    return [str(step.title) for step in timeline(submission) if step.state == "current"]
