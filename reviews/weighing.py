"""What the markings of one attempt come to: a level for each criterion and one outcome, or a disagreement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments.models import Achievement, Criterion, Submission
from reviews.concluding import Result, Standing, standing_of
from reviews.forming import Formed, form
from reviews.models import MarkingPolicy, Review, Score
from reviews.models.decision import Outcome


@dataclass(frozen=True)
class Agreement:
    """What complete markings come to; ``disagreed`` are the criteria on which a person has to choose.

    ``outcome`` is None where the markers would decide differently, or approve what does not pass.
    """

    outcome: Outcome | None
    results: list[Result]
    disagreed: list[Criterion]

    @property
    def is_reached(self) -> bool:
        return self.outcome is not None and not self.disagreed


def markings_of(submission: Submission) -> list[Review]:
    """The complete markings that count, oldest first, with their scores."""
    complete = submission.reviews.complete().order_by("ended_at", "fence")
    return list(complete.select_related("assessor").prefetch_related("scores__criterion", "scores__level"))


def agree(markings: Sequence[Review], policy: MarkingPolicy, achievement: Achievement) -> Agreement:
    """Form one level a criterion and one outcome; ``markings`` come from ``markings_of``."""
    results, disagreed = [], []
    scores = [score for review in markings for score in review.scores.all()]
    for criterion in achievement.criteria:
        given = [score for score in scores if score.criterion_id == criterion.pk]
        levels = {level.position: level for level in criterion.levels.all()}
        formed = formed_of(criterion, given, policy, achievement)
        if formed.is_disagreed:
            disagreed.append(criterion)
        level = levels.get(formed.position) if formed.position is not None else None
        if given:
            comment = joined(score.comment for score in given)
            results.append(Result(criterion, level, comment, formed.how))
    return Agreement(_outcome(markings, standing_of(achievement, results)), results, disagreed)


def formed_of(
    criterion: Criterion, given: Iterable[Score], policy: MarkingPolicy, achievement: Achievement
) -> Formed:
    """The level that the scores given on one criterion come to."""
    positions = {level.pk: level.position for level in criterion.levels.all()}
    required = achievement.required_by_criterion.get(criterion.pk)
    return form(
        [positions[score.level_id] for score in given if score.level_id],
        required=positions.get(required) if required else None,
        tolerance=policy.tolerance,
        choice=policy.choice,
    )


def joined(texts: Iterable[str]) -> str:
    """What each marker says to the learner, without saying who; the same words once."""
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _outcome(markings: Sequence[Review], standing: Standing) -> Outcome | None:
    """What more than half of the markers would decide, unless the levels formed do not allow it."""
    proposed = [review.outcome for review in markings]
    most = max(set(proposed), key=proposed.count)
    if proposed.count(most) * 2 <= len(proposed):
        return None
    if most == Outcome.APPROVE and not standing.may_be_approved:
        return None
    return Outcome(most)
