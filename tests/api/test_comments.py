"""The comment bank through the API."""

import pytest

from tests import factories
from tests.api.conftest import refused

WORDS = "The default policy drops; well argued."


@pytest.fixture
def path(programme) -> str:
    return f"/programmes/{programme.pk}/comments"


def test_bo_adds_and_bea_reads_by_pages(calls, path, achievement, bo, bea):
    criterion = str(achievement.criteria[0].pk)
    for number in range(3):
        body = {"criterion": criterion, "language": "en", "text": f"{WORDS} {number}"}
        made = calls(bo).post(path, body)
        assert made.status_code == 201, made.content
        assert made.json()["uses"] == 0
    first = calls(bea).get(path, limit=2).json()
    rest = calls(bea).get(path, limit=2, cursor=first["next"]).json()
    texts = [item["text"] for item in first["items"] + rest["items"]]
    assert texts == [f"{WORDS} {number}" for number in range(3)]
    assert rest["next"] is None


def test_the_list_is_narrowed(calls, path, programme, achievement, bo):
    second = achievement.criteria[1]
    factories.make_comment(programme, bo, text="One.", language="fr")
    factories.make_comment(programme, bo, text="Two.", criterion=second)
    api = calls(bo)

    def texts(**query):
        return [item["text"] for item in api.get(path, **query).json()["items"]]

    assert texts(language="fr") == ["One."]
    assert texts(criterion=str(second.pk)) == ["Two."]
    assert texts(q="two") == ["Two."]
    assert texts(retired="true") == []


def test_refusals_have_their_codes(calls, path, programme, organisation, achievement, bo):
    api = calls(bo)
    body = {"criterion": str(achievement.criteria[0].pk), "language": "en", "text": WORDS}
    assert api.post(path, body).status_code == 201
    refused(api.post(path, body), 409, "comment-kept")
    refused(api.post(path, body | {"text": "  "}), 422, "text-missing")
    elsewhere = factories.make_achievement(organisation).criteria[0]
    refused(api.post(path, body | {"criterion": str(elsewhere.pk)}), 422, "unknown-criterion")
    unknown = str(programme.pk)
    refused(api.post(path, body | {"criterion": unknown}), 422, "unknown-criterion")
    refused(api.get(path, criterion=unknown), 422, "unknown-criterion")
