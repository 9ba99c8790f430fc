"""What a learner reads of the judgement through the API: the released decision, and nothing before."""

from tests import factories


def test_ada_reads_the_feedback_once_it_is_released_and_no_score_before(calls, ada, bo, programme) -> None:
    submission = factories.make_submission(ada, programme)
    address = f"/submissions/{submission.pk}"
    review = factories.make_review(submission, bo)
    before = calls(ada).get(address).json()
    assert before["decision"] is None
    assert "Well argued." not in str(before)
    factories.decide(review, outcome=factories.Outcome.RETURN, feedback="Log the drops.", by=bo)
    decision = calls(ada).get(address).json()["decision"]
    assert (decision["outcome"], decision["feedback"]) == ("return", "Log the drops.")
    assert {result["comment"] for result in decision["results"]} == {"Well argued."}
    submission.decision.released_at = None
    submission.decision.save()
    assert calls(ada).get(address).json()["decision"] is None
