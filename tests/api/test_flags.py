"""Flags through the API."""

from tests import factories
from tests.api.conftest import refused


def test_a_flag_is_raised_read_filtered_and_cleared(calls, ada, alan, bo, cy, programme):
    submission = factories.make_submission(ada, programme)
    factories.make_submission(alan, programme)
    path = f"/submissions/{submission.pk}/flag"
    api = calls(bo)
    assert api.get(path).json() == {"flag": None}
    made = api.post(path, {"note": "Look again."})
    assert (made.status_code, made.json()["note"]) == (201, "Look again.")
    refused(calls(cy).post(path, {"note": "Me too."}), 409, "already-flagged")
    assert calls(cy).get(path).json()["flag"]["id"] == made.json()["id"]
    flagged = api.get("/queue", flagged="true").json()["items"]
    assert [item["id"] for item in flagged] == [str(submission.pk)]
    assert calls(cy).delete(path).status_code == 204
    refused(api.delete(path), 409, "not-flagged")
    refused(api.post(path, {"note": "  "}), 422, "note-missing")
    refused(calls(ada).get(path), 403, "forbidden")
