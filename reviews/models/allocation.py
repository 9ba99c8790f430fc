"""How the work of a programme finds its assessors."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Programme


class Mode(models.TextChoices):
    PULL = "pull", _("assessors take the next one")
    MANUAL = "manual", _("a manager or moderator assigns each")
    EQUAL = "equal", _("shared out equally")
    SHARE = "share", _("shared out by each assessor's share")
    GROUP = "group", _("each group to its own assessors")


# Where the worker shares out what nobody has yet.
SHARED_OUT = (Mode.EQUAL, Mode.SHARE, Mode.GROUP)
MOST_SHARE = 100


class AllocationPolicy(models.Model):
    """``random_order`` offers the next work in no order, so that nobody is always judged by tired eyes."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="allocation_policy")
    mode = models.CharField(_("allocation"), max_length=6, choices=Mode, default=Mode.PULL)
    random_order = models.BooleanField(_("offer the next work in random order"), default=False)

    class Meta:
        verbose_name = _("allocation policy")
        verbose_name_plural = _("allocation policies")

    def __str__(self) -> str:
        return f"{self.programme}: {self.mode}"


class Allotment(models.Model):
    """An assessor's part: ``share`` weighs against the others', ``groups`` are the classes they take.

    Who is absent has the share 0 and gets no new work.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="allotments")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="allotments")
    share = models.PositiveSmallIntegerField(_("share"), default=1)
    groups = models.JSONField(_("groups"), default=list, blank=True)

    class Meta:
        verbose_name = _("allotment")
        verbose_name_plural = _("allotments")
        constraints = (models.UniqueConstraint(fields=["programme", "assessor"], name="allotment_once"),)

    def __str__(self) -> str:
        return f"{self.assessor}: {self.share}"
