"""Tell one attempt after the other through the product's own verbs, each at the moment when it happens.

A story is a generator: it yields the moment of its next act, and is resumed when that moment has come.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from assessments import evidencing
from assessments.models import Criterion, Evidence, Programme, Submission
from assessments.models.evidence import Form, Kind, Visibility
from assessments.redacting import dismiss, redact
from assessments.secrecy import analysis_of, open_marks
from assessments.submitting import start, submit, withdraw
from badges.models import Credential
from badges.revoking import revoke
from reviews.annotating import Anchor, annotate
from reviews.claiming import claim
from reviews.deciding import decide
from reviews.models import Review
from reviews.models.annotation import Unit
from reviews.models.decision import Outcome
from reviews.scoring import Mark, save_scores
from workbench import jobs
from workbench.demo import words
from workbench.demo.plot import Attempt, Revocation
from workbench.demo.portfolios import Author, Piece, portfolio
from workbench.demo.stage import Stage
from workbench.models import User
from workbench.uploads import digested

Story = Iterator[datetime]

# How many of those whose file is marked hand in a cleaned copy; the others say why it is no secret.
COPIED = 0.5
NOTES_AN_ITEM = 2
# Which words of a note suit a finding, by a part of its code.
FAMILIES = {
    "shadow": "order",
    "redundant": "order",
    "clear": "clear-text",
    "open": "open",
    "accepts": "open",
    "management": "open",
}


@dataclass(frozen=True)
class Calendar:
    """The moments of the story: days before today, at hours when people work."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()

    def at(self, days_ago: int, hour: float) -> datetime:
        """``hour`` is a local one, with its fraction."""
        midnight = datetime.combine(
            self.today - timedelta(days=days_ago), time(), ZoneInfo(settings.TIME_ZONE)
        )
        return midnight + timedelta(hours=hour)


