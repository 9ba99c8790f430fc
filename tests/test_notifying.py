"""Who is told what, by which verb, and how each chose to be told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from assessments.models import Submission
from assessments.notices import about
from badges.issuing import issue
from badges.revoking import revoke
from reviews.claiming import claim, release
from reviews.models.decision import Outcome
from reviews.reminding import remind_of_leases, remind_of_waiting
from reviews.reporting import make, request_report
from tests import factories
from workbench import jobs
from workbench.errors import DomainError
from workbench.models import Event, Mail, Notification, NotificationChoice, User
from workbench.models.mail import MailState
from workbench.models.notification import Delivery
from workbench.notifying import (
    KINDS,
    choose,
    deliveries,
    forget_old,
    inbox,
    mark_read,
    next_morning,
    notify,
    notify_all,
    sentence,
    unread_count,
)

pytestmark = pytest.mark.django_db


def told(person: User) -> list[str]:
    """The kinds that a person was told, in order."""
    return list(person.notifications.order_by("created_at", "id").values_list("kind", flat=True))


# --- Each verb tells whom it concerns ------------------------------------------------------------------


def test_assessors_are_told_of_work_that_is_handed_in(ada, bo, bea, cy, mo, programme) -> None:
    submission = factories.make_submission(ada, programme)
    assert [told(person) for person in (bo, bea)] == [["submitted"], ["submitted"]]
    assert [told(person) for person in (ada, cy, mo)] == [[], [], []]
    row = bo.notifications.get()
    assert row.subject_id == submission.pk
    assert row.delivery == Delivery.DIGEST and row.mail is None and row.due_at > timezone.now()
    assert "Firewall management" in sentence(row) and "Ada" not in sentence(row)


def test_ada_is_not_told_of_her_own_work_where_she_also_assesses(ada, bo, programme) -> None:
    factories.grant(ada, "assessor", programme)
    factories.make_submission(ada, programme)
    assert told(ada) == [] and told(bo) == ["submitted"]


def test_nobody_who_is_switched_off_is_told(ada, bo, bea, programme) -> None:
    bea.is_active = False
    bea.save()
    factories.make_submission(ada, programme)
    assert told(bea) == [] and told(bo) == ["submitted"]


def test_ada_is_told_once_that_an_assessor_took_up_her_work(ada, bo, bea, programme) -> None:
    submission = factories.make_submission(ada, programme)
    release(claim(submission, by=bo), by=bo)
    claim(submission, by=bea)
    assert told(ada) == ["claimed"]
    assert "Bo" not in sentence(ada.notifications.get())
    assert not Mail.objects.filter(recipient=ada).exists()


@pytest.mark.parametrize(
    ("outcome", "words"), [(Outcome.RETURN, "came back"), (Outcome.REJECT, "does not earn the badge")]
)
def test_ada_is_told_at_once_how_her_work_was_judged(ada, bo, programme, outcome, words) -> None:
    submission = factories.make_submission(ada, programme)
    factories.make_decision(submission, bo, outcome, "The log shows nothing.")
    row = ada.notifications.get(kind="decided")
    assert words in sentence(row)
    assert row.mail is not None and row.mail.state == MailState.WAITING
    assert KINDS["decided"].place(row) == reverse("submission", args=[submission.pk])
    assert "log shows" not in str(row.data)


def test_an_approval_is_told_once_with_the_badge_and_not_before(ada, bo, programme) -> None:
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    assert told(ada) == ["claimed"]
    credential = ada.credentials.get(decision_id=decision.pk)
    issue(credential.pk)
    issue(credential.pk)
    assert told(ada) == ["claimed", "badge-issued"]
    row = ada.notifications.get(kind="badge-issued")
    assert KINDS["badge-issued"].place(row) == credential.get_absolute_url()


def test_a_holder_is_told_that_a_badge_was_revoked_and_not_why(ada, bo, mo, programme) -> None:
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    revoke(ada.credentials.get(), reason="Alan wrote it.", by=mo)
    row = ada.notifications.get(kind="badge-revoked")
    assert "Alan" not in sentence(row) + str(row.data)


def test_mo_is_told_once_that_the_report_is_ready(mo, ada, programme) -> None:
    report = request_report(programme, kind="programme-csv", by=mo)
    assert told(mo) == []
    make(report.pk)
    make(report.pk)
    assert told(mo) == ["report-ready"]


def test_assessors_are_reminded_once_of_work_that_waits_a_week(ada, alan, bo, programme) -> None:
    old, _young = factories.make_submission(ada, programme), factories.make_submission(alan, programme)
    Submission.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=8))
    assert remind_of_waiting() == 1
    assert remind_of_waiting() == 0
    row = bo.notifications.get(kind="overdue")
    assert row.subject_id == old.pk and "8 days" in sentence(row)


def test_nobody_is_reminded_of_work_that_somebody_holds(ada, bo, programme) -> None:
    old = factories.make_submission(ada, programme)
    Submission.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=8))
    claim(old, by=bo)
    assert remind_of_waiting() == 0


def test_bo_is_told_once_and_only_on_the_page_that_the_lease_ends(ada, bo, programme) -> None:
    review = claim(factories.make_submission(ada, programme), by=bo)
    assert remind_of_leases() == 0
    Submission.objects.update(lease_until=timezone.now() + timedelta(minutes=6))
    assert remind_of_leases() == 1
    assert remind_of_leases() == 0
    row = bo.notifications.get(kind="lease-ending")
    assert row.delivery == Delivery.PAGE and row.subject_id == review.pk
    with pytest.raises(DomainError) as refusal:
        choose(bo, {"lease-ending": "at-once"}, by=bo)
    assert refusal.value.code == "unknown-delivery"


def test_no_lease_that_ended_already_is_announced(ada, bo, programme) -> None:
    claim(factories.make_submission(ada, programme), by=bo)
    Submission.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    assert remind_of_leases() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once(ada, bo, programme) -> None:
    old = factories.make_submission(ada, programme)
    Submission.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=8))
    assert sorted(factories.at_once(lambda _worker: remind_of_waiting(), range(2))) == [0, 1]
    assert told(bo).count("overdue") == 1


def test_the_worker_reminds_and_forgets_by_itself(ada, bo, programme) -> None:
    assert {"leases about to end", "work that waits long", "old notifications"} <= set(jobs.SWEEPERS)


# --- A notification belongs to its change --------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_tells_nobody(ada, bo, programme, monkeypatch) -> None:
    submission = factories.make_submission(ada, programme)
    monkeypatch.setattr("reviews.deciding.record", lambda *_args, **_data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        factories.make_decision(submission, bo, Outcome.RETURN, "No log.")
    assert told(ada) == ["claimed"] and not Mail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_people_are_told_only_inside_a_transaction(ada) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        notify(ada, "claimed", ada)


def test_telling_fifty_costs_as_many_queries_as_telling_one(programme, ada) -> None:
    submission = factories.make_submission(ada, programme)
    people = [factories.make_user(f"Person{number} Test") for number in range(50)]

    def queries(some: list[User]) -> int:
        with CaptureQueriesContext(connection) as captured:
            notify_all(some, "decided", submission, outcome="return", **about(submission))
        return len(captured)

    assert queries(people[:1]) == queries(people) == 3
    assert Mail.objects.count() == 51


def test_events_and_rows_hold_no_address(ada, bo, programme) -> None:
    factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN, "No log.")
    choose(ada, {"decided": "page"}, by=ada)
    rows = [
        str(row) for row in [*Event.objects.values(), *Notification.objects.values(), *Mail.objects.values()]
    ]
    assert rows and not [row for row in rows if "@" in row]


# --- Each chooses --------------------------------------------------------------------------------------


def test_a_choice_holds_for_what_comes(ada, bo, bea, programme) -> None:
    choose(bo, {"submitted": "at-once"}, by=bo)
    choose(bea, {"submitted": "page"}, by=bea)
    factories.make_submission(ada, programme)
    assert bo.notifications.get().mail.state == MailState.WAITING
    assert bea.notifications.get().delivery == Delivery.PAGE
    assert Mail.objects.count() == 1


def test_a_choice_is_kept_once_and_recorded_only_when_it_changes(bo) -> None:
    for delivery in ("page", "page", "at-once"):
        choose(bo, {"submitted": delivery}, by=bo)
    assert NotificationChoice.objects.get().delivery == "at-once"
    assert Event.objects.filter(verb="notifications-chosen").count() == 2


@pytest.mark.parametrize(
    ("chosen", "code"),
    [({"gossip": "page"}, "unknown-notification"), ({"decided": "by pigeon"}, "unknown-delivery")],
)
def test_what_nobody_offers_cannot_be_chosen(ada, chosen, code) -> None:
    with pytest.raises(DomainError) as refusal:
        choose(ada, {"claimed": "digest"} | chosen, by=ada)
    assert refusal.value.code == code
    assert not NotificationChoice.objects.exists()


def test_a_choice_that_is_no_longer_offered_gives_way_to_the_default(bo) -> None:
    NotificationChoice.objects.create(person=bo, kind="lease-ending", delivery="at-once")
    NotificationChoice.objects.create(person=bo, kind="gone", delivery="at-once")
    assert deliveries(bo) == {code: kind.default for code, kind in KINDS.items()}


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        (datetime(2026, 11, 24, 5, 59, tzinfo=UTC), datetime(2026, 11, 24, 6, 0, tzinfo=UTC)),
        (datetime(2026, 11, 24, 6, 0, tzinfo=UTC), datetime(2026, 11, 25, 6, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 7, 2, 5, 0, tzinfo=UTC)),
        # The night in which summer time begins, and the one in which it ends.
        (datetime(2026, 3, 28, 20, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 20, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
    ],
)
def test_the_morning_is_seven_on_the_clock_in_brussels(moment, morning) -> None:
    assert next_morning(moment) == morning


# --- Sentences -----------------------------------------------------------------------------------------


def test_every_kind_has_its_sentence_place_and_title(ada, bo, programme) -> None:
    submission = factories.make_submission(ada, programme)
    data = about(submission) | {"days": 7, "outcome": "reject", "until": "2026-12-01"}
    for code, kind in KINDS.items():
        row = notify(ada, code, submission, **data)
        assert row is not None
        text = sentence(row)
        assert len(text) > 30 and "\n" not in text and "  " not in text, code
        assert kind.place(row).startswith("/")
        assert kind.default in kind.offers and str(kind.title)


def test_a_sentence_takes_the_names_of_its_readers_language(ada, programme) -> None:
    submission = factories.make_submission(ada, programme)
    row = notify(ada, "claimed", submission, **about(submission))
    with translation.override("nl"):
        assert "Firewallbeheer" in sentence(row)
    with translation.override("fr"):
        assert "Gestion de pare-feu" in sentence(row)


def test_a_sentence_is_one_line_of_plain_text_whatever_a_name_holds(ada, programme) -> None:
    names = {"en": "<b>A & B</b>\r\nBcc: everyone@example.org"}
    row = notify(ada, "claimed", programme, achievement=names, programme=names)
    assert "<b>A & B</b> Bcc: everyone@example.org" in sentence(row)
    assert "\n" not in sentence(row) and "\r" not in sentence(row)


# --- Reading and forgetting ----------------------------------------------------------------------------


def test_reading_marks_ones_own_and_no_others(ada, alan, programme) -> None:
    rows = notify_all([ada, alan], "claimed", programme, achievement={}, programme={})
    assert mark_read(ada, [row.pk for row in rows]) == 1
    assert mark_read(ada) == 0
    assert (unread_count(ada), unread_count(alan)) == (0, 1)


def test_counting_stops(ada, programme) -> None:
    for _number in range(3):
        notify(ada, "claimed", programme, achievement={}, programme={})
    assert unread_count(ada) == 3 and unread_count(ada, most=2) == 2


def test_what_came_after_the_page_was_shown_stays_unread(ada, programme) -> None:
    seen = notify(ada, "claimed", programme, achievement={}, programme={})
    later = notify(ada, "claimed", programme, achievement={}, programme={})
    assert mark_read(ada, until=seen.created_at) == 1
    assert ada.notifications.unread().get() == later


def test_a_kind_that_is_gone_leaves_the_page(ada, programme, monkeypatch) -> None:
    notify(ada, "claimed", programme, achievement={}, programme={})
    monkeypatch.delitem(KINDS, "claimed")
    assert not inbox(ada).exists() and unread_count(ada) == 0


def test_what_was_read_is_forgotten_after_half_a_year(ada, programme) -> None:
    old = timezone.now() - timedelta(days=181)
    for _number in range(3):
        notify(ada, "decided", programme, achievement={}, programme={}, outcome="return")
    read, unread, young = ada.notifications.order_by("created_at", "id")
    Notification.objects.filter(pk=read.pk).update(created_at=old, read_at=old)
    Notification.objects.filter(pk=unread.pk).update(created_at=old)
    mark_read(ada, [young.pk])
    Mail.objects.filter(pk__in=[read.mail_id, unread.mail_id]).update(
        created_at=old, state=MailState.SENT, sent_at=old
    )
    assert forget_old() == 2
    assert set(ada.notifications.all()) == {unread, young}
    assert set(Mail.objects.all()) == {unread.mail, young.mail}
    assert forget_old() == 0


def test_a_person_who_is_deleted_takes_their_notifications_along(programme) -> None:
    person = factories.make_user("Gone Person")
    notify(person, "decided", programme, achievement={}, programme={}, outcome="return")
    person.delete()
    assert not Notification.objects.exists() and not Mail.objects.exists()


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "workbench", "--check", "--dry-run", verbosity=0)
