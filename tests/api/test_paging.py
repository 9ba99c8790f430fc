"""Lists by cursor give every item once, whatever happens between two pages."""

from datetime import timedelta
from itertools import chain

import pytest
from django.utils import timezone

from assessments.models import Submission
from tests import factories
from tests.api.conftest import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def sixty(programme) -> list[str]:
    """Sixty submissions that wait, groups of them handed in at the same moment; ids oldest first."""
    learners = [factories.make_user(f"Learner{number} Test") for number in range(60)]
    factories.enrol(programme, *learners)
    achievement = programme.achievements.get()
    now = timezone.now()
    rows = Submission.objects.bulk_create(
        Submission(
            programme=programme,
            achievement=achievement,
            learner=learner,
            state="submitted",
            created_at=now - timedelta(days=number // 7),
            submitted_at=now - timedelta(days=number // 7),
            declared_at=now,
            manifest={},
        )
        for number, learner in enumerate(learners)
    )
    return [str(row.pk) for row in sorted(rows, key=lambda row: (row.submitted_at, row.pk))]


def pages(api, path: str, **query) -> list[list[str]]:
    found, cursor = [], None
    while True:
        page = api.get(path, **query, **({"cursor": cursor} if cursor else {})).json()
        found.append([item["id"] for item in page["items"]])
        cursor = page["next"]
        if cursor is None:
            return found


def test_sixty_rows_come_once_each_and_in_order(calls, bo, sixty):
    queue = pages(calls(bo), "/queue", limit=7)
    assert [len(page) for page in queue] == [7] * 8 + [4]
    assert list(chain.from_iterable(queue)) == sixty
    assert list(chain.from_iterable(pages(calls(bo), "/submissions"))) == sixty[::-1]


def test_a_last_page_that_is_full_has_no_next(calls, bo, sixty):
    assert [len(page) for page in pages(calls(bo), "/queue", limit=30)] == [30, 30]


def test_what_leaves_the_list_meanwhile_makes_no_hole(calls, bo, sixty):
    api = calls(bo)
    first = api.get("/queue", limit=20).json()
    Submission.objects.filter(pk__in=sixty[:10]).update(state="withdrawn")
    second = api.get("/queue", limit=100, cursor=first["next"]).json()
    assert [item["id"] for item in second["items"]] == sixty[20:]


@pytest.mark.parametrize("cursor", ["x", "WyJhIiwiYiJd", "a:b:c", "\0", "é"])
def test_a_cursor_that_we_did_not_give_is_refused(calls, bo, sixty, cursor):
    refused(calls(bo).get("/queue", cursor=cursor), 400, "bad-cursor")


def test_a_cursor_of_another_list_is_refused(calls, bo, sixty):
    api = calls(bo)
    cursor = api.get("/queue", limit=5).json()["next"]
    refused(api.get("/submissions", cursor=cursor), 400, "bad-cursor")
    changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    refused(api.get("/queue", cursor=changed), 400, "bad-cursor")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
def test_a_limit_out_of_bounds_is_refused(calls, bo, limit):
    refused(calls(bo).get("/queue", limit=limit), 422, "invalid")


def test_a_page_takes_as_many_queries_for_one_row_as_for_many(
    calls, bo, mo, sixty, django_assert_max_num_queries, django_assert_num_queries
):
    api = calls(bo)
    with django_assert_max_num_queries(7) as few:
        api.get("/queue", limit=1)
    with django_assert_num_queries(len(few)):
        api.get("/queue", limit=60)


def test_the_queue_is_narrowed(calls, bo, ada, programme, sixty):
    api = calls(bo)
    achievement = programme.achievements.get()
    assert len(api.get("/queue", limit=100, achievement=str(achievement.pk)).json()["items"]) == 60
    assert api.get("/queue", programme="00000000-0000-4000-8000-000000000000").json()["items"] == []
    assert len(api.get("/queue", limit=100, age=3).json()["items"]) == 60 - 4 * 7 + 7
    assert api.get("/queue", mine="true").json()["items"] == []
    held = api.post("/queue/next").json()["submission"]
    assert held == sixty[0]
    assert [item["id"] for item in api.get("/queue", mine="true").json()["items"]] == [held]
    assert [item["id"] for item in api.get("/queue", state="in_review").json()["items"]] == [held]
    for state in ("submitted", "waiting"):
        assert len(api.get("/queue", limit=100, state=state).json()["items"]) == 59
    refused(api.get("/queue", state="approved"), 422, "invalid")
