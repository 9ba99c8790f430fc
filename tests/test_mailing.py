"""Mails from the outbox: sent once, in the reader's language, only to who can and wants to be reached."""

import logging
import re
import smtplib
import socket
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviews.models.decision import Outcome
from tests import factories
from workbench import mailing
from workbench.mailing import compose, gather, revive_failed, send_due
from workbench.models import Mail, Notification, User
from workbench.models.mail import MailState
from workbench.notifying import choose, mark_read, notify

pytestmark = pytest.mark.django_db

NAMES = {"achievement": {"en": "Firewalls"}, "programme": {"en": "Pilot"}}


@pytest.fixture(autouse=True)
def verified(ada, alan, bo, bea) -> None:
    for person in (ada, alan, bo, bea):
        verify(person)


def verify(person: User) -> None:
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


def tell(person: User, kind: str = "decided", **data) -> Notification:
    with transaction.atomic():
        return notify(person, kind, person, **(NAMES | {"outcome": "return"} | data))


def due_now() -> None:
    """As if the pause were over, or the morning had come."""
    Mail.objects.update(available_at=timezone.now() - timedelta(seconds=1))
    Notification.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def html_of(message) -> str:
    return message.alternatives[0][0]


# --- What goes out -------------------------------------------------------------------------------------


def test_ada_gets_one_mail_that_leads_to_her_work(ada, bo, programme) -> None:
    submission = factories.make_submission(ada, programme)
    factories.make_decision(submission, bo, Outcome.RETURN, "The log shows nothing.")
    assert (send_due(), send_due()) == (1, 0)
    message = mail.outbox[0]
    assert message.to == ["ada@example.org"] and message.subject == "Your work was judged"
    for part in (message.body, html_of(message)):
        assert f"http://testserver/submissions/{submission.pk}/" in part
        assert "Firewall management" in part
        assert "log shows" not in part and bo.name not in part
    row = Mail.objects.get()
    assert (row.state, row.tries) == (MailState.SENT, 1) and row.sent_at is not None


def test_its_headers_say_what_it_is_and_how_to_end_it(ada) -> None:
    row = tell(ada)
    send_due()
    headers = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    assert headers["Message-ID"] == f"<{row.mail.pk}@testserver>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(
        r"<http://testserver/notifications/unsubscribe/[\w:.-]+/>", headers["List-Unsubscribe"].strip()
    )


def test_it_is_written_in_the_language_of_its_reader(ada, monkeypatch) -> None:
    ada.language = "nl"
    ada.save()
    tell(ada, achievement={"en": "Firewall management", "nl": "Firewallbeheer"})
    send_due()
    assert "Firewallbeheer" in mail.outbox[0].body
    assert '<html lang="nl">' in html_of(mail.outbox[0])


def test_names_are_escaped_in_html_and_plain_in_text(ada) -> None:
    ada.name = "<img src=x onerror=alert(1)> & Co"
    ada.save()
    tell(ada, achievement={"en": "<script>alert(1)</script>\r\nBcc: all@example.org"})
    send_due()
    message = mail.outbox[0]
    assert "<script" not in html_of(message) and "<img" not in html_of(message)
    assert "&lt;script&gt;" in html_of(message)
    assert "<script>alert(1)</script> Bcc: all@example.org" in message.body
    assert "&amp;" not in message.body
    assert message.recipients() == ["ada@example.org"]


def test_nothing_is_fetched_when_a_mail_is_read(ada) -> None:
    tell(ada)
    send_due()
    assert not re.search(
        r"<(img|link|script|style|iframe)|\b(src|style|background)=", html_of(mail.outbox[0])
    )


# --- Who gets none -------------------------------------------------------------------------------------


