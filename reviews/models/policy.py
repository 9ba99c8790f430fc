"""How a programme wants its work judged: by how many, how their levels become one, what is checked."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Programme


class Markers(models.TextChoices):
    SINGLE = "single", _("one assessor")
    DOUBLE_BLIND = "double_blind", _("two assessors, neither sees the other's marking")
    DOUBLE_OPEN = "double_open", _("two assessors, the second sees the first one's marking")


class Choice(models.TextChoices):
    """Who or what chooses between two levels that lie within the tolerance."""

    MODERATOR = "moderator", _("a moderator chooses")
    LOWER = "lower", _("the lower level counts")
    HIGHER = "higher", _("the higher level counts")


class MarkingPolicy(models.Model):
    """For one achievement of a programme, or, without one, for every achievement that has none of its own.

    ``tolerance`` is how many levels two markers may lie apart and still agree; a pair on either side of the
    required level never agrees without a person. ``calibration_exemplars`` is how many exemplars an assessor
    must have scored well before the queue opens, ``calibration_exact`` the share of criteria to hit exactly,
    in percent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="marking_policies")
    achievement = models.ForeignKey(Achievement, models.CASCADE, null=True, blank=True, related_name="+")
    markers = models.CharField(_("marking"), max_length=12, choices=Markers, default=Markers.SINGLE)
    third_marker = models.BooleanField(_("a third assessor where two disagree"), default=False)
    tolerance = models.PositiveSmallIntegerField(_("levels that two may lie apart"), default=0)
    choice = models.CharField(
        _("within that distance"), max_length=9, choices=Choice, default=Choice.MODERATOR
    )
    hides_learner = models.BooleanField(_("hide the learner from assessors"), default=False)
    asks_rules = models.BooleanField(_("ask for the four rules of evidence"), default=False)
    calibration_exemplars = models.PositiveSmallIntegerField(_("exemplars to score first"), default=0)
    calibration_exact = models.PositiveSmallIntegerField(_("criteria to hit exactly, in percent"), default=60)

    class Meta:
        verbose_name = _("marking policy")
        verbose_name_plural = _("marking policies")
        constraints = (
            models.UniqueConstraint(fields=["programme", "achievement"], name="marking_policy_once"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(achievement__isnull=True), name="marking_policy_one_general"
            ),
            models.CheckConstraint(condition=Q(tolerance__lte=1), name="marking_policy_tolerance_small"),
            models.CheckConstraint(
                condition=Q(calibration_exact__lte=100), name="marking_policy_exact_in_percent"
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme}: {self.get_markers_display()}"

    @property
    def wanted(self) -> int:
        """How many complete markings a decision needs before a disagreement calls for more."""
        return 1 if self.markers == Markers.SINGLE else 2

    @property
    def asks_third(self) -> bool:
        return self.third_marker and self.wanted > 1

    @property
    def is_blind(self) -> bool:
        return self.markers == Markers.DOUBLE_BLIND


class SamplingPolicy(models.Model):
    """Which decisions of a programme a moderator checks before they are released.

    Shares are in percent. ``first_decisions`` of a new assessor are all checked; where ``each_pair`` is on,
    one of every assessor on every achievement within ``period_days``. With ``tapers`` the share falls towards
    ``least_share`` as moderators go on accepting an assessor's decisions, and rises again when they do not.
    """

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="sampling_policy")
    share = models.PositiveSmallIntegerField(_("share of decisions, in percent"), default=10)
    least_share = models.PositiveSmallIntegerField(_("never less than, in percent"), default=5)
    tapers = models.BooleanField(_("lower the share as an assessor's decisions are accepted"), default=True)
    first_decisions = models.PositiveSmallIntegerField(_("first decisions of a new assessor"), default=3)
    each_pair = models.BooleanField(_("every assessor on every achievement in each period"), default=True)
    period_days = models.PositiveSmallIntegerField(_("length of a period, in days"), default=90)
    low_agreement = models.BooleanField(_("assessors who agree little with others"), default=True)
    borderline = models.BooleanField(_("results at the border of passing"), default=True)
    fast = models.BooleanField(_("very fast reviews"), default=True)
    fast_seconds = models.PositiveIntegerField(_("faster than, in seconds"), default=120)
    only_approvals = models.BooleanField(_("check approvals only"), default=True)

    class Meta:
        verbose_name = _("sampling policy")
        verbose_name_plural = _("sampling policies")
        constraints = (
            models.CheckConstraint(
                condition=Q(share__lte=100, least_share__lte=models.F("share")),
                name="sampling_policy_shares_in_percent",
            ),
            models.CheckConstraint(
                condition=Q(period_days__range=(7, 730)), name="sampling_policy_period_in_range"
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme}: {self.share} %"
