"""A programme: an organisation's offer of achievements to a cohort of learners."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.achievement import Achievement
from workbench.languages import Localised, TextsField
from workbench.models import Organisation

# Longer than anybody would wait: a promise beyond it is a slip of the pen.
MOST_REVIEW_DAYS = 365
OVERSEEING = ("moderate_programme", "manage_programme")
JUDGING = ("assess_programme", "moderate_programme")
STAFF = ("assess_programme", "moderate_programme", "manage_programme")


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, user: Any) -> "ProgrammeQuerySet":
        """The programmes a person learns, works or administers in."""
        return self.filter(
            models.Q(pk__in=user.grants.any_of(STAFF))
            | models.Q(organisation__in=user.grants.ids("administer_organisation"))
            | models.Q(pk__in=Enrolment.objects.filter(learner=user).values("programme"))
        )

    def managed_by(self, user: Any) -> "ProgrammeQuerySet":
        return self.filter(
            models.Q(pk__in=user.grants.ids("manage_programme"))
            | models.Q(organisation__in=user.grants.ids("administer_organisation"))
        )

    def learnt_by(self, user: Any) -> "ProgrammeQuerySet":
        return self.filter(enrolments__learner=user)


class Programme(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    achievements = models.ManyToManyField(
        Achievement, related_name="programmes", verbose_name=_("achievements")
    )
    # Offered still, to those who began with them: versions that nobody starts any more.
    closed = models.ManyToManyField(
        Achievement, related_name="closed_in", blank=True, verbose_name=_("closed to new starts")
    )
    slug = models.SlugField(_("short name"), max_length=60)
    names = TextsField(_("name"))
    descriptions = TextsField(_("description"), blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    review_days = models.PositiveSmallIntegerField(_("days until work is judged"), null=True, blank=True)
    max_attempts = models.PositiveSmallIntegerField(_("attempts allowed"), null=True, blank=True)
    resubmit_days = models.PositiveSmallIntegerField(
        _("days to hand in again after a return"), null=True, blank=True
    )
    appeal_days = models.PositiveSmallIntegerField(
        _("days to appeal after a decision"), null=True, blank=True, default=14
    )
    created_at = models.DateTimeField(default=timezone.now)

    name = Localised("names")
    description = Localised("descriptions")

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ("-starts_on", "slug")
        constraints = (
            models.UniqueConstraint(fields=["organisation", "slug"], name="programme_slug_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="programme_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(review_days=None) | models.Q(review_days__range=(1, MOST_REVIEW_DAYS)),
                name="programme_review_days_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(resubmit_days=None) | models.Q(resubmit_days__range=(1, MOST_REVIEW_DAYS)),
                name="programme_resubmit_days_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(appeal_days=None) | models.Q(appeal_days__range=(1, MOST_REVIEW_DAYS)),
                name="programme_appeal_days_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(max_attempts=None) | models.Q(max_attempts__gte=1),
                name="programme_max_attempts_positive",
            ),
        )
        permissions = (
            ("assess_programme", "May assess the work of a programme"),
            ("moderate_programme", "May moderate the assessment of a programme"),
            ("manage_programme", "May manage a programme"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)


class Enrolment(models.Model):
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="enrolments")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    # The class or cohort in the programme, in the words of its managers; work can be shared out by it.
    group = models.CharField(_("group"), max_length=60, blank=True)
    enrolled_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = (models.UniqueConstraint(fields=["programme", "learner"], name="enrolment_once"),)

    def __str__(self) -> str:
        return f"{self.learner} in {self.programme}"