def switched_off(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def unverified(person: User) -> None:
    EmailAddress.objects.filter(user=person).update(verified=False)


def moved(person: User) -> None:
    """The address of the account is another one than the verified."""
    User.objects.filter(pk=person.pk).update(email="new@example.org")


def chose_it_away(person: User) -> None:
    choose(person, {"decided": "page"}, by=person)


def read_it(person: User) -> None:
    mark_read(person)


@pytest.mark.parametrize("meanwhile", [switched_off, unverified, moved, chose_it_away, read_it])
@pytest.mark.parametrize("digest", [False, True], ids=["at once", "summary"])
def test_no_mail_to_whom_it_cannot_or_need_not_reach(ada, meanwhile, digest) -> None:
    if digest:
        choose(ada, {"decided": "digest"}, by=ada)
    tell(ada)
    due_now()
    gather()
    meanwhile(ada)
    assert send_due() == 0 and mail.outbox == []
    assert Mail.objects.get().state == MailState.SKIPPED


def test_an_address_is_the_same_in_capitals(ada) -> None:
    EmailAddress.objects.filter(user=ada).update(email="ADA@example.org")
    tell(ada)
    assert send_due() == 1


# --- Once, whatever happens ----------------------------------------------------------------------------


class Server:
    """A mail server that answers as the test says; it keeps what it accepted."""

    def __init__(self) -> None:
        self.accepted: list[str] = []
        self.answers: list[BaseException | None] = []
        self.dies_after_accepting = False

    def send_messages(self, messages) -> int:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.accepted += [message.extra_headers["Message-ID"] for message in messages]
        if self.dies_after_accepting:
            self.dies_after_accepting = False
            raise KeyboardInterrupt  # the process is killed: no handler of ours sees it
        return len(messages)


@pytest.fixture
def server(monkeypatch) -> Server:
    server = Server()
    monkeypatch.setattr(
        locmem.EmailBackend, "send_messages", lambda _self, messages: server.send_messages(messages)
    )
    return server


def test_a_worker_killed_before_its_note_leaves_a_lease_and_then_the_same_message(ada, server) -> None:
    tell(ada)
    server.dies_after_accepting = True
    with pytest.raises(KeyboardInterrupt):
        send_due()
    assert Mail.objects.get().state == MailState.WAITING
    assert send_due() == 0, "the lease of the one who died still runs"
    due_now()
    assert send_due() == 1
    assert len(server.accepted) == 2 and len(set(server.accepted)) == 1
    due_now()
    assert send_due() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(ada, alan, server) -> None:
    for person in (ada, alan):
        for _number in range(5):
            tell(person)
    results = factories.at_once(lambda _worker: send_due(), range(3))
    assert sum(results) == 10, results
    assert len(server.accepted) == len(set(server.accepted)) == 10


@pytest.mark.django_db(transaction=True)
def test_two_workers_gather_one_summary(bo, server) -> None:
    for _number in range(4):
        tell(bo, "submitted")
    due_now()
    assert sum(factories.at_once(lambda _worker: gather(), range(3))) == 1
    assert Mail.objects.get().notifications.count() == 4


def test_whoever_lost_the_row_takes_nothing(ada) -> None:
    tell(ada)
    pk = Mail.objects.get().pk
    assert mailing._take(pk) is not None
    assert mailing._take(pk) is None


def test_a_server_that_is_away_is_tried_again_with_growing_pauses_and_given_up(ada, server, caplog) -> None:
    tell(ada)
    server.answers = [ConnectionRefusedError("no route to ada@example.org")] * mailing.MAX_TRIES
    pauses = []
    for _try in range(mailing.MAX_TRIES):
        due_now()
        before = timezone.now()
        send_due()
        pauses.append(round((Mail.objects.get().available_at - before).total_seconds() / 60))
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    row = Mail.objects.get()
    assert (row.state, row.error, row.tries) == (MailState.FAILED, "ConnectionRefusedError", 11)
    assert "given up" in caplog.text and "@" not in caplog.text
    due_now()
    assert send_due() == 0
    assert revive_failed() == 1
    assert send_due() == 1 and Mail.objects.get().error == ""


@pytest.mark.parametrize(
    "away",
    [
        TimeoutError(),
        socket.gaierror(),
        smtplib.SMTPServerDisconnected("bye"),
        smtplib.SMTPAuthenticationError(535, b"no"),
        smtplib.SMTPConnectError(554, b"no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_server_that_is_away_ends_the_round_and_costs_the_others_no_try(ada, alan, server, away) -> None:
    for person in (ada, alan):
        tell(person)
    server.answers = [away]
    assert send_due() == 0
    assert sorted(Mail.objects.values_list("tries", flat=True)) == [0, 1]
    assert send_due() == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"ada@example.org": (550, b"unknown")}), MailState.FAILED),
        (smtplib.SMTPRecipientsRefused({"ada@example.org": (450, b"greylisted")}), MailState.WAITING),
        (smtplib.SMTPDataError(554, b"spam"), MailState.FAILED),
        (smtplib.SMTPDataError(451, b"later"), MailState.WAITING),
        (UnicodeError("a text that no one foresaw"), MailState.WAITING),
    ],
)
def test_what_concerns_one_mail_hinders_no_other(ada, alan, server, error, state, caplog) -> None:
    tell(ada)
    tell(alan)
    server.answers = [error]
    assert send_due() == 1
    assert Mail.objects.get(recipient=ada).state == state
    assert Mail.objects.get(recipient=alan).state == MailState.SENT
    assert "example.org" not in caplog.text


