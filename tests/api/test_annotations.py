"""Notes over the API, as a program of Bo's writes them and a program of Ada's reads them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Submission
from reviews.claiming import claim
from reviews.models import Annotation
from tests import factories
from tests.api.conftest import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(bo, ada, programme):
    return claim(factories.make_submission(ada, programme), by=bo)


@pytest.fixture
def item(review):
    return review.submission.evidence.get()


def body(item, **changes):
    anchor = {"unit": "line", "first": 7, "last": 8}
    return {"evidence": str(item.pk), "anchor": anchor, "text": "Why from there?"} | changes


def test_bo_writes_changes_and_removes_a_note(calls, bo, review, item):
    bo, path = calls(bo), f"/reviews/{review.pk}/annotations"
    criterion = str(review.submission.achievement.criteria[0].pk)
    made = bo.post(path, body(item, criterion=criterion)).json()
    assert made["anchor"] == {"unit": "line", "first": 7, "last": 8, "name": ""}
    assert (made["criterion"], made["version"], made["evidence"]) == (criterion, 1, str(item.pk))
    assert made["quote"].splitlines() == factories.RULES.decode().splitlines()[6:8]
    assert bo.get(path).json() == {"items": [made], "next": None}
    one = f"{path}/{made['id']}"
    changed = bo.put(one, body(item, text="Why?", version=1, anchor={"unit": "item"})).json()
    assert (changed["text"], changed["version"], changed["criterion"]) == ("Why?", 2, None)
    assert changed["anchor"] == {"unit": "item", "first": 0, "last": 0, "name": ""}
    problem = refused(bo.put(one, body(item, text="Other.", version=1)), 409, "stale")
    assert (problem["version"], problem["kept"], problem["text"]) == (2, "Why?", "Other.")
    assert bo.delete(one).status_code == 204
    assert bo.get(path).json()["items"] == []
    refused(bo.delete(one), 404, "not-found")


def test_an_idempotency_key_makes_one_note(calls, bo, review, item):
    bo, path = calls(bo), f"/reviews/{review.pk}/annotations"
    first = bo.post(path, body(item), key="note-1")
    again = bo.post(path, body(item), key="note-1")
    assert first.json() == again.json()
    assert Annotation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"anchor": {"unit": "line", "first": 99}}, "no-such-place"),
        ({"anchor": {"unit": "line"}}, "no-such-place"),
        ({"anchor": {"unit": "line", "first": -1}}, "invalid"),
        ({"anchor": {"unit": "line", "first": 10**30}}, "invalid"),
        ({"anchor": {"unit": "chapter", "first": 1}}, "invalid"),
        ({"anchor": None}, "invalid"),
        ({"text": ""}, "text-missing"),
        ({"text": "x" * 4001}, "invalid"),
        ({"text": "a\0b"}, "invalid"),
        ({"evidence": "7b0a0d3e-5f0e-4c0b-9d53-0f1f6c2b6c11"}, "unknown-evidence"),
        ({"criterion": "7b0a0d3e-5f0e-4c0b-9d53-0f1f6c2b6c11"}, "unknown-criterion"),
    ],
)
def test_what_a_new_note_refuses(calls, bo, review, item, changes, code):
    refused(calls(bo).post(f"/reviews/{review.pk}/annotations", body(item, **changes)), 422, code)
    assert not Annotation.objects.exists()


def test_evidence_and_criteria_of_others_are_unknown(calls, bo, alan, programme, organisation, review, item):
    api, path = calls(bo), f"/reviews/{review.pk}/annotations"
    foreign = factories.make_submission(alan, programme).evidence.get()
    refused(api.post(path, body(foreign)), 422, "unknown-evidence")
    criterion = factories.make_achievement(organisation).criteria[0]
    refused(api.post(path, body(item, criterion=str(criterion.pk))), 422, "unknown-criterion")


def test_a_body_of_megabytes_is_refused(calls, bo, review, item):
    answer = calls(bo).post(f"/reviews/{review.pk}/annotations", body(item, text="x" * 3_000_000))
    refused(answer, 413, "too-large")


def test_a_lost_lease_gives_the_words_back(calls, bo, bea, review, item):
    Submission.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    claim(review.submission, by=bea)
    problem = refused(calls(bo).post(f"/reviews/{review.pk}/annotations", body(item)), 409, "lease-lost")
    assert problem["text"] == "Why from there?"


def test_ada_finds_the_notes_in_the_decision_and_nowhere_before(calls, ada, bea, dee, bo, review, item):
    path = f"/submissions/{review.submission_id}"
    made = calls(bo).post(f"/reviews/{review.pk}/annotations", body(item)).json()
    for person in (ada, bea):
        assert "Why from there?" not in calls(person).get(path).content.decode()
    calls(bo).post(f"/reviews/{review.pk}/decision", {"outcome": "return", "feedback": "See the notes."})
    assert calls(ada).get(path).json()["decision"]["annotations"] == [
        {name: made[name] for name in ("id", "evidence", "anchor", "criterion", "text")}
    ]
    refused(calls(dee).get(path), 404, "not-found")
    late = calls(bo).put(f"/reviews/{review.pk}/annotations/{made['id']}", body(item, version=1))
    refused(late, 409, "already-decided")


def test_a_list_of_decided_attempts_costs_the_same_with_many_notes(
    calls, ada, bo, programme, review, item, django_assert_max_num_queries
):
    Annotation.objects.create(review=review, evidence=item, unit="item", text="One.")
    calls(bo).post(f"/reviews/{review.pk}/decision", {"outcome": "return", "feedback": "See the notes."})
    caller = calls(ada)

    def queries() -> int:
        with django_assert_max_num_queries(40) as captured:
            assert caller.get("/submissions").status_code == 200
        return len(captured)

    queries()  # the token's last use is noted once
    few = queries()
    Annotation.objects.bulk_create(
        Annotation(review=review, evidence=item, unit="item", text="Many.") for _ in range(50)
    )
    assert queries() == few
