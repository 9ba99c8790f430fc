"""The service level of a programme: what learners read, what the queue marks, of what assessors are told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import formats, timezone

from assessments.models import Programme, Submission
from assessments.promising import promise
from reviews.claiming import claim
from reviews.queueing import Filters, counters_by_programme, levels_of, narrow, queue_of
from reviews.reminding import remind_of_waiting
from tests import factories
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event, Token

QUEUE = reverse("queue")


def waiting(learner, programme, *, days: int) -> Submission:
    submission = factories.make_submission(learner, programme)
    Submission.objects.filter(pk=submission.pk).update(submitted_at=timezone.now() - timedelta(days=days))
    submission.refresh_from_db()
    return submission


@pytest.fixture
def late(ada, programme) -> Submission:
    return waiting(ada, programme, days=6)


@pytest.fixture
def early(alan, programme) -> Submission:
    return waiting(alan, programme, days=4)


@pytest.fixture
def promised(programme, mo) -> Programme:
    return promise(programme, days=5, by=mo)


# --- Promising -------------------------------------------------------------------------------------


def test_mo_and_root_promise_and_take_it_back(programme, mo, root):
    assert promise(programme, days=10, by=mo).review_days == 10
    assert promise(programme, days=None, by=root).review_days is None
    events = Event.objects.about(programme).filter(verb="review-days-set").in_order()
    assert [event.data for event in events] == [{"days": 10, "before": None}, {"days": None, "before": 10}]


@pytest.mark.parametrize("who", ["ada", "bo", "cy", "dee"])
def test_others_promise_nothing(who, programme, request):
    with pytest.raises(Forbidden):
        promise(programme, days=10, by=request.getfixturevalue(who))


@pytest.mark.parametrize("days", [0, -1, 366])
def test_days_that_nobody_means_are_refused(programme, mo, days):
    with pytest.raises(DomainError) as refusal:
        promise(programme, days=days, by=mo)
    assert refusal.value.code == "bad-review-days"


def test_the_database_keeps_the_range(programme):
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(review_days=366)


def test_the_same_promise_again_leaves_no_trace(promised, mo):
    before = Event.objects.count()
    promise(promised, days=5, by=mo)
    assert Event.objects.count() == before


def test_the_form_of_the_programme_saves_and_refuses(client, mo, programme):
    client.force_login(mo)
    address = reverse("review-days", args=[programme.pk])
    assert client.post(address, {"days": "12"}).status_code == 302
    assert 'value="12"' in client.get(reverse("programme", args=[programme.pk])).content.decode()
    for days in ("0", "1000", "soon"):
        assert client.post(address, {"days": days}).status_code == 422
    programme.refresh_from_db()
    assert programme.review_days == 12
    client.post(address, {"days": ""})
    programme.refresh_from_db()
    assert programme.review_days is None


# --- What is told ----------------------------------------------------------------------------------


def test_the_learner_reads_by_when(client, ada, promised, late):
    client.force_login(ada)
    day = formats.date_format(timezone.localtime(late.submitted_at + timedelta(days=5)), "DATE_FORMAT")
    for address in (reverse("submissions"), reverse("submission", args=[late.pk])):
        body = client.get(address).content.decode()
        assert "Expected by" in body
        assert day in body


def test_where_nothing_is_promised_nothing_is_said(client, ada, bo, late):
    client.force_login(ada)
    assert "Expected by" not in client.get(reverse("submission", args=[late.pk])).content.decode()
    client.force_login(bo)
    body = client.get(QUEUE).content.decode()
    assert "Expected by" not in body
    assert "?overdue=1" not in body


def test_what_was_decided_is_expected_no_more(bo, promised, late):
    factories.make_decision(late, bo)
    late = Submission.objects.select_related("programme").get(pk=late.pk)
    assert late.expected_by is None
    assert not late.is_overdue


def test_the_queue_marks_counts_and_filters_what_is_overdue(client, bo, promised, late, early):
    client.force_login(bo)
    answer = client.get(QUEUE)
    assert [row.pk for row in answer.context["page"].items] == [late.pk, early.pk]  # the oldest first
    assert [row.is_overdue for row in answer.context["page"].items] == [True, False]
    assert answer.context["counters"].overdue == 1
    assert "?overdue=1" in answer.content.decode()
    only = client.get(QUEUE, {"overdue": "1"})
    assert [row.pk for row in only.context["page"].items] == [late.pk]
    assert "overdue" in only.context["query"]


def test_claim_next_keeps_to_the_filter(client, bo, promised, late, early):
    client.force_login(bo)
    client.post(reverse("claim-next"), {"overdue": "1"})
    late.refresh_from_db()
    assert late.claimed_by == bo
    client.post(reverse("claim-next"), {"overdue": "1"})
    early.refresh_from_db()
    assert early.claimed_by is None


def test_what_is_held_is_overdue_too(bo, bea, promised, late):
    claim(late, by=bo)
    assert narrow(queue_of(bea), Filters(overdue=True), user=bea).get() == late
    assert counters_by_programme(bea, levels_of(bea))[promised.pk].overdue == 1


def test_each_programme_keeps_its_own_promise(organisation, achievement, bo, mo, late, promised):
    other = factories.make_programme(organisation, achievement)
    third = factories.make_programme(organisation, achievement)
    learner = factories.make_user("Eve Noël")
    for programme in (other, third):
        factories.grant(bo, "assessor", programme)
        factories.enrol(programme, learner)
    factories.grant(mo, "manager", other)
    mo.forget_grants()
    bo.forget_grants()
    promise(other, days=30, by=mo)
    waiting(learner, other, days=20)
    waiting(learner, third, days=300)
    assert list(narrow(queue_of(bo), Filters(overdue=True), user=bo)) == [late]


def test_the_filter_reads_the_index_of_open_work(bo, promised, late):
    for learner in (factories.make_user("Eve Noël"), factories.make_user("Finn Aerts")):
        factories.enrol(promised, learner)
        factories.make_decision(waiting(learner, promised, days=30), bo)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = narrow(queue_of(bo), Filters(overdue=True), user=bo).oldest_first().values("pk")[:26]
    if connection.vendor == "sqlite":
        assert "submission_queue" in rows.explain()


def test_a_promise_asks_no_further_questions(client, bo, mo, programme, late, early):
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    client.force_login(bo)
    client.get(QUEUE)
    before = queries(QUEUE)
    promise(programme, days=5, by=mo)
    assert queries(QUEUE) == before
    assert queries(QUEUE + "?overdue=1") <= 15


def test_the_api_tells_it(client, ada, promised, late):
    headers = {"Authorization": f"Bearer {Token.issue(ada, label='test')[1]}"}
    told = client.get(f"/api/v1/submissions/{late.pk}", headers=headers).json()
    assert told["expected_by"][:10] == (late.submitted_at + timedelta(days=5)).isoformat()[:10]
    assert client.get(f"/api/v1/programmes/{promised.pk}", headers=headers).json()["review_days"] == 5


# --- Reminding -------------------------------------------------------------------------------------


def test_assessors_are_reminded_of_what_is_overdue_by_the_promise(bo, promised, late, early):
    assert remind_of_waiting() == 1
    row = bo.notifications.get(kind="overdue")
    assert row.subject_id == late.pk


def test_a_longer_promise_than_a_week_is_not_reminded_of_before(ada, mo, programme):
    waiting(ada, programme, days=8)
    promise(programme, days=14, by=mo)
    assert remind_of_waiting() == 0
