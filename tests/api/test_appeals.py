"""Appeals and investigations over the API, from the decision to the new one."""

import pytest

from assessments.models import Submission
from reviews.models.decision import Outcome
from tests import factories
from tests.api.conftest import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(ada, bo, programme) -> Submission:
    submission = factories.make_submission(ada, programme)
    factories.make_decision(submission, bo, Outcome.RETURN)
    return submission


def test_from_the_appeal_to_the_new_decision(calls, returned, ada, bo, bea, cy):
    filed = calls(ada).post(f"/submissions/{returned.pk}/appeal", {"reason": "The log is there."})
    assert filed.status_code == 201
    appeal = filed.json()
    assert (appeal["state"], appeal["submission"], appeal["words"]) == ("open", str(returned.pk), None)
    assert calls(ada).get(f"/submissions/{returned.pk}").json()["appealed_at"] == appeal["filed_at"]
    assert [one["id"] for one in calls(cy).get("/appeals").json()["items"]] == [appeal["id"]]
    assert calls(bo).get("/appeals").json()["items"] == []
    ruling = {"ruling": "overturned", "words": "It is there."}
    ruled = calls(cy).post(f"/appeals/{appeal['id']}/ruling", ruling).json()
    assert (ruled["state"], ruled["words"]) == ("overturned", "It is there.")
    assert [one["id"] for one in calls(bo).get("/appeals").json()["items"]] == [appeal["id"]]
    mine = calls(ada).get(f"/submissions/{returned.pk}").json()
    assert (mine["state"], mine["decision"], mine["appealed_at"]) == ("submitted", None, None)
    assert calls(bo).post(f"/submissions/{returned.pk}/claim").status_code == 409
    assert calls(bea).post(f"/submissions/{returned.pk}/claim").status_code == 201


def test_what_an_appeal_refuses(calls, returned, ada, cy, programme):
    api = calls(ada)
    path = f"/submissions/{returned.pk}/appeal"
    refused(api.post(path, {"reason": " "}), 422, "reason-missing")
    appeal = api.post(path, {"reason": "The log is there."}).json()
    refused(api.post(path, {"reason": "Again."}), 409, "already-appealed")
    ruling = f"/appeals/{appeal['id']}/ruling"
    assert calls(cy).post(ruling, {"ruling": "lapsed", "words": "No."}).status_code == 422
    refused(calls(cy).post(ruling, {"ruling": "upheld", "words": ""}), 422, "words-missing")
    assert api.post(f"/appeals/{appeal['id']}/withdraw").json()["state"] == "taken_back"
    refused(calls(cy).post(ruling, {"ruling": "upheld", "words": "No."}), 409, "appeal-closed")


def test_undecided_work_is_not_appealed(calls, ada, programme):
    submission = factories.make_submission(ada, programme)
    api = calls(ada)
    refused(api.post(f"/submissions/{submission.pk}/appeal", {"reason": "Why?"}), 409, "not-released")


def test_from_the_suspicion_to_the_rejection(calls, returned, ada, cy, mo):
    held = calls(cy).post(f"/submissions/{returned.pk}/hold", {"words": "Copied?"})
    assert held.status_code == 201
    hold = held.json()
    mine = calls(ada).get(f"/submissions/{returned.pk}")
    assert mine.json()["held_at"] == hold["placed_at"] and "Copied?" not in mine.content.decode()
    refused(calls(mo).post(f"/submissions/{returned.pk}/hold", {"words": "Me too."}), 409, "already-held")
    lift = f"/holds/{hold['id']}/lift"
    refused(calls(mo).post(lift, {"finding": "confirmed"}), 422, "words-missing")
    ended = calls(mo).post(lift, {"finding": "confirmed", "conclusion": "It is Alan's report."}).json()
    assert (ended["finding"], ended["lifted_by"]) == ("confirmed", str(mo.pk))
    refused(calls(cy).post(lift, {"finding": "cleared"}), 409, "not-held")
    mine = calls(ada).get(f"/submissions/{returned.pk}").json()
    assert (mine["state"], mine["decision"]["feedback"]) == ("rejected", "It is Alan's report.")
    assert mine["decision"]["results"] == []