class Telling:
    """One attempt of one learner; every choice in it follows from who it is and which attempt."""

    def __init__(self, stage: Stage, calendar: Calendar, programme: Programme, attempt: Attempt) -> None:
        self.stage, self.calendar, self.programme, self.attempt = stage, calendar, programme, attempt
        self.learner = stage.people[attempt.learner]
        self.achievement = stage.achievements[attempt.subject]
        self.language = self.learner.language
        self.rng = random.Random(f"{self.learner.email} {attempt.subject} {attempt.begun}")
        self.said: set[str] = set()

    def story(self) -> Story:
        attempt, calendar = self.attempt, self.calendar
        begun = calendar.at(attempt.begun, self.rng.uniform(8.5, 12))
        yield begun
        submission = start(self.programme, self.achievement, by=self.learner)
        carried = list(submission.evidence.in_order())
        moment = begun
        for piece in self._pieces():
            moment += timedelta(minutes=self.rng.uniform(9, 40))
            yield moment
            self._hand_over(submission, piece, instead_of=carried)
        jobs.run_due()
        self._settle_marks(submission)
        if attempt.handed_in is not None:
            yield calendar.at(attempt.handed_in, self.rng.uniform(15, 20))
            submission = submit(submission, declaration=True, by=self.learner)
        if attempt.ending == "withdraw":
            assert attempt.ended is not None
            yield calendar.at(attempt.ended, self.rng.uniform(9, 14))
            withdraw(submission, by=self.learner)
        elif attempt.ending == "review":
            yield from self._review_now(submission)
        elif attempt.assessor:
            yield from self._judge(submission)

    # --- Handing in ------------------------------------------------------------------------------------

    def _pieces(self) -> tuple[Piece, ...]:
        # The same for every attempt, so that a further one improves the same firewall and the same report.
        pieces = portfolio(
            random.Random(f"{self.learner.email} {self.attempt.subject}"),
            subject=self.attempt.subject,
            quality=self.attempt.quality,
            author=Author(self.learner.name, self.learner.email.partition("@")[0], self.language),
            filename=self.attempt.firewall,
        )
        # A draft is still being put together.
        return pieces[:2] if self.attempt.ending == "draft" else pieces

    def _hand_over(self, submission: Submission, piece: Piece, *, instead_of: list[Evidence]) -> None:
        """Add a piece; at a further attempt it takes the place of what it improves."""
        for old in [item for item in instead_of if item.kind == piece.kind]:
            instead_of.remove(old)
            if piece.filename and old.form == Form.FILE and not old.redacted_from_id:
                with digested(piece.content, piece.filename, "application/octet-stream") as file:
                    if file.sha256 != old.sha256:
                        evidencing.replace(old, file, by=self.learner)
                return
            evidencing.remove(old, by=self.learner)
        description = evidencing.Description(
            title=piece.title,
            narrative=piece.narrative,
            visibility=Visibility(piece.visibility),
            supports=self._supports(piece),
            kind=Kind(piece.kind),
        )
        if piece.url:
            evidencing.add_link(submission, piece.url, description, by=self.learner)
        elif piece.filename:
            file = digested(piece.content, piece.filename, "application/octet-stream")
            with file:
                evidencing.add_file(submission, file, description, by=self.learner)
        else:
            evidencing.add_text(submission, piece.content.decode(), description, by=self.learner)

    def _settle_marks(self, submission: Submission) -> None:
        """Of what is to be public: hand in a cleaned copy, or say why the marks are none."""
        for item in list(submission.evidence.with_supports().with_reading()):
            found = open_marks(item)
            if item.visibility != Visibility.PUBLIC or not found:
                continue
            if item.kind == Kind.PACKET_CAPTURE and self.rng.random() < COPIED:
                with translation.override(self.language):  # the copy's title is in the learner's words
                    redact(item, by=self.learner)
            else:
                reason = words.no_secret(self.rng, self.language)
                dismiss(item, [mark.key for mark in found], reason=reason, by=self.learner)
        jobs.run_due()

    def _supports(self, piece: Piece) -> dict[Criterion, str]:
        themes = {criterion: words.theme_of(criterion.titles["en"]) for criterion in self._criteria()}
        return {
            criterion: self._new(partial(words.justification, self.rng, theme, self.language))
            for criterion, theme in themes.items()
            if theme in piece.themes
        }

    # --- Judging ---------------------------------------------------------------------------------------

    def _judge(self, submission: Submission) -> Story:
        attempt, assessor = self.attempt, self._assessor()
        assert attempt.ended is not None
        outcome = Outcome(attempt.ending)
        moment = self.calendar.at(attempt.ended, self.rng.uniform(9, 16))
        yield moment
        review = claim(submission, by=assessor)
        yield moment + timedelta(minutes=self.rng.uniform(12, 25))
        marks = self._marks(self._levels(outcome))
        review = save_scores(review, version=review.version, marks=marks, by=assessor)
        self._annotate(review)
        decided = moment + timedelta(minutes=self.rng.uniform(27, 42))
        yield decided
        feedback = words.feedback(self.rng, attempt.subject, attempt.ending, self.language)  # type: ignore[arg-type]
        decide(review, outcome=outcome, feedback=feedback, by=assessor)
        yield decided + timedelta(seconds=8)
        jobs.run_due()

    def _review_now(self, submission: Submission) -> Story:
        """Under review this very moment, scored in part; the lease is a live one."""
        minutes = self.rng.randrange(8, 20)
        yield self.calendar.now - timedelta(minutes=minutes)
        review: Review = claim(submission, by=self._assessor())
        yield self.calendar.now - timedelta(minutes=minutes // 2)
        marks = self._marks(self._levels(Outcome.APPROVE))[:4]
        save_scores(review, version=review.version, marks=marks, by=self._assessor())
        self._annotate(review)

    def _annotate(self, review: Review) -> None:
        """A few notes at what the analysers found, each at another place."""
        for item in review.submission.evidence.with_supports().with_reading():
            analysis = analysis_of(item)
            located = [one for one in analysis.findings if one["places"]] if analysis else []
            criteria = [support.criterion for support in item.supports.all()]
            for found in self.rng.sample(located, min(len(located), NOTES_AN_ITEM)):
                family = "capture" if item.kind == Kind.PACKET_CAPTURE else family_of(found["code"])
                text = self._new(partial(words.note, self.rng, family, self.language))
                if text:
                    unit, first, last = found["places"][0]
                    place = Anchor(Unit(unit), first, first if unit == "packet" else last)
                    criterion = self.rng.choice(criteria) if criteria else None
                    annotate(review, item, place, text=text, criterion=criterion, by=review.assessor)

    def _levels(self, outcome: Outcome) -> list[int]:
        """A level, 0 to 3, for every criterion, as the work deserves them."""
        count = len(self._criteria())
        if outcome == Outcome.APPROVE:
            weights = (1, 3) if self.attempt.quality == 3 else (4, 1)
            return self.rng.choices((2, 3), weights, k=count)
        if outcome == Outcome.RETURN:
            levels = [1, 2, *self.rng.choices((1, 2), (1, 2), k=count - 2)]
            self.rng.shuffle(levels)
            return levels
        return [0, *self.rng.choices((0, 1), (1, 1), k=count - 1)]

    def _marks(self, levels: list[int]) -> list[Mark]:
        return [
            Mark(
                criterion,
                list(criterion.levels.all())[level],
                self._new(partial(words.comment, self.rng, level, self.language)),
            )
            for criterion, level in zip(self._criteria(), levels, strict=True)
        ]

    def _criteria(self) -> list[Criterion]:
        return self.achievement.criteria

    def _assessor(self) -> User:
        return self.stage.people[self.attempt.assessor]

    def _new(self, say: Callable[[], str]) -> str:
        """Something not said before in this attempt, or nothing: nobody says the same thing twice."""
        for _try in range(6):
            told = say()
            if told not in self.said:
                self.said.add(told)
                return told
        return ""


def family_of(code: str) -> str:
    return next((family for part, family in FAMILIES.items() if part in code), "other")


def revocation(stage: Stage, calendar: Calendar, told: Revocation) -> Story:
    """A badge is taken back."""
    rng = random.Random(told.learner)
    yield calendar.at(told.day, 10.4)
    learner = stage.people[told.learner]
    badge = Credential.objects.get(learner=learner, achievement=stage.achievements[told.subject])
    revoke(badge, reason=words.revocation(rng, learner.language), by=stage.people[told.by])
