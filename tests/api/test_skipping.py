"""Giving work back with a reason through the API."""

import pytest

from assessments.models import Skip
from reviews.claiming import claim
from tests import factories
from tests.api.conftest import refused


@pytest.fixture
def review(ada, bo, programme):
    return claim(factories.make_submission(ada, programme), by=bo)


def test_bo_passes_over_and_is_offered_it_no_more(calls, bo, review):
    api = calls(bo)
    answer = api.post(f"/reviews/{review.pk}/skip", {"reason": "language"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.post("/queue/next").status_code == 204
    assert Skip.objects.get().person == bo


def test_after_a_conflict_the_work_is_not_found(calls, bo, review):
    api = calls(bo)
    assert api.post(f"/reviews/{review.pk}/skip", {"reason": "conflict"}).status_code == 204
    refused(api.get(f"/reviews/{review.pk}"), 404, "not-found")
    refused(api.get(f"/submissions/{review.submission_id}"), 404, "not-found")
    assert api.get("/queue").json()["items"] == []


def test_another_reason_needs_words(calls, bo, ada, review):
    api = calls(bo)
    refused(api.post(f"/reviews/{review.pk}/skip", {"reason": "other"}), 422, "words-missing")
    api.post(f"/reviews/{review.pk}/skip", {"reason": "other", "words": "A move abroad."})
    told = calls(ada).get(f"/submissions/{review.submission_id}").content.decode()
    assert "A move abroad." not in told
