"""What a program reads of what its person was told."""

import uuid

import pytest

from tests.api.conftest import refused
from workbench.notifying import notify

pytestmark = pytest.mark.django_db

NAMES = {"achievement": {"en": "Firewalls", "fr": "Pare-feu"}, "programme": {"en": "Pilot"}}


def test_ada_reads_hers_newest_first_and_marks_one(calls, ada, alan, programme) -> None:
    first = notify(ada, "claimed", programme, **NAMES)
    second = notify(ada, "decided", programme, outcome="return", **NAMES)
    other = notify(alan, "claimed", programme, **NAMES)
    api = calls(ada)
    items = api.get("/notifications").json()["items"]
    assert [item["id"] for item in items] == [str(second.pk), str(first.pk)]
    assert items[1]["text"].startswith("An assessor is looking at your work for “Firewalls”")
    assert items[1]["url"] == f"http://testserver/submissions/{programme.pk}/"
    assert items[1]["subject"] == {"type": "assessments.programme", "id": str(programme.pk)}
    ids = [str(first.pk), str(other.pk), str(uuid.uuid4())]
    assert api.post("/notifications/read", {"ids": ids}).json() == {"read": 1, "unread": 1}
    assert api.post("/notifications/read", {"ids": ids}).json() == {"read": 0, "unread": 1}
    unread = api.get("/notifications", unread="true").json()["items"]
    assert [item["id"] for item in unread] == [str(second.pk)]
    assert alan.notifications.unread().count() == 1


def test_without_ids_all_are_marked(calls, ada, programme) -> None:
    for _number in range(3):
        notify(ada, "claimed", programme, **NAMES)
    assert calls(ada).post("/notifications/read", {}).json() == {"read": 3, "unread": 0}


def test_no_id_marks_none(calls, ada, programme) -> None:
    notify(ada, "claimed", programme, **NAMES)
    assert calls(ada).post("/notifications/read", {"ids": []}).json() == {"read": 0, "unread": 1}


def test_texts_are_in_the_language_of_the_account(calls, ada, programme) -> None:
    ada.language = "fr"
    ada.save()
    notify(ada, "claimed", programme, **NAMES)
    assert "Pare-feu" in calls(ada).get("/notifications").json()["items"][0]["text"]


def test_a_long_list_is_turned_by_cursor(calls, ada, programme) -> None:
    for _number in range(7):
        notify(ada, "claimed", programme, **NAMES)
    api, seen, cursor = calls(ada), [], ""
    for _page in range(3):
        answer = api.get("/notifications", limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    assert len(seen) == len(set(seen)) == 7 and cursor is None


@pytest.mark.parametrize("ids", ["all", ["x"], [str(uuid.UUID(int=number)) for number in range(501)]])
def test_ids_that_cannot_be_read_are_refused(calls, ada, ids) -> None:
    refused(calls(ada).post("/notifications/read", {"ids": ids}), 422, "invalid")
