"""Several markers through the API: the policy, markings that wait, and a moderator who settles."""

import pytest

from reviews.models import MarkingPolicy
from tests import factories
from tests.api.conftest import refused

pytestmark = pytest.mark.django_db


def sheet(submission, *positions):
    criteria = submission.achievement.criteria
    return [
        {"criterion": str(one.pk), "level": str(one.levels.get(position=at).pk), "comment": f"Level {at}."}
        for one, at in zip(criteria, positions, strict=True)
    ]


def marked(api, submission, *positions, outcome="approve", feedback="", met=None):
    review = api.post(f"/submissions/{submission.pk}/claim").json()
    body = {"version": review["version"], "scores": sheet(submission, *positions)}
    api.put(f"/reviews/{review['id']}/scores", body | ({"met": met} if met else {}))
    return api.post(f"/reviews/{review['id']}/decision", {"outcome": outcome, "feedback": feedback})


def test_mo_prescribes_two_disagree_and_cy_settles(calls, ada, bo, bea, cy, mo, programme):
    policy = f"/programmes/{programme.pk}/marking-policy"
    assert calls(mo).get(policy).json()["markers"] == "single"
    assert calls(mo).put(policy, {"markers": "double_blind"}).json()["achievement"] is None
    assert calls(ada).get(f"/programmes/{programme.pk}").json()["markers"] == "double_blind"
    submission = factories.make_submission(ada, programme)
    path = f"/submissions/{submission.pk}"

    first = marked(calls(bo), submission, 3, 4, met=["valid"])
    assert (first.status_code, first.json()["id"], first.json()["state"]) == (202, None, "submitted")
    own = calls(bo).get(f"/reviews/{first.json()['review']}").json()
    assert (own["state"], own["kind"], own["outcome"], own["met"], own["blind"]) == (
        "marked",
        "marking",
        "approve",
        ["valid"],
        True,
    )
    assert calls(cy).get(f"{path}/disagreement").json()["waits"] is False
    second = marked(calls(bea), submission, 2, 4, outcome="return", feedback="Log it.")
    assert (second.status_code, second.json()["state"]) == (202, "moderation")

    seen = calls(cy).get(f"{path}/disagreement").json()
    assert seen["waits"] is True
    assert [one["outcome"] for one in seen["markings"]] == ["approve", "return"]
    assert [(one["how"], one["distance"], one["straddles"]) for one in seen["criteria"]] == [
        ("disagreed", 1, True),
        ("equal", 0, False),
    ]
    body = {
        "outcome": "approve",
        "reason": "Line 12 logs it.",
        "rulings": [{**sheet(submission, 3, 4)[0], "reason": "Logged."}],
        "markings": [one["id"] for one in seen["markings"]],
    }
    refused(calls(cy).post(f"{path}/adjudicate", body | {"rulings": []}), 422, "levels-missing")
    refused(calls(cy).post(f"{path}/adjudicate", body | {"markings": []}), 409, "stale")
    refused(calls(bo).post(f"{path}/adjudicate", body), 403, "forbidden")
    made = calls(cy).post(f"{path}/adjudicate", body)
    assert (made.status_code, made.json()["state"], made.json()["outcome"]) == (201, "approved", "approve")
    told = calls(ada).get(path).json()["decision"]
    assert [one["comment"] for one in told["results"]] == ["Level 3.", "Level 4."]
    assert "Line 12" not in str(told)


def test_of_a_sampled_decision_a_blind_marker_is_told_no_more_than_their_own(
    calls, ada, bo, bea, mo, programme
):
    calls(mo).put(f"/programmes/{programme.pk}/marking-policy", {"markers": "double_blind"})
    factories.make_sampling(programme, share=100, only_approvals=False)
    submission = factories.make_submission(ada, programme)
    marked(calls(bo), submission, 3, 3, feedback="The words of Bo.")
    answer = marked(calls(bea), submission, 3, 3, feedback="The words of Bea.")
    assert (answer.status_code, answer.json()["state"]) == (201, "moderation")
    assert answer.json()["feedback"] == "The words of Bea."


def test_an_achievement_follows_the_general_policy_again(calls, achievement, mo, programme):
    policy = f"/programmes/{programme.pk}/marking-policy"
    own = f"{policy}?achievement={achievement.pk}"
    assert calls(mo).put(own, {"markers": "double_open"}).json()["achievement"] == str(achievement.pk)
    assert calls(mo).delete(own).json()["markers"] == "single"
    assert not MarkingPolicy.objects.filter(achievement=achievement).exists()
    refused(calls(mo).put(policy, {"markers": "five"}), 422, "invalid")
