"""Scoring: everything that was written is kept, and nothing is overwritten unseen."""

import uuid
from decimal import Decimal

import pytest

from reviews.claiming import claim
from reviews.deciding import decide
from reviews.models import Review
from reviews.models.decision import Outcome
from reviews.scoring import MAX_COMMENT, MAX_FEEDBACK, Mark, save_scores, scores_of
from tests import factories
from workbench.errors import DomainError


@pytest.fixture
def review(bo, ada, programme) -> Review:
    return claim(factories.make_submission(ada, programme), by=bo)


def criterion(review: Review, number: int = 0):
    return review.submission.achievement.criteria[number]


def level(review: Review, position: int, number: int = 0):
    return criterion(review, number).levels.get(position=position)


def refusal(*args, **kwargs) -> DomainError:
    with pytest.raises(DomainError) as caught:
        save_scores(*args, **kwargs)
    return caught.value


def test_bo_saves_a_level_then_a_comment(bo, review):
    save_scores(review, version=1, marks=[Mark(criterion(review), level(review, 3))], by=bo)
    mark = Mark(criterion(review), level(review, 3), "Default deny, and it is proven.")
    saved = save_scores(review, version=2, marks=[mark], by=bo)
    assert saved.version == 3
    score = saved.scores.get()
    assert (score.level, score.comment) == (level(review, 3), "Default deny, and it is proven.")


def test_criteria_and_feedback_that_are_not_sent_stay(bo, review):
    marks = [
        Mark(criterion(review, 0), level(review, 2, 0), "One."),
        Mark(criterion(review, 1), None, "Two."),
    ]
    save_scores(review, version=1, marks=marks, feedback="So far.", by=bo)
    saved = save_scores(review, version=2, marks=[Mark(criterion(review, 1), None, "Three.")], by=bo)
    assert [score["comment"] for score in scores_of(saved)] == ["One.", "Three."]
    assert saved.feedback == "So far."


def test_a_level_can_be_taken_back(bo, review):
    save_scores(review, version=1, marks=[Mark(criterion(review), level(review, 3))], by=bo)
    saved = save_scores(review, version=2, marks=[Mark(criterion(review), None)], by=bo)
    assert saved.scores.get().level is None


def test_a_stale_save_changes_nothing_and_gives_back_what_is_kept(bo, review):
    first = Mark(criterion(review), level(review, 3), "From the first window.")
    save_scores(review, version=1, marks=[first], feedback="First.", by=bo)
    second = Mark(criterion(review), level(review, 1), "From the second window.")
    error = refusal(review, version=1, marks=[second], feedback="Second.", by=bo)
    assert (error.code, error.status) == ("stale", 409)
    assert error.extra == {
        "version": 2,
        "feedback": "First.",
        "met": [],
        "scores": [
            {
                "criterion": str(criterion(review).pk),
                "level": str(level(review, 3).pk),
                "comment": "From the first window.",
            }
        ],
    }
    review.refresh_from_db()
    assert (review.version, review.scores.get().comment) == (2, "From the first window.")


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_version_that_never_was_is_stale_too(bo, review, version):
    assert refusal(review, version=version, marks=[], by=bo).code == "stale"


def test_a_criterion_of_another_rubric_is_refused(bo, review, organisation):
    other = factories.make_achievement(organisation, required_position=2).criteria[0]
    error = refusal(review, version=1, marks=[Mark(other, None)], by=bo)
    assert (error.code, error.status) == ("unknown-criterion", 422)
    assert review.scores.count() == 0


def test_a_level_of_another_criterion_is_refused_and_nothing_is_saved(bo, review):
    marks = [
        Mark(criterion(review, 0), level(review, 3, 0), "Good."),
        Mark(criterion(review, 1), level(review, 3, 0), "A level of the first criterion."),
    ]
    assert refusal(review, version=1, marks=marks, by=bo).code == "unknown-level"
    review.refresh_from_db()
    assert (review.version, review.scores.count()) == (1, 0)


def test_texts_at_the_limit_are_kept_whole(bo, review):
    mark = Mark(criterion(review), None, "é" * MAX_COMMENT)
    saved = save_scores(review, version=1, marks=[mark], feedback="ü" * MAX_FEEDBACK, by=bo)
    assert saved.scores.get().comment == "é" * MAX_COMMENT
    assert saved.feedback == "ü" * MAX_FEEDBACK


def test_texts_over_the_limit_are_refused_and_say_how_long_they_are(bo, review):
    error = refusal(review, version=1, marks=[Mark(criterion(review), None, "x" * (MAX_COMMENT + 1))], by=bo)
    assert (error.code, error.status) == ("text-too-long", 422)
    assert "5001" in str(error)
    error = refusal(review, version=1, marks=[], feedback="x" * (MAX_FEEDBACK + 1), by=bo)
    assert error.code == "text-too-long"


def test_what_no_database_keeps_is_left_out(bo, review):
    mark = Mark(criterion(review), None, "before\x00after \ud800end")
    saved = save_scores(review, version=1, marks=[mark], feedback="a\x00b", by=bo)
    saved.refresh_from_db()
    assert saved.scores.get().comment == "beforeafter end"
    assert saved.feedback == "ab"


def test_a_decided_review_takes_no_scores(bo, ada, programme, review):
    decide(review, outcome=Outcome.RETURN, feedback="More, please.", by=bo)
    assert refusal(review, version=1, marks=[], by=bo).code == "already-decided"


def test_points_do_not_depend_on_how_often_one_saves(bo, review):
    for version in range(1, 6):
        save_scores(review, version=version, marks=[Mark(criterion(review), level(review, 2))], by=bo)
    assert [score.level.points for score in review.scores.all()] == [Decimal(1)]
    assert uuid.UUID(scores_of(review)[0]["criterion"]) == criterion(review).pk
