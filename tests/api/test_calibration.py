"""Calibration through the API."""

from reviews.calibrating import ask
from tests import factories
from tests.api.conftest import refused


def test_bo_scores_an_exemplar_and_the_queue_opens(calls, ada, alan, bo, bea, cy, mo, programme):
    submission = factories.make_submission(ada, programme)
    factories.make_decision(submission, bea)
    submission.refresh_from_db()
    exemplar = factories.make_exemplar(submission, cy)
    waiting = factories.make_submission(alan, programme)
    ask(programme, exemplars=1, exact=50, by=mo)
    api = calls(bo)
    refused(api.post(f"/submissions/{waiting.pk}/claim"), 409, "not-calibrated")
    assert api.get("/queue").json()["items"] == []
    assert [one["id"] for one in api.get("/exemplars").json()["items"]] == [str(exemplar.pk)]
    shown = api.get(f"/exemplars/{exemplar.pk}").json()
    assert (shown["agreed"], shown["note"], len(shown["evidence"])) == (None, None, 1)
    path = f"/exemplars/{exemplar.pk}/calibration"
    assert api.get(path).status_code == 404
    begun = api.post(path).json()
    scores = [
        {"criterion": str(one.pk), "level": str(one.levels.get(position=3).pk), "comment": "So."}
        for one in submission.achievement.criteria
    ]
    path = f"/calibrations/{begun['id']}"
    saved = api.put(f"{path}/scores", {"version": 1, "scores": scores[:1]}).json()
    assert (saved["version"], len(saved["scores"])) == (2, 1)
    refused(api.put(f"{path}/scores", {"version": 1, "scores": scores}), 409, "stale")
    refused(api.post(f"{path}/finish"), 422, "scores-missing")
    api.put(f"{path}/scores", {"version": 2, "scores": scores})
    done = api.post(f"{path}/finish").json()
    assert (done["passed"], done["exact"], done["criteria"]) == (True, 2, 2)
    refused(api.post(f"{path}/finish"), 409, "calibration-finished")
    agreed = api.get(f"/exemplars/{exemplar.pk}").json()["agreed"]
    assert [one["reason"] for one in agreed] == ["Because of C1.", "Because of C2."]
    assert api.post(f"/submissions/{waiting.pk}/claim").status_code == 201
    told = calls(cy).get(f"/programmes/{programme.pk}/calibrations").json()["items"]
    assert [(one["assessor"], one["passed"]) for one in told] == [(str(bo.pk), True)]
    refused(calls(cy).post(f"{path}/reopen"), 409, "not-failed")
    strange = {"criterion": str(programme.pk), "level": None, "comment": ""}
    refused(api.put(f"{path}/scores", {"version": 3, "scores": [strange]}), 422, "unknown-criterion")
