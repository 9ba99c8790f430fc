"""The queue's pages: what each person sees, filters, pages, claims and locks."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Submission
from reviews.claiming import claim
from reviews.forms import QueueForm
from reviews.models import Review
from reviews.models.decision import Outcome
from reviews.models.review import ReviewState
from reviews.queueing import Cursor, Filters, added_up, counters_by_programme, narrow, page, queue_of
from tests import factories
from workbench.errors import DomainError

QUEUE = "/queue/"


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


def fill(programme, count: int) -> list[Submission]:
    """Work of ``count`` learners, the first one the oldest, handed in at the same second two by two."""
    now = timezone.now().replace(microsecond=0)
    made = []
    for number in range(count):
        learner = factories.make_user(
            f"Learner{number} Test", email=f"learner{number}-{uuid.uuid4().hex}@example.org"
        )
        factories.enrol(programme, learner)
        submission = factories.make_submission(learner, programme)
        Submission.objects.filter(pk=submission.pk).update(
            submitted_at=now - timedelta(days=20) + timedelta(hours=number // 2)
        )
        submission.refresh_from_db()
        made.append(submission)
    return sorted(made, key=lambda one: (one.submitted_at, one.pk.hex))


def end_lease(submission: Submission) -> None:
    Submission.objects.filter(pk=submission.pk).update(lease_until=timezone.now() - timedelta(minutes=1))


def seen(client, query: str = "") -> list[uuid.UUID]:
    response = client.get(QUEUE + query)
    assert response.status_code == 200
    return [row.pk for row in response.context["page"].items]


# --- Who sees it -----------------------------------------------------------------------------------


def test_a_visitor_is_sent_to_sign_in(client, db):
    assert client.get(QUEUE).status_code == 302


@pytest.mark.parametrize("who", ["ada", "root", "dee"])
def test_who_works_in_no_programme_has_no_queue(client, who, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(QUEUE).status_code == 403
    assert client.post(reverse("claim-next")).status_code == 403


def test_bo_sees_who_handed_in_what_and_since_when(client, bo, ada, handed_in):
    client.force_login(bo)
    body = client.get(QUEUE).content.decode()
    for text in (
        "Ada Delcourt",
        "Firewall management",
        "Cybersecurity pilot",
        "Claim next",
        reverse("claim", args=[handed_in.pk]),
    ):
        assert text in body
    assert "Break lock" not in body


@pytest.mark.parametrize("who", ["cy", "mo"])
def test_who_oversees_reads_the_queue_and_may_break_locks(client, who, bo, handed_in, request):
    claim(handed_in, by=bo)
    client.force_login(request.getfixturevalue(who))
    body = client.get(QUEUE).content.decode()
    assert "by Bo Maes until" in body
    assert reverse("break-lock", args=[handed_in.pk]) in body
    assert "Claim next" not in body
    assert reverse("claim", args=[handed_in.pk]) not in body


def test_nobody_finds_their_own_work_in_the_queue(client, ada, programme, handed_in):
    for role in ("assessor", "moderator", "manager"):
        factories.grant(ada, role, programme)
    client.force_login(ada)
    assert seen(client) == []


def test_the_queue_holds_no_draft_no_decision_and_no_other_programme(
    client, bo, ada, alan, organisation, achievement, programme, handed_in
):
    factories.make_draft(alan, programme)
    other = factories.make_programme(organisation, achievement)
    factories.enrol(other, alan)
    factories.make_submission(alan, other)
    client.force_login(bo)
    assert seen(client) == [handed_in.pk]
    factories.make_decision(handed_in, bo)
    assert seen(client) == []


def test_an_empty_queue_says_so(client, bo):
    client.force_login(bo)
    assert "Nothing waits for review" in client.get(QUEUE).content.decode()
    assert "Nothing matches these filters" in client.get(QUEUE + "?state=waiting").content.decode()


def test_names_are_escaped(client, bo, programme):
    mallory = factories.make_user("<script>alert(1)</script> Mallory", email="mallory@example.org")
    factories.enrol(programme, mallory)
    factories.make_submission(mallory, programme)
    client.force_login(bo)
    body = client.get(QUEUE).content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


# --- Filters ---------------------------------------------------------------------------------------


def test_filters_narrow_by_programme_and_achievement(client, bo, ada, organisation, programme, handed_in):
    traffic = factories.make_achievement(organisation, rubric=handed_in.achievement.rubric, code="traffic")
    other = factories.make_programme(organisation, traffic)
    factories.enrol(other, ada)
    factories.grant(bo, "assessor", other)
    second = factories.make_submission(ada, other)
    client.force_login(bo)
    assert seen(client) == [handed_in.pk, second.pk]
    assert seen(client, f"?programme={other.pk}") == [second.pk]
    assert seen(client, f"?achievement={handed_in.achievement_id}") == [handed_in.pk]
    assert seen(client, f"?programme={other.pk}&achievement={handed_in.achievement_id}") == []


def test_filters_narrow_by_state_age_and_mine(client, bo, bea, programme):
    first, second, third, fourth = fill(programme, 4)
    claim(first, by=bo)
    claim(second, by=bea)
    claim(third, by=bea)
    end_lease(third)
    Submission.objects.filter(pk=fourth.pk).update(submitted_at=timezone.now() - timedelta(days=5))
    client.force_login(bo)
    assert seen(client, "?state=waiting") == [third.pk, fourth.pk], "a lease that ended makes work wait again"
    assert seen(client, "?state=in_review") == [first.pk, second.pk]
    assert seen(client, "?mine=on") == [first.pk]
    assert seen(client, "?age=3") == [first.pk, second.pk, third.pk, fourth.pk]
    assert seen(client, "?age=7") == [first.pk, second.pk, third.pk]
    assert seen(client, "?age=14&state=waiting") == [third.pk]


@pytest.mark.parametrize(
    "query", ["?programme=x", "?state=approved", "?age=0", "?age=4", "?programme=%00", "?mine=maybe", "?x=y"]
)
def test_a_filter_that_means_nothing_breaks_nothing(client, bo, handed_in, query):
    client.force_login(bo)
    assert client.get(QUEUE + query).status_code == 200


def test_a_programme_one_does_not_work_in_is_no_filter(client, bo, organisation, achievement, handed_in):
    other = factories.make_programme(organisation, achievement)
    client.force_login(bo)
    response = client.get(f"{QUEUE}?programme={other.pk}")
    assert "programme" in response.context["form"].errors


def test_htmx_gets_the_list_alone(client, bo, handed_in):
    client.force_login(bo)
    response = client.get(QUEUE, headers={"HX-Request": "true"})
    body = response.content.decode()
    assert "<html" not in body
    assert 'id="queue-list"' in body
    assert "HX-Request" in response["Vary"]


# --- Counters --------------------------------------------------------------------------------------


def test_counters_count_open_work_only(client, bo, bea, ada, programme, handed_in):
    first, second, _third, fourth = fill(programme, 4)
    claim(first, by=bo)
    claim(second, by=bea)
    factories.make_decision(fourth, bea, Outcome.RETURN, "More.")
    client.force_login(bo)
    counters = client.get(QUEUE).context["counters"]
    assert (counters.waiting, counters.in_review, counters.mine, counters.long_waiting) == (2, 2, 1, 1)
    assert counters.oldest < timezone.now() - timedelta(days=19)


def test_counters_of_a_queue_without_work(bo):
    assert counters_by_programme(bo, {}) == {}
    assert added_up({}).waiting == 0


# --- Pages -----------------------------------------------------------------------------------------


def test_pages_show_everything_once_in_order_and_turn_back(client, bo, programme):
    made = [one.pk for one in fill(programme, 60)]
    client.force_login(bo)
    pages, address = [], QUEUE
    while address:
        context = client.get(address).context
        pages.append([row.pk for row in context["page"].items])
        address = context["next"]
    assert [len(one) for one in pages] == [25, 25, 10]
    assert [pk for one in pages for pk in one] == made
    back = client.get(context["previous"]).context
    assert [row.pk for row in back["page"].items] == pages[1]
    first = client.get(back["previous"]).context
    assert [row.pk for row in first["page"].items] == pages[0]
    assert first["previous"] == ""


def test_a_page_keeps_its_filters_and_its_place(client, bo, bea, programme):
    made = fill(programme, 30)
    client.force_login(bo)
    context = client.get(QUEUE + "?state=waiting").context
    assert "state=waiting" in context["next"]
    for submission in made[:10]:
        claim(submission, by=bea)
    following = client.get(context["next"]).context
    assert [row.pk for row in following["page"].items] == [one.pk for one in made[25:]]


def test_a_page_asks_neither_for_a_count_nor_for_an_offset(bo, programme):
    made = fill(programme, 3)
    cursor = str(Cursor(made[0].submitted_at, made[0].pk))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = page(narrow(queue_of(bo), Filters(), user=bo), after=cursor)
    assert [row.pk for row in found.items] == [one.pk for one in made[1:]]
    statements = [query["sql"].upper() for query in queries if "SUBMISSION" in query["sql"].upper()]
    assert len(statements) == 1
    assert "OFFSET" not in statements[0]
    assert "COUNT" not in statements[0]


@pytest.mark.parametrize(
    "cursor",
    ["x", "2026-01-01_" + "0" * 32, "2026-13-01T00:00:00Z_" + "0" * 32, "2026-01-01T00:00:00Z_zz", "_"],
)
def test_a_cursor_that_means_nothing_is_refused(client, bo, cursor):
    with pytest.raises(DomainError) as refusal:
        Cursor.parse(cursor)
    assert (refusal.value.code, refusal.value.status) == ("bad-cursor", 422)
    client.force_login(bo)
    assert client.get(QUEUE, {"after": cursor}).status_code == 422


def test_the_page_asks_the_same_number_of_questions_for_five_and_for_sixty(client, bo, mo, programme):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(QUEUE).status_code == 200
        return len(captured)

    made = fill(programme, 5)
    claim(made[0], by=bo)
    client.force_login(bo)
    client.get(QUEUE)
    with_five = queries()
    for submission in fill(programme, 55)[:20]:
        claim(submission, by=bo)
    assert queries() == with_five <= 15


# --- Claiming --------------------------------------------------------------------------------------


def test_bo_claims_and_comes_to_the_review(client, bo, handed_in):
    client.force_login(bo)
    response = client.post(reverse("claim", args=[handed_in.pk]))
    assert response.status_code == 302
    assert response["Location"] == reverse("review", args=[Review.objects.get().pk])
    assert "Continue" in client.get(QUEUE).content.decode()


def test_get_claims_nothing(client, bo, handed_in):
    client.force_login(bo)
    for name, args in (("claim", [handed_in.pk]), ("claim-next", []), ("break-lock", [handed_in.pk])):
        assert client.get(reverse(name, args=args)).status_code == 405
    assert not Review.objects.exists()


def test_claiming_what_bea_took_meanwhile_shows_the_queue_and_why(client, bo, bea, handed_in):
    claim(handed_in, by=bea)
    client.force_login(bo)
    response = client.post(reverse("claim", args=[handed_in.pk]), {"filters": "state=waiting"})
    assert response.status_code == 409
    body = response.content.decode()
    assert "Somebody else is reviewing this work" in body
    assert response.context["form"].filters.state == "waiting"


@pytest.mark.parametrize(
    ("who", "status"), [("cy", 403), ("mo", 403), ("ada", 403), ("alan", 404), ("root", 404), ("dee", 404)]
)
def test_claim_answers_others(client, who, status, handed_in, request):
    client.force_login(request.getfixturevalue(who))
    assert client.post(reverse("claim", args=[handed_in.pk])).status_code == status
    assert client.post(reverse("claim", args=[uuid.uuid4()])).status_code == 404


def test_a_draft_is_not_there_to_claim(client, bo, ada, programme):
    draft = factories.make_draft(ada, programme)
    client.force_login(bo)
    assert client.post(reverse("claim", args=[draft.pk])).status_code == 404


def test_claim_next_respects_the_filters(client, bo, ada, organisation, achievement, programme, handed_in):
    other = factories.make_programme(organisation, achievement)
    factories.enrol(other, ada)
    factories.grant(bo, "assessor", other)
    second = factories.make_submission(ada, other)
    client.force_login(bo)
    client.post(reverse("claim-next"), {"programme": str(other.pk), "state": "in_review", "mine": "on"})
    assert Review.objects.get().submission == second
    response = client.post(reverse("claim-next"), {"programme": str(other.pk)}, follow=True)
    assert response.redirect_chain == [(f"{QUEUE}?programme={other.pk}", 302)]
    assert "Nothing is free to review here just now." in response.content.decode()
    client.post(reverse("claim-next"))
    assert Review.objects.count() == 2


# --- Locks -----------------------------------------------------------------------------------------


def test_mo_breaks_a_lock_and_comes_back_to_the_filters(client, bo, mo, handed_in):
    claim(handed_in, by=bo)
    client.force_login(mo)
    response = client.post(reverse("break-lock", args=[handed_in.pk]), {"filters": "state=in_review"})
    assert (response.status_code, response["Location"]) == (302, f"{QUEUE}?state=in_review")
    assert Review.objects.get().state == ReviewState.BROKEN
    assert client.post(reverse("break-lock", args=[handed_in.pk])).status_code == 409


def test_the_way_back_never_leads_elsewhere(client, bo, mo, handed_in):
    claim(handed_in, by=bo)
    client.force_login(mo)
    response = client.post(reverse("break-lock", args=[handed_in.pk]), {"filters": "//evil.example/?a=b"})
    assert response["Location"].startswith(QUEUE + "?")


@pytest.mark.parametrize(("who", "status"), [("bea", 403), ("ada", 403), ("dee", 404), ("root", 404)])
def test_break_lock_answers_others(client, who, status, bo, handed_in, request):
    claim(handed_in, by=bo)
    client.force_login(request.getfixturevalue(who))
    assert client.post(reverse("break-lock", args=[handed_in.pk])).status_code == status
    assert Review.objects.get().state == ReviewState.OPEN


def test_the_ages_to_choose_among_are_worded_for_each_reader(bo, monkeypatch) -> None:
    monkeypatch.setattr("reviews.forms.gettext", lambda text: text.replace("days ago", "dagen geleden"))

    assert "More than 3 dagen geleden" in dict(QueueForm({}, user=bo).fields["age"].choices).values()
