"""Conflicts of interest: the work is out of the other's sight, and no words reach them."""

import pytest
from django.urls import reverse

from assessments.conflicting import (
    declare,
    declared_by,
    declared_in,
    judges_for,
    learners_for,
    state_employer,
    withdraw,
)
from assessments.models import Conflict, Evidence, Submission
from assessments.models.conflict import Tie
from assessments.submitting import submit
from reviews.claiming import claim, claim_next, expire_leases, heartbeat
from reviews.models import Annotation, Decision, Review
from reviews.queueing import added_up, counters_by_programme, queue_of
from reviews.scoring import save_scores
from reviews.sharing_out import share_out
from tests import factories
from workbench.access import Forbidden, may
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event, Notification, User
from workbench.models.user import employer_key

WORDS = "We were neighbours in Mons."


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


def refused(code: str, act, *arguments, **named) -> None:
    with pytest.raises(DomainError) as refusal:
        act(*arguments, **named)
    assert refusal.value.code == code


def sees(person: User, submission: Submission) -> bool:
    person = User.objects.get(pk=person.pk)
    return Submission.objects.visible_to(person).filter(pk=submission.pk).exists()


def employ(person: User, employer: str) -> None:
    state_employer(person, employer, by=person)
    person.refresh_from_db()


# --- Who may declare what -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "bo", "mo", "root"])
def test_either_side_and_who_manages_declare(who, ada, bo, cy, mo, root, handed_in):
    by = {"ada": ada, "bo": bo, "mo": mo, "root": root}[who]
    declare(ada, bo, tie="taught", words=WORDS, by=by)
    assert not sees(bo, handed_in)
    assert sees(cy, handed_in)


def test_nobody_declares_for_others(ada, alan, bo, bea, cy, dee):
    for person in (alan, bea, cy, dee):
        with pytest.raises(Forbidden):
            declare(ada, bo, tie="family", by=person)


def test_a_conflict_needs_a_programme_where_one_learns_and_the_other_judges(ada, alan, bo, mo, dee):
    for learner, assessor, by in (
        (ada, dee, ada),
        (dee, bo, bo),
        (ada, alan, ada),
        (ada, mo, mo),
        (bo, bo, bo),
    ):
        with pytest.raises(Forbidden):
            declare(learner, assessor, tie="family", by=by)


@pytest.mark.parametrize(
    ("tie", "words", "code"),
    [
        ("", "", "unknown-tie"),
        ("enemies", "", "unknown-tie"),
        ("former", "", "unknown-tie"),
        ("other", " \0 ", "words-missing"),
        ("work", "x" * 501, "text-too-long"),
    ],
)
def test_bad_declarations_are_refused(ada, bo, tie, words, code):
    refused(code, declare, ada, bo, tie=tie, words=words, by=ada)
    assert not Conflict.objects.exists()


def test_the_same_is_declared_once_and_the_other_side_learns_nothing_of_it(ada, bo, handed_in):
    mine = declare(ada, bo, tie="family", by=ada)
    refused("already-declared", declare, ada, bo, tie="family", by=ada)
    declare(ada, bo, tie="family", by=bo)  # as if nobody had declared anything
    withdraw(mine, by=ada)
    assert not sees(bo, handed_in)


# --- What it takes away ---------------------------------------------------------------------------------


def test_the_work_is_out_of_sight_everywhere(ada, bo, programme, handed_in, client):
    evidence = handed_in.evidence.get()
    review = claim(handed_in, by=bo)
    declare(ada, bo, tie="work", by=ada)
    bo = User.objects.get(pk=bo.pk)
    assert handed_in not in queue_of(bo)
    assert added_up(counters_by_programme(bo, {})).waiting == 0
    assert claim_next(queue_of(bo), by=bo) is None
    refused("not-claimable", claim, handed_in, by=bo)
    assert not may(bo, "read-evidence", evidence)
    for rows in (Review, Annotation, Decision):
        assert not rows.objects.visible_to(bo).exists()
    client.force_login(bo)
    for name, pk in (
        ("submission", handed_in.pk),
        ("review", review.pk),
        ("evidence-file", evidence.pk),
        ("evidence-view", evidence.pk),
        ("flag", handed_in.pk),
    ):
        assert client.get(reverse(name, args=[pk])).status_code == 404, name
    assert client.post(reverse("heartbeat", args=[review.pk])).status_code == 404
    assert "Ada" not in client.get(reverse("queue")).content.decode()


