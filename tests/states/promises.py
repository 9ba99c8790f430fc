"""How random acts are done, and the promises that are asked after each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from assessments.models import Submission
from assessments.models.lifecycle import MOVES, State
from badges.models import Credential
from reviews.models import Appeal, Decision, Review, Verification
from reviews.models.decision import Outcome
from reviews.models.review import ReviewKind, ReviewState
from reviews.models.verification import Stage, Verdict
from reviews.policies import policy_of
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event, User


def chosen(number: int, fitting: list[Any], every: list[Any]) -> Any:
    """An even number picks among the fitting, an odd one among all; None where there is nothing."""
    rows = fitting if number % 2 == 0 and fitting else every
    return rows[number // 2 % len(rows)] if rows else None


class Promised(RuleBasedStateMachine):
    """A world that is rolled back in the end; ``cast`` are its people by name.

    ``reached`` counts the acts that were done over all stories, so that a test can ask for them.
    """

    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.cast: dict[str, User] = {}
        self.saved: dict[tuple[UUID, UUID], dict[UUID, tuple[UUID | None, str]]] = defaultdict(dict)
        self.released: set[UUID] = set()

    def teardown(self) -> None:
        try:
            assert list(breaks()) == []
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    # --- How an act is done, and what it may change ------------------------------------------------

    @contextmanager
    def act(self, act: str) -> Iterator[list[bool]]:
        """Refused: nothing changed. Done: only moves of the table happened. Yields [True] once done."""
        before, events = self.states(), Event.objects.count()
        done: list[bool] = []
        try:
            with transaction.atomic():
                yield done
        except (DomainError, Forbidden):
            assert (self.states(), Event.objects.count()) == (before, events), f"a refused {act} left traces"
            return
        done.append(True)
        self.reached[act] += 1
        for pk, state in self.states().items():
            if state != before.get(pk):
                move = MOVES[act]  # an act that moves nothing is not in the table
                assert before.get(pk) in (move.sources or (None,)), f"{act} out of {before.get(pk)}"
                assert state in move.targets, f"{act} into {state}"

    def to(self, number: int, act: str, do: Callable[[Submission], Any]) -> None:
        one = self.one(number, act)
        if one is not None:
            with self.act(act):
                do(one)

    def to_review(self, number: int, act: str, do: Callable[[Review], Any]) -> None:
        review = self.review(number, ReviewState.OPEN)
        if review is not None:
            with self.act(act):
                do(review)

    def one(self, number: int, act: str) -> Submission | None:
        every = Submission.objects.with_context().order_by("-created_at")
        return chosen(number, list(every.filter(state__in=MOVES[act].sources)), list(every))

    def review(self, number: int, state: str) -> Review | None:
        every = Review.objects.with_context().order_by("-claimed_at")
        return chosen(number, list(every.filter(state=state)), list(every))

    def learner(self, name: str, one: Submission) -> User:
        return self.cast[name] if name else one.learner

    def assessor(self, name: str, review: Review) -> User:
        return self.cast[name] if name else review.assessor

    def states(self) -> dict[UUID, str]:
        return dict(Submission.objects.values_list("pk", "state"))

    # --- The promises ------------------------------------------------------------------------------

    @invariant()
    def at_most_one_live_claim_each(self) -> None:
        for one in Submission.objects.prefetch_related("reviews"):
            live = [review for review in one.reviews.all() if review.is_open]
            assert len(live) <= 1
            if one.state == State.IN_REVIEW:
                assert [(review.assessor_id, review.fence) for review in live] == [
                    (one.claimed_by_id, one.fence)
                ]
            else:
                assert one.claimed_by_id is None
                assert not live

    @invariant()
    def at_most_one_standing_decision_an_attempt(self) -> None:
        standing = list(Decision.objects.standing().values_list("submission", flat=True))
        assert len(standing) == len(set(standing))
        for one in Submission.objects.filter(state__in=(State.APPROVED, State.RETURNED, State.REJECTED)):
            assert one.decision.is_released

    @invariant()
    def nobody_judges_their_own_work(self) -> None:
        for review in Review.objects.select_related("submission"):
            assert review.assessor_id != review.submission.learner_id
        for decision in Decision.objects.select_related("submission"):
            assert decision.decided_by_id != decision.submission.learner_id
        for check in Verification.objects.select_related("review__submission"):
            assert check.moderator_id not in (check.review.assessor_id, check.review.submission.learner_id)

    @invariant()
    def every_badge_has_its_released_approval(self) -> None:
        in_force = Credential.objects.exclude(state="revoked").values_list("decision_id", flat=True)
        released = Decision.objects.filter(outcome=Outcome.APPROVE, released_at__isnull=False)
        assert set(in_force) == set(released.standing().values_list("pk", flat=True))
        every = Credential.objects.values_list("decision_id", flat=True)
        assert set(every) <= set(released.values_list("pk", flat=True))

    @invariant()
    def nothing_is_released_without_what_the_policy_asks(self) -> None:
        """Asked once, when a decision is first seen released: the policy may change afterwards."""
        for decision in (
            Decision.objects.released().exclude(pk__in=self.released).select_related("submission")
        ):
            self.released.add(decision.pk)
            if "investigation" in decision.basis:
                continue
            reviews = Review.objects.filter(pk__in=decision.basis["reviews"])
            markers = [one.assessor_id for one in reviews if one.kind == ReviewKind.MARKING]
            assert len(markers) == len(set(markers)), "one person marked twice"
            assert decision.moderated or len(markers) >= policy_of(decision.submission).wanted
            checks = Verification.objects.filter(decision=decision, stage=Stage.SUMMATIVE)
            if decision.sampled_for:
                check = checks.get()
                assert check.verdict == Verdict.ACCEPTED
                assert check.moderator_id not in markers

    @invariant()
    def no_score_is_lost(self) -> None:
        for (person, submission), scores in self.saved.items():
            review = Review.objects.filter(
                assessor=person, submission=submission, kind=ReviewKind.MARKING
            ).latest("fence")
            kept = {score.criterion_id: (score.level_id, score.comment) for score in review.scores.all()}
            assert kept == scores

    @invariant()
    def appeals_are_ruled_on_by_others(self) -> None:
        for appeal in Appeal.objects.select_related("decision__submission"):
            took_part = set(
                Review.objects.filter(pk__in=appeal.decision.basis["reviews"]).values_list(
                    "assessor", flat=True
                )
            )
            assert appeal.ruled_by_id not in took_part | {appeal.decision.submission.learner_id}
        open_ones = set(Appeal.objects.open().values_list("decision__submission", flat=True))
        marked = set(Submission.objects.filter(appealed_at__isnull=False).values_list("pk", flat=True))
        assert open_ones == marked

    @invariant()
    def what_is_looked_into_stays_where_it_is(self) -> None:
        for one in Submission.objects.filter(held_at__isnull=False):
            assert one.holds.in_force().count() == 1
            assert one.state != State.IN_REVIEW