def test_what_is_sent_is_logged_without_addresses(ada, caplog) -> None:
    tell(ada)
    with caplog.at_level(logging.DEBUG):
        send_due()
    assert "@" not in caplog.text


# --- Summaries -----------------------------------------------------------------------------------------


def test_a_summary_waits_for_the_morning(bo) -> None:
    tell(bo, "submitted")
    assert gather() == 0
    due_now()
    assert gather() == 1
    assert gather() == 0


def test_a_summary_tells_everything_once_grouped_by_kind(bo) -> None:
    for name in ("Alpha", "Beta"):
        tell(bo, "submitted", achievement={"en": name})
    tell(bo, "overdue", achievement={"en": "Gamma"}, days=7)
    due_now()
    gather()
    send_due()
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert message.subject == "What is new for you"
    for part in (message.body, html_of(message)):
        places = [
            part.index(word) for word in ("Work to assess", "Alpha", "Beta", "Work waits long", "Gamma")
        ]
        assert places == sorted(places)
        assert part.count("/notifications/unsubscribe/") == 2
    due_now()
    assert (gather(), send_due()) == (0, 0)


def test_two_people_get_a_summary_each(bo, bea, ada, programme) -> None:
    factories.make_submission(ada, programme)
    due_now()
    assert gather() == 2
    send_due()
    assert sorted(message.to[0] for message in mail.outbox) == ["bea@example.org", "bo@example.org"]


def test_a_summary_leaves_out_what_was_read_or_chosen_away(bo) -> None:
    read = tell(bo, "submitted", achievement={"en": "Alpha"})
    tell(bo, "submitted", achievement={"en": "Beta"})
    tell(bo, "overdue", achievement={"en": "Gamma"}, days=7)
    mark_read(bo, [read.pk])
    due_now()
    gather()
    choose(bo, {"overdue": "page"}, by=bo)
    send_due()
    body = mail.outbox[0].body
    assert "Beta" in body and "Alpha" not in body and "Gamma" not in body


def test_a_long_summary_says_how_much_more_there_is(bo) -> None:
    for number in range(mailing.SHOWN + 2):
        tell(bo, "submitted", achievement={"en": f"Number {number:02}"})
    for _again in range(3):
        tell(bo, "submitted", achievement={"en": f"Number {mailing.SHOWN + 1:02}"})
    due_now()
    gather()
    send_due()
    message = mail.outbox[0]
    assert "And 5 more." in message.body and "And 5 more." in html_of(message)
    assert message.body.count("/queue/") == mailing.SHOWN


def test_equal_sentences_of_a_summary_stand_once_with_their_number(bo) -> None:
    for name in ("Alpha", "Beta", "Alpha", "Alpha"):
        tell(bo, "submitted", achievement={"en": name})
    due_now()
    gather()
    send_due()
    for part in (mail.outbox[0].body, html_of(mail.outbox[0])):
        assert "3 × New work for “Alpha”" in part and part.count("Alpha") == 1
        assert "× New work for “Beta”" not in part and "New work for “Beta”" in part


def test_a_long_summary_asks_as_many_queries_as_a_short_one(bo) -> None:
    def queries() -> int:
        due_now()
        gather()
        row = Mail.objects.select_related("recipient").latest("created_at")
        with CaptureQueriesContext(connection) as captured:
            assert compose(row) is not None
        return len(captured)

    tell(bo, "submitted")
    few = queries()
    for number in range(30):
        tell(bo, "submitted", achievement={"en": f"Number {number}"})
    assert queries() == few <= 3


def test_no_mail_after_all_that_was_read_is_forgotten(bo) -> None:
    """A row that lost its mail must not be summed up again."""
    tell(bo, "submitted")
    due_now()
    gather()
    assert not Notification.objects.for_digest().exists()