def test_earlier_and_later_work_is_hidden_alike(ada, bo, programme, organisation):
    second = factories.make_achievement(organisation, code="traffic")
    programme.achievements.add(second)
    earlier = factories.make_submission(ada, programme, second)
    factories.make_decision(earlier, bo)
    declare(ada, bo, tie="taught", by=bo)
    later = factories.make_submission(ada, programme, programme.achievements.exclude(pk=second.pk).get())
    assert not sees(bo, earlier)
    assert not sees(bo, later)
    assert [one.recipient for one in Notification.objects.filter(kind="submitted", subject_id=later.pk)] == []


def test_moderators_are_kept_away_too(ada, cy, handed_in):
    declare(ada, cy, tie="family", by=ada)
    assert not sees(cy, handed_in)
    assert not may(User.objects.get(pk=cy.pk), "assign", handed_in)


def test_who_only_manages_keeps_the_overview(programme, ada, bo, mo, handed_in):
    factories.grant(mo, "assessor", programme)
    declare(ada, mo, tie="work", by=mo)
    assert not sees(mo, handed_in)
    mo.groups.get(name__endswith=":assessor").user_set.remove(mo)
    assert sees(mo, handed_in)


def test_a_judge_who_learns_sees_their_own_work(programme, bo, bea):
    factories.enrol(programme, bo)
    own = factories.make_submission(bo, programme)
    for person in (bo, bea):
        employ(person, "ACME")
    assert sees(bo, own)
    assert not sees(bea, own)


def test_nothing_changes_for_the_others(ada, alan, bo, bea, programme, handed_in):
    other = factories.make_submission(alan, programme)
    declare(ada, bo, tie="family", by=bo)
    assert sees(bo, other)
    assert sees(bea, handed_in)
    assert sees(ada, handed_in)


# --- While the other is reviewing -----------------------------------------------------------------------


def test_an_open_review_ends_and_its_text_waits_out_of_sight(ada, bo, bea, mo, handed_in):
    review = factories.make_review(handed_in, bo)
    conflict = declare(ada, bo, tie="family", words=WORDS, by=ada)
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.claimed_by, handed_in.lease_until) == ("submitted", None, None)
    refused("lease-lost", heartbeat, review, by=bo)
    refused("lease-lost", save_scores, review, version=review.version, marks=[], by=bo)
    expire_leases()
    review.refresh_from_db()
    assert review.state == "expired"
    assert claim(handed_in, by=bea).scores.count() == 0
    withdraw(conflict, by=ada)
    assert review.scores.count() == 2
    assert {one.recipient for one in Notification.objects.filter(kind="claim-ended")} == {bo}
    assert list(Event.objects.about(handed_in).filter(verb="claim-ended").values_list("actor")) == [(None,)]


def test_managers_are_told_without_the_words(ada, bo, mo, handed_in):
    declare(ada, bo, tie="other", words=WORDS, by=ada)
    notice = Notification.objects.get(kind="conflict-declared")
    assert notice.recipient == mo
    for row in (*Notification.objects.all(), *Event.objects.all()):
        assert "neighbours" not in str(row.data)


def test_a_manager_who_is_one_of_the_two_is_not_told(programme, ada, mo, handed_in):
    factories.grant(mo, "moderator", programme)
    declare(ada, mo, tie="family", words=WORDS, by=ada)
    assert not Notification.objects.filter(kind="conflict-declared").exists()
    assert not declared_in(programme, reader=mo).exists()


def test_assigned_work_goes_to_somebody_else(programme, ada, bo, bea, mo, handed_in):
    Submission.objects.update(assigned_to=bo, assigned_at=handed_in.submitted_at)
    declare(ada, bo, tie="family", by=bo)
    handed_in.refresh_from_db()
    assert handed_in.assigned_to is None
    assert share_out() == 0  # its programme lets assessors take the next


# --- Withdrawing ----------------------------------------------------------------------------------------


def test_a_withdrawn_conflict_restores(ada, bo, handed_in):
    conflict = declare(ada, bo, tie="work", by=bo)
    withdraw(conflict, by=bo)
    assert sees(bo, handed_in)
    assert claim(handed_in, by=bo).is_open
    refused("already-withdrawn", withdraw, conflict, by=bo)
    assert not list(breaks())
    declare(ada, bo, tie="work", by=bo)


def test_only_its_declarer_and_managers_withdraw(ada, bo, bea, cy, mo, dee):
    conflict = declare(ada, bo, tie="work", by=ada)
    for person in (bo, bea, cy, dee):
        with pytest.raises(Forbidden):
            withdraw(conflict, by=person)
    withdraw(conflict, by=mo)


def test_each_reads_what_they_declared_and_managers_the_rest(programme, ada, bo, mo):
    conflict = declare(ada, bo, tie="work", words=WORDS, by=ada)
    assert list(declared_by(ada)) == [conflict]
    assert not declared_by(bo).exists()
    assert list(declared_in(programme, reader=mo)) == [conflict]
    assert not declared_in(programme, reader=bo).exists()


