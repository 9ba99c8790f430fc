"""A submission: one learner's attempt at an achievement in a programme."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.achievement import Achievement
from assessments.models.conflict import Conflict
from assessments.models.lifecycle import DECIDED, MOVES, QUEUED, State, allows
from assessments.models.programme import JUDGING, STAFF, Programme


class Written(models.Value):
    """A state written into the statement: SQLite uses a partial index only if it reads its condition."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"'{State(self.value).value}'", ()


def in_conflict(user: Any, through: str = "") -> Q:
    """The work of others that a conflict of interest takes from an assessor or a moderator.

    A tie between the two that somebody declared, a skip for that reason, or the same employer. Whoever only
    manages a programme judges nobody there and keeps the overview. ``through`` leads to the submission.
    """
    ties = Conflict.objects.in_force().filter(assessor=user)
    bound = Q(**{f"{through}learner__in": ties.values("learner")})
    skipped = Submission.objects.filter(skips__person=user, skips__reason="conflict")
    bound |= Q(**{f"{through}pk__in": skipped.values("pk")})
    if user.employer_key:
        colleagues = get_user_model().objects.filter(employer_key=user.employer_key).exclude(pk=user.pk)
        bound |= Q(**{f"{through}learner__in": colleagues.values("pk")})
    judged = Q(**{f"{through}programme__in": user.grants.any_of(JUDGING)})
    return judged & bound & ~Q(**{f"{through}learner": user.pk})


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: Any) -> "SubmissionQuerySet":
        """One's own work, and what was handed in to programmes one works in; never another's draft."""
        # By the time and not by the state: a draft may be withdrawn that nobody else ever saw.
        handed_in = Q(programme__in=user.grants.any_of(STAFF), submitted_at__isnull=False)
        return self.filter(Q(learner=user) | handed_in).without_conflict(user)

    def without_conflict(self, user: Any) -> "SubmissionQuerySet":
        """Without the work that a person may not judge, where judging is what they are there for."""
        return self.exclude(in_conflict(user))

    def of(self, learner: Any) -> "SubmissionQuerySet":
        return self.filter(learner=learner)

    def of_all_versions(self, achievement: Achievement) -> "SubmissionQuerySet":
        """Versions of an achievement share its organisation and its short name."""
        return self.filter(
            achievement__organisation=achievement.organisation_id, achievement__code=achievement.code
        )

    def reviewable_by(self, user: Any) -> "SubmissionQuerySet":
        """Work in programmes where the person is an assessor, without their own."""
        return self.filter(programme__in=user.grants.ids("assess_programme")).exclude(learner=user)

    def in_queue(self) -> "SubmissionQuerySet":
        return self.filter(state__in=[Written(state) for state in QUEUED])

    def claimable(self) -> "SubmissionQuerySet":
        """Waiting, or held by a lease that ended (by the database's clock); nothing under investigation."""
        free = Q(state=State.SUBMITTED) | Q(state=State.IN_REVIEW, lease_until__lt=Now())
        return self.filter(free, held_at__isnull=True)

    def oldest_first(self) -> "SubmissionQuerySet":
        return self.order_by("submitted_at", "id")

    def newest_first(self) -> "SubmissionQuerySet":
        return self.order_by("-created_at", "-id")

    def with_context(self) -> "SubmissionQuerySet":
        return self.select_related(
            "programme__organisation", "achievement", "learner", "claimed_by", "assigned_to"
        )


