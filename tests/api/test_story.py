"""The whole story over HTTP: handed in, judged, issued, and seen by everyone who took part."""

import json
from io import BytesIO

import pytest

from tests import factories
from tests.api.conftest import refused
from workbench.jobs import run_due

pytestmark = pytest.mark.django_db


def file(content: bytes = factories.RULES, name: str = "rules.v4") -> BytesIO:
    opened = BytesIO(content)
    opened.name = name
    return opened


def add_evidence(ada, submission: str, criteria: list[str]) -> list[dict]:
    path = f"/submissions/{submission}/evidence"
    answers = [
        ada.upload(path, file=file(), kind="firewall_configuration", visibility="public", criteria=criteria),
        ada.upload(path, url="https://example.org/lab/report", criteria=",".join(criteria)),
        ada.upload(
            path,
            text="Ordered by use.\nThe most specific rule comes first.",
            visibility="summary",
            criteria=json.dumps([{"id": criteria[0], "justification": "It says why."}]),
        ),
    ]
    for answer in answers:
        assert answer.status_code == 201, answer.content
    return [answer.json() for answer in answers]


def test_ada_earns_a_badge_over_the_api(calls, ada, bo, mo, dee, programme, achievement):
    ada, bo, mo, stranger = calls(ada), calls(bo), calls(mo), calls(None)

    # Ada finds what is asked
    me = ada.get("/me").json()
    assert [role["role"] for role in me["roles"]] == ["learner"]
    [offered] = ada.get("/programmes").json()["items"]
    asked = ada.get(f"/achievements/{offered['achievements'][0]}").json()
    assert asked["programmes"] == [offered["id"]] == [str(programme.pk)]
    criteria = [criterion["id"] for criterion in asked["rubric"]["criteria"]]
    for criterion in asked["rubric"]["criteria"]:
        positions = [level["position"] for level in criterion["levels"]]
        assert positions == sorted(positions) and len(set(positions)) == 4
        assert criterion["required_level"] in [level["id"] for level in criterion["levels"]]

    # … and hands in
    started = ada.post("/submissions", {"programme": offered["id"], "achievement": asked["id"]})
    assert started.status_code == 201
    submission = started.json()["id"]
    added = add_evidence(ada, submission, criteria)
    assert [item["form"] for item in added] == ["file", "link", "text"]
    assert [item["kind"] for item in added] == ["firewall-configuration", "other", "document"]
    assert [item["title"] for item in added] == [
        "rules.v4",
        "https://example.org/lab/report",
        "Ordered by use.",
    ]
    assert [item["visibility"] for item in added] == ["public", "private", "summary"]
    assert added[1]["criteria"] == criteria and added[1]["sha256"] is None
    assert added[2]["supports"] == [{"criterion": criteria[0], "justification": "It says why."}]
    handed_in = ada.post(f"/submissions/{submission}/submit", {"declaration": True})
    assert handed_in.status_code == 200 and handed_in.json()["state"] == "submitted"
    assert handed_in.json()["credential"] is None

    # Bo takes it, and scores it
    assert [item["id"] for item in bo.get("/queue").json()["items"]] == [submission]
    taken = bo.post("/queue/next")
    assert taken.status_code == 201
    review = taken.json()
    assert review["submission"] == submission and review["lease_until"] and review["scores"] == []
    assert bo.post("/queue/next").status_code == 204
    scores = [
        {"criterion": criterion["id"], "level": criterion["levels"][2]["id"], "comment": "Well argued."}
        for criterion in asked["rubric"]["criteria"]
    ]
    draft = {"version": review["version"], "scores": scores, "feedback": "Neat"}
    saved = bo.put(f"/reviews/{review['id']}/scores", draft)
    assert saved.status_code == 200 and saved.json()["scores"] == scores
    stale = bo.put(f"/reviews/{review['id']}/scores", {"version": review["version"], "scores": []})
    problem = refused(stale, 409, "stale")
    assert problem["version"] == saved.json()["version"]
    assert problem["scores"] == scores and problem["feedback"] == "Neat"

    # Ada sees the stage, never the scores
    assert ada.get(f"/submissions/{submission}").json()["state"] == "in_review"
    refused(ada.get(f"/reviews/{review['id']}"), 404, "not-found")

    # Bo decides, and the worker issues
    decided = bo.post(f"/reviews/{review['id']}/decision", {"outcome": "approve"})
    assert decided.status_code == 201
    assert decided.json() | {"outcome": "approve", "review": review["id"], "submission": submission} == (
        decided.json()
    )
    assert decided.json()["state"] == "approved" and decided.json()["feedback"] == "Neat"
    assert ada.get(f"/submissions/{submission}").json()["credential"] is None
    [planned] = ada.get("/credentials").json()["items"]
    assert planned["state"] == "planned" and planned["sha256"] is None
    run_due()
    earned = ada.get(f"/submissions/{submission}").json()
    badge = ada.get(f"/credentials/{earned['credential']}").json()
    assert badge["state"] == "issued" and badge["id"] == planned["id"]
    assert badge["url"] == earned["credential_url"] == f"http://testserver/badges/{badge['id']}"
    assert badge["achievement"] == asked["id"] and badge["learner"] == me["id"]

    # Anyone verifies it
    public = ada.client.get(f"/badges/{badge['id']}.json")
    assert public.status_code == 200
    checked = stranger.post("/verify", {"credential": json.loads(public.content)})
    assert checked.status_code == 200, checked.content
    assert checked.json()["verified"] is True
    assert all(check["passed"] for check in checked.json()["checks"])

    # Mo takes it back, and everyone who checks learns of it
    assert mo.post(f"/credentials/{badge['id']}/revoke", {"reason": "A mix-up."}).json()["state"] == "revoked"
    again = stranger.post("/verify", {"credential": json.loads(public.content)}).json()
    assert again["verified"] is False
    assert [check["name"] for check in again["checks"] if check["passed"] is False] == ["status"]


