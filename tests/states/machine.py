"""Random people do random acts to random work, in random order; after each act the promises are asked."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from assessments.models import Submission
from assessments.models.lifecycle import MOVES, State
from assessments.models.skip import Reason
from assessments.submitting import start, submit, withdraw
from badges.models import Credential
from reviews.claiming import break_lock, claim, claim_next, expire_leases, release
from reviews.deciding import decide
from reviews.models import Decision, MarkingPolicy, Review, SamplingPolicy, Verification
from reviews.models.decision import Outcome
from reviews.models.policy import Choice, Markers
from reviews.models.review import ReviewKind, ReviewState
from reviews.models.verification import Stage, Verdict
from reviews.policies import policy_of
from reviews.scoring import Mark, save_scores
from reviews.skipping import skip
from tests import factories
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event, User

LEARNERS = ("ada", "alan", "max")
ASSESSORS = ("bo", "bea", "ben", "max")
MODERATORS = ("cy", "cleo", "max")
# Max holds every role and learns too; Dee holds none.
PEOPLE = tuple(dict.fromkeys((*LEARNERS, *ASSESSORS, *MODERATORS, "mo", "dee")))

# Mostly the person whose turn it is (""), or else anybody.
people = st.sampled_from(("",) * len(PEOPLE) + PEOPLE)
judges = st.sampled_from(ASSESSORS)
checkers = st.sampled_from(MODERATORS)
which = st.integers(0, 40)
positions = st.integers(1, 4)
outcomes = st.sampled_from(list(Outcome))


def chosen(number: int, fitting: list[Any], every: list[Any]) -> Any:
    """An even number picks among the fitting, an odd one among all; None where there is nothing."""
    rows = fitting if number % 2 == 0 and fitting else every
    return rows[number // 2 % len(rows)] if rows else None


class Story(RuleBasedStateMachine):
    """Each rule picks its work by a number, so that a broken promise shrinks to its shortest story.

    An even number picks among the work to which the act may be done now, an odd one among all.
    """

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.saved: dict[tuple[UUID, UUID], dict[UUID, tuple[UUID | None, str]]] = defaultdict(dict)
        self.released: set[UUID] = set()
        self.words = 0

    def teardown(self) -> None:
        try:
            assert list(breaks()) == []
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    @initialize(markers=st.sampled_from(list(Markers)), third=st.booleans(), first=st.integers(0, 3))
    def open_the_programme(self, markers: Markers, third: bool, first: int) -> None:
        organisation = factories.make_organisation()
        self.achievement = factories.make_achievement(organisation)
        self.criteria = [
            (criterion, list(criterion.levels.order_by("position")))
            for criterion in self.achievement.rubric.criteria.all()
        ]
        self.programme = factories.make_programme(organisation, self.achievement)
        self.cast = {
            name: factories.make_user(name, email=f"{name}@{organisation.slug}.example") for name in PEOPLE
        }
        factories.enrol(self.programme, *(self.cast[name] for name in LEARNERS))
        for role, names in (("assessor", ASSESSORS), ("moderator", MODERATORS), ("manager", ("mo", "max"))):
            for name in names:
                factories.grant(self.cast[name], role, self.programme)
        MarkingPolicy.objects.create(programme=self.programme, markers=markers, third_marker=third)
        SamplingPolicy.objects.create(programme=self.programme, first_decisions=first, only_approvals=False)
        for name in LEARNERS:
            self.a_learner_starts(name)
            with self.act("submit"):
                submit(Submission.objects.get(learner=self.cast[name]), declaration=True, by=self.cast[name])

    # --- What learners do --------------------------------------------------------------------------

    @rule(name=st.sampled_from((*LEARNERS, "dee")))
    def a_learner_starts(self, name: str) -> None:
        with self.act("start"):
            draft = start(self.programme, self.achievement, by=self.cast[name])
            if not draft.evidence.exists():
                factories.make_text(draft)

    @rule(name=st.sampled_from(LEARNERS))
    def a_learner_tries_again(self, name: str) -> None:
        self.a_learner_starts(name)
        draft = Submission.objects.filter(learner=self.cast[name], state=State.DRAFT).first()
        if draft:
            with self.act("submit"):
                submit(draft, declaration=True, by=self.cast[name])

    @rule(name=people, number=which)
    def a_learner_hands_in(self, name: str, number: int) -> None:
        self.to(number, "submit", lambda one: submit(one, declaration=True, by=self.learner(name, one)))

    @rule(name=people, number=which)
    def a_learner_withdraws(self, name: str, number: int) -> None:
        self.to(number, "withdraw", lambda one: withdraw(one, by=self.learner(name, one)))

    # --- What assessors do -------------------------------------------------------------------------

    @rule(name=st.sampled_from(PEOPLE), number=which)
    def somebody_claims(self, name: str, number: int) -> None:
        self.to(number, "claim", lambda one: claim(one, by=self.cast[name]))

    @rule(name=judges)
    def an_assessor_claims_the_next(self, name: str) -> None:
        with self.act("claim"):
            claim_next(Submission.objects.filter(programme=self.programme), by=self.cast[name])

    @rule(name=people, number=which, first=positions, second=positions)
    def somebody_scores(self, name: str, number: int, first: int, second: int) -> None:
        """Under the latest version, as the page does."""
        review = self.review(number, ReviewState.OPEN)
        if review is not None:
            self.score(review, (first, second), by=self.assessor(name, review))

    def score(self, review: Review, given: tuple[int, int], *, by: User) -> None:
        self.words += 1
        marks = [
            Mark(criterion, levels[position - 1], f"Remark {self.words}")
            for (criterion, levels), position in zip(self.criteria, given, strict=True)
        ]
        with self.act("score") as done:
            save_scores(review, version=review.version, marks=marks, by=by)
        if done:
            key = (by.pk, review.submission_id)
            self.saved[key] |= {
                mark.criterion.pk: (mark.level.pk, mark.comment) for mark in marks if mark.level
            }

    @rule(name=people, number=which)
    def somebody_gives_back(self, name: str, number: int) -> None:
        self.to_review(number, "give-back", lambda review: release(review, by=self.assessor(name, review)))

    @rule(name=people, number=which, reason=st.sampled_from([Reason.LANGUAGE, Reason.CONFLICT]))
    def an_assessor_skips(self, name: str, number: int, reason: str) -> None:
        self.to_review(
            number, "give-back", lambda review: skip(review, reason=reason, by=self.assessor(name, review))
        )

    @rule(name=people, number=which, outcome=outcomes)
    def somebody_decides(self, name: str, number: int, outcome: Outcome) -> None:
        self.to_review(
            number,
            "mark",
            lambda review: decide(
                review, outcome=outcome, feedback="So be it.", by=self.assessor(name, review)
            ),
        )

    @rule(name=judges, number=which, outcome=outcomes, position=positions)
    def an_assessor_judges_in_one_go(self, name: str, number: int, outcome: Outcome, position: int) -> None:
        """The common path, so that stories reach decisions often."""
        self.somebody_claims(name, number * 2)
        review = Review.objects.open().with_context().filter(assessor=self.cast[name]).first()
        if review:
            self.score(review, (position, max(position, 3)), by=review.assessor)
            with self.act("mark"):
                decide(review, outcome=outcome, feedback="So be it.", by=review.assessor)

    @rule(name=judges, number=which)
    def an_assessor_approves(self, name: str, number: int) -> None:
        self.an_assessor_judges_in_one_go(name, number, Outcome.APPROVE, 3)

    # --- What time and others do -------------------------------------------------------------------

    @rule(swept=st.booleans())
    def a_lease_runs_out(self, swept: bool) -> None:
        """The sweeper comes at once, or somebody else first."""
        held = Submission.objects.filter(state=State.IN_REVIEW).order_by("lease_until").first()
        if held is None:
            return
        Submission.objects.filter(pk=held.pk).update(lease_until=timezone.now() - timedelta(minutes=1))
        if swept:
            with self.act("give-back"):
                expire_leases()

    @rule(name=st.sampled_from(PEOPLE), number=which)
    def somebody_breaks_the_lock(self, name: str, number: int) -> None:
        self.to(number, "give-back", lambda one: break_lock(one, by=self.cast[name]))

    @rule(markers=st.sampled_from(list(Markers)), third=st.booleans(), choice=st.sampled_from(list(Choice)))
    def the_policy_changes(self, markers: Markers, third: bool, choice: Choice) -> None:
        MarkingPolicy.objects.update(markers=markers, third_marker=third, choice=choice, tolerance=1)

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
        for pk, state in self.states().items():
            if state != before.get(pk):
                move = MOVES[act]
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