class Submission(models.Model):
    """``fence`` grows with every claim: whoever writes under an older number has lost the lease.

    ``freed_at`` once work that is shared out was opened to every assessor, ``held_at`` while an investigation
    holds it back, ``appealed_at`` while an appeal waits for its answer, ``resubmit_by`` the last moment to
    hand in again after a return.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="submissions")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="submissions")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="submissions")
    attempt = models.PositiveSmallIntegerField(default=1)
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    declaration_version = models.CharField(max_length=20, blank=True)
    manifest = models.JSONField(null=True, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="claimed_submissions"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    language = models.CharField(
        _("language of the work"), max_length=2, choices=settings.LANGUAGES, blank=True
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned_submissions"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    freed_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    resubmit_by = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = (
            models.UniqueConstraint(
                fields=["learner", "programme", "achievement", "attempt"], name="submission_attempt_once"
            ),
            models.UniqueConstraint(
                fields=["learner", "programme", "achievement"],
                condition=Q(state__in=["draft", "submitted", "in_review", "moderation"]),
                name="submission_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state="in_review", claimed_by__isnull=False, lease_until__isnull=False)
                | (~Q(state="in_review") & Q(claimed_by__isnull=True, lease_until__isnull=True)),
                name="submission_claimed_in_review_only",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(submitted_at__isnull=False, declared_at__isnull=False, manifest__isnull=False),
                name="submission_handed_in_complete",
            ),
            models.CheckConstraint(
                condition=Q(assigned_to__isnull=True, assigned_at__isnull=True)
                | Q(assigned_to__isnull=False, assigned_at__isnull=False),
                name="submission_assigned_with_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["programme", "submitted_at", "id"],
                condition=Q(state__in=["submitted", "in_review"]),
                name="submission_queue",
            ),
            models.Index(fields=["programme", "submitted_at", "id"], name="submission_history"),
            models.Index(fields=["learner", "created_at", "id"], name="submission_of_learner"),
            models.Index(
                fields=["programme", "submitted_at", "id"],
                condition=Q(state="moderation"),
                name="submission_moderation",
            ),
            models.Index(
                fields=["resubmit_by"],
                condition=Q(resubmit_by__isnull=False),
                name="submission_resubmit_by",
            ),
        )

    def __str__(self) -> str:
        return f"{self.achievement} #{self.attempt}"

    def step(self, act: str, state: State) -> None:
        """Change the state as the table of moves allows; saving is the verb's. Its guards come before."""
        move = MOVES[act]
        if self.state not in move.sources or state not in move.targets:
            raise RuntimeError(f"{act} does not lead from {self.state} to {state}")
        self.state = state

    @property
    def is_editable(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_withdrawable(self) -> bool:
        return allows("withdraw", self.state) and not self.is_held

    @property
    def is_holdable(self) -> bool:
        """Handed in, and not taken back: what may be looked into."""
        return self.state not in (State.DRAFT, State.WITHDRAWN)

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED

    @property
    def is_held(self) -> bool:
        """Under investigation: nobody claims it and nothing of it is released."""
        return self.held_at is not None

    @property
    def is_appealed(self) -> bool:
        return self.appealed_at is not None

    @property
    def expected_by(self) -> datetime | None:
        """When the programme promises a decision; None where it promises nothing, or nothing waits."""
        days: int | None = self.programme.review_days
        if days is None or self.submitted_at is None or self.state not in QUEUED:
            return None
        return (self.decided_at or self.submitted_at) + timedelta(days=days)

    @property
    def is_judged_anew(self) -> bool:
        """Whether it waits for somebody new because an appeal set its decision aside."""
        return self.state in QUEUED and self.decided_at is not None

    @property
    def appeal_expected_by(self) -> datetime | None:
        """When the programme promises the answer to an appeal: as it promises to judge work."""
        days: int | None = self.programme.review_days
        return self.appealed_at + timedelta(days=days) if days is not None and self.appealed_at else None

    @property
    def is_overdue(self) -> bool:
        expected = self.expected_by
        return expected is not None and expected < timezone.now()

    @property
    def is_claimable(self) -> bool:
        if self.is_held:
            return False
        if self.state == State.SUBMITTED:
            return True
        return self.state == State.IN_REVIEW and not self.has_live_lease

    @property
    def has_live_lease(self) -> bool:
        lease: datetime | None = self.lease_until
        return lease is not None and lease > timezone.now()
