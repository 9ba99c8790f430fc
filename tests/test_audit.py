"""The audit trail: every change leaves its event, and nobody rewrites one unnoticed."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.transaction import TransactionManagementError

from tests import factories
from workbench import jobs
from workbench.audit import breaks, record
from workbench.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(ada, bo, programme):
    """From enrolment to badge."""
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()


def test_the_story_leaves_every_event_in_order(story, ada, bo) -> None:
    told = [
        (event.verb, event.actor)
        for event in Event.objects.in_order().select_related("actor")
        if event.verb != "role-granted"
    ]
    assert told == [
        ("started", ada),
        ("evidence-added", ada),
        ("submitted", ada),
        ("claimed", bo),
        ("key-made", None),
        ("badge-planned", bo),
        ("decided", bo),
        ("key-made", None),  # for the JWT form, by the worker
        ("badge-issued", None),
    ]


def test_the_chain_of_a_story_is_whole(story, capsys) -> None:
    assert list(breaks()) == []
    call_command("check_audit")
    assert "audit trail whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"verb": "rejected"}, "content"),
        ({"data": {"outcome": "approve"}}, "content"),
        ({"actor": None}, "content"),
        ({"previous_hash": "f" * 64}, "link"),
        ({"hash": "e" * 64}, "content"),
    ],
)
def test_a_rewritten_event_is_found(story, change, reason) -> None:
    victim = Event.objects.get(verb="claimed")
    Event.objects.filter(pk=victim.pk).update(**change)
    assert (victim.sequence, reason) in {(found.sequence, found.reason) for found in breaks()}
    with pytest.raises(CommandError, match="does not hold"):
        call_command("check_audit")


def test_a_removed_event_is_found(story) -> None:
    Event.objects.get(verb="submitted").delete()
    assert {found.reason for found in breaks()} == {"gap", "link"}


def test_an_event_outside_a_transaction_is_refused(transactional_db) -> None:
    organisation = factories.make_organisation()
    with pytest.raises(TransactionManagementError):
        record(None, "something", organisation)


def test_a_change_that_fails_leaves_no_event(organisation) -> None:
    before = Event.objects.count()

    class Broken(Exception):
        pass

    with pytest.raises(Broken), transaction.atomic():
        record(None, "something", organisation)
        raise Broken
    assert Event.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_ten_writers_at_once_leave_one_chain(organisation) -> None:
    def write(_number: int) -> None:
        with transaction.atomic():
            record(None, "something", organisation)

    factories.at_once(write, range(10))
    assert list(breaks()) == []
    assert Event.objects.filter(verb="something").count() == 10
