"""Random people do random acts to random work, in random order; after each act the promises are asked."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from assessments.models import Hold, Submission
from assessments.models.hold import Finding
from assessments.models.lifecycle import State
from assessments.models.skip import Reason
from assessments.submitting import start, submit, withdraw
from reviews.adjudicating import Ruling, adjudicate
from reviews.appealing import appeal, rule_on, withdraw_appeal
from reviews.claiming import break_lock, claim, claim_next, expire_leases, release
from reviews.deciding import decide
from reviews.investigating import lift, place_hold
from reviews.models import Appeal, Decision, MarkingPolicy, Review, SamplingPolicy
from reviews.models.appeal import Ruling as AppealRuling
from reviews.models.decision import Outcome
from reviews.models.policy import Choice, Markers
from reviews.models.review import EvidenceRule, ReviewState
from reviews.moderating import Point, accept, send_back
from reviews.prescribing import Rules, prescribe
from reviews.scoring import Mark, save_scores
from reviews.skipping import skip
from tests import factories
from tests.states.promises import Promised, chosen
from workbench import jobs
from workbench.models import User

RULINGS = (AppealRuling.UPHELD, AppealRuling.OVERTURNED)
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


class Story(Promised):
    """Each rule picks its work by a number, so that a broken promise shrinks to its shortest story.

    An even number picks among the work to which the act may be done now, an odd one among all.
    """

    words = 0

    @initialize(
        markers=st.sampled_from(list(Markers)),
        third=st.booleans(),
        first=st.integers(0, 3),
        begun=st.lists(st.tuples(judges, which, outcomes, st.integers(2, 4)), max_size=8),
    )
    def open_the_programme(
        self, markers: Markers, third: bool, first: int, begun: list[tuple[str, int, Outcome, int]]
    ) -> None:
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
        for assessor, number, outcome, position in begun:
            self.an_assessor_judges_in_one_go(assessor, number, outcome, position)

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
        rules = Rules(markers=markers, third_marker=third, choice=choice, tolerance=1)
        with self.act("close"):
            prescribe(self.programme, rules, by=self.cast["mo"])

    @rule()
    def the_worker_signs(self) -> None:
        with self.act("sign"):
            jobs.run_due()

    # --- What moderators do ------------------------------------------------------------------------

    @rule(name=st.sampled_from(PEOPLE), number=which)
    def somebody_accepts(self, name: str, number: int) -> None:
        decision = self.decision(number, held=True)
        if decision:
            with self.act("accept"):
                accept(decision, met=EvidenceRule.values, by=self.cast[name])

    @rule(name=checkers, number=which)
    def a_moderator_sends_back(self, name: str, number: int) -> None:
        decision = self.decision(number, held=True)
        if decision:
            with self.act("send-back"):
                send_back(decision, points=[Point("Say why.")], by=self.cast[name])

    @rule(name=checkers, number=which, outcome=outcomes, position=positions)
    def a_moderator_settles(self, name: str, number: int, outcome: Outcome, position: int) -> None:
        rulings = [
            Ruling(criterion, levels[position - 1], reason="Read again.")
            for criterion, levels in self.criteria
        ]
        every = Submission.objects.with_context().order_by("-created_at")
        disagreed = every.filter(state=State.MODERATION, decision__isnull=True)
        one = chosen(number, list(disagreed), list(every))
        with self.act("adjudicate"):
            adjudicate(
                one,
                rulings=rulings,
                outcome=outcome,
                feedback="So be it.",
                reason="Read again.",
                by=self.cast[name],
            )

    @rule(names=st.permutations(ASSESSORS), moderator=checkers, outcome=outcomes)
    def two_disagree_and_one_settles(self, names: list[str], moderator: str, outcome: Outcome) -> None:
        self.the_policy_changes(Markers.DOUBLE_BLIND, False, Choice.MODERATOR)
        self.an_assessor_judges_in_one_go(names[0], 0, Outcome.APPROVE, 3)
        self.an_assessor_judges_in_one_go(names[1], 0, Outcome.RETURN, 2)
        self.a_moderator_settles(moderator, 0, outcome, 3)

    @rule(judge=judges, moderator=checkers, back=st.booleans())
    def one_decides_and_one_checks(self, judge: str, moderator: str, back: bool) -> None:
        self.an_assessor_approves(judge, 0)
        if back:
            self.a_moderator_sends_back(moderator, 0)
        else:
            self.somebody_accepts(moderator, 0)

    @rule(name=st.sampled_from(("", *LEARNERS)), number=which)
    def a_learner_appeals(self, name: str, number: int) -> None:
        decision = self.decision(number, held=False)
        if decision:
            with self.act("appeal"):
                appeal(decision, reason="Look again.", by=self.learner(name, decision.submission))

    @rule(name=checkers, number=which, ruling=st.sampled_from(RULINGS))
    def an_appeal_runs_its_course(self, name: str, number: int, ruling: str) -> None:
        """The badge in question is made first: what is being signed cannot be revoked."""
        self.the_worker_signs()
        self.a_learner_appeals("", number * 2)
        self.somebody_rules_on_an_appeal(name, 0, ruling)

    @rule(name=people, number=which)
    def a_learner_takes_an_appeal_back(self, name: str, number: int) -> None:
        one = self.open_appeal(number)
        if one:
            with self.act("appeal"):
                withdraw_appeal(one, by=self.learner(name, one.decision.submission))

    @rule(name=st.sampled_from((*MODERATORS, "mo", "bo")), number=which, ruling=st.sampled_from(RULINGS))
    def somebody_rules_on_an_appeal(self, name: str, number: int, ruling: str) -> None:
        one = self.open_appeal(number)
        if one:
            with self.act("overturn"):
                rule_on(one, ruling=ruling, words="Read again.", by=self.cast[name])

    @rule(name=st.sampled_from((*MODERATORS, "mo", "bo")), number=which)
    def somebody_holds_work_back(self, name: str, number: int) -> None:
        one = chosen(number, [], list(Submission.objects.with_context().order_by("-created_at")))
        with self.act("give-back"):
            place_hold(one, words="The same file twice.", by=self.cast[name])

    @rule(name=checkers, finding=st.sampled_from(list(Finding)))
    def a_moderator_ends_an_investigation(self, name: str, finding: str) -> None:
        hold = Hold.objects.in_force().select_related("submission").first()
        if hold:
            with self.act("condemn"):
                lift(hold, finding=finding, conclusion="Both were asked.", by=self.cast[name])

    def decision(self, number: int, *, held: bool) -> Decision | None:
        every = Decision.objects.select_related("submission", "review").order_by("-decided_at")
        fitting = every.awaiting_moderation() if held else every.released()
        return chosen(number, list(fitting), list(every))

    def open_appeal(self, number: int) -> Appeal | None:
        every = Appeal.objects.select_related("decision__submission").order_by("-filed_at")
        return chosen(number, list(every.open()), list(every))