# --- The same employer ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Télécom  Mons SA", " telecom mons sa", False),
        ("Télécom  Mons SA", "télécom mons sa", True),
        ("TÉLÉCOM MONS", "Télécom Mons", True),
        ("Straße AG", "STRASSE AG", True),
        ("ACME", "ACME Mons", False),
        ("", "", False),
        ("\u2003", " ", False),
    ],
)
def test_employers_are_compared_without_capitals_and_spaces(ada, bo, handed_in, one, other, same):
    employ(ada, one)
    employ(bo, other)
    assert sees(bo, handed_in) is not same
    assert (handed_in in queue_of(bo)) is not same


def test_a_key_of_any_length_is_kept(ada):
    employ(ada, "ﷺ" * 120)
    assert len(User.objects.get(pk=ada.pk).employer_key) == 240
    assert employer_key(ada.employer) == ada.employer_key
    refused("text-too-long", state_employer, ada, "x" * 121, by=ada)


def test_clearing_the_employer_for_a_moment_opens_nothing(ada, bo, mo, programme, handed_in):
    employ(ada, "ACME")
    employ(bo, "acme")
    employ(bo, "")
    assert not sees(bo, handed_in)
    conflict = Conflict.objects.get()
    assert (conflict.tie, conflict.declared_by, conflict.words) == (Tie.FORMER, bo, "")
    with pytest.raises(Forbidden):
        withdraw(conflict, by=bo)
    event = Event.objects.about(bo).filter(verb="employer-changed").latest("sequence")
    assert event.data == {"stated": False, "apart": 1}
    assert [one.recipient for one in Notification.objects.filter(kind="employer-changed")] == [mo]
    employ(bo, "ACME")
    employ(bo, "Elsewhere")
    assert Conflict.objects.count() == 1
    withdraw(conflict, by=mo)
    assert sees(bo, handed_in)


def test_the_same_when_the_learner_leaves(ada, bo, handed_in):
    employ(ada, "ACME")
    employ(bo, "acme")
    employ(ada, "")
    assert not sees(bo, handed_in)


def test_another_spelling_is_the_same_employer(ada, bo, handed_in):
    employ(ada, "ACME")
    employ(bo, "acme")
    employ(bo, "A C M E")
    assert not Conflict.objects.exists()
    assert Event.objects.about(bo).filter(verb="employer-changed").count() == 1


@pytest.mark.parametrize("last", ["ada", "bo"])
def test_becoming_colleagues_ends_the_review(ada, bo, handed_in, last):
    claim(handed_in, by=bo)
    people = [ada, bo] if last == "bo" else [bo, ada]
    for person in people:
        employ(person, "ACME")
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.claimed_by) == ("submitted", None)


def test_nobody_states_the_employer_of_another(ada, bo, mo):
    for person in (bo, mo):
        with pytest.raises(Forbidden):
            state_employer(ada, "ACME", by=person)


# --- Whom one may name ----------------------------------------------------------------------------------


def test_learners_choose_among_all_who_judge_and_judges_among_all_who_learn(ada, alan, bo, bea, cy, mo, dee):
    assert list(judges_for(ada)) == [bea, bo, cy]
    assert list(learners_for(bo)) == [ada, alan]
    assert not judges_for(dee).exists()
    assert not learners_for(mo).exists()


# --- The language of the work ---------------------------------------------------------------------------


def test_work_is_in_the_learners_language_unless_they_say_otherwise(ada, alan, programme):
    ada.language = alan.language = "nl"
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    refused("unknown-language", submit, draft, declaration=True, language="de", by=ada)
    work = submit(draft, declaration=True, language="fr", by=ada)
    assert work.language == "fr"
    assert "language" not in work.manifest
    assert factories.make_submission(alan, programme).language == "nl"


def test_claim_next_leaves_out_what_bo_does_not_read(ada, alan, bo, programme):
    dutch, unknown = factories.make_submission(ada, programme), factories.make_submission(alan, programme)
    Submission.objects.filter(pk=dutch.pk).update(language="nl")
    Submission.objects.filter(pk=unknown.pk).update(language="")
    bo.reads = ["fr", "en"]
    assert claim_next(queue_of(bo), by=bo).submission == unknown
    assert dutch in queue_of(bo)
    assert claim(dutch, by=bo).is_open


def test_evidence_of_colleagues_is_not_found_by_its_address(ada, bo, handed_in, client):
    for person in (ada, bo):
        employ(person, "ACME")
    client.force_login(bo)
    item = Evidence.objects.get(submission=handed_in)
    for name in ("evidence-file", "evidence-lines", "evidence-rules", "evidence-findings"):
        assert client.get(reverse(name, args=[item.pk])).status_code == 404