def test_returned_work_comes_back_as_a_second_attempt_with_its_evidence(calls, ada, bo, programme):
    submission = factories.make_submission(ada, programme)
    review = factories.make_review(submission, bo, position=2)
    ada, bo = calls(ada), calls(bo)
    refused(bo.post(f"/reviews/{review.pk}/decision", {"outcome": "return"}), 422, "feedback-missing")
    refused(bo.post(f"/reviews/{review.pk}/decision", {"outcome": "approve"}), 422, "below-required")
    answer = bo.post(
        f"/reviews/{review.pk}/decision", {"outcome": "return", "feedback": "Log what you drop."}
    )
    assert answer.json()["state"] == "returned"
    second = ada.post(
        "/submissions", {"programme": str(programme.pk), "achievement": str(submission.achievement_id)}
    ).json()
    assert second["attempt"] == 2 and second["previous"] == str(submission.pk)
    assert [item["title"] for item in second["evidence"]] == ["Rules of the branch firewall"]
    item = second["evidence"][0]["id"]
    assert ada.delete(f"/submissions/{second['id']}/evidence/{item}").status_code == 204
    assert ada.get(f"/submissions/{second['id']}").json()["evidence"] == []
    refused(ada.post(f"/submissions/{second['id']}/submit", {"declaration": True}), 422, "no-evidence")
    assert ada.post(f"/submissions/{second['id']}/withdraw").json()["state"] == "withdrawn"


def test_released_work_waits_again_and_keeps_its_scores(calls, ada, bo, bea, programme):
    submission = factories.make_submission(ada, programme)
    bo, bea = calls(bo), calls(bea)
    review = bo.post(f"/submissions/{submission.pk}/claim").json()
    refused(bea.post(f"/submissions/{submission.pk}/claim"), 409, "not-claimable")
    assert bo.post(f"/reviews/{review['id']}/heartbeat").json()["lease_until"] >= review["lease_until"]
    released = bo.post(f"/reviews/{review['id']}/release").json()
    assert released["state"] == "released" and released["lease_until"] is None
    assert bea.post(f"/submissions/{submission.pk}/claim").status_code == 201
    late = bo.post(f"/reviews/{review['id']}/decision", {"outcome": "reject", "feedback": "No."})
    refused(late, 409, "lease-lost")
