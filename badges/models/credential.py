"""The issued Open Badge: exactly one per approved decision, both signed forms kept byte for byte."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Programme
from badges.models.signing_key import SigningKey
from badges.models.status_list import StatusList
from workbench.models import Organisation


class CredentialState(models.TextChoices):
    PLANNED = "planned", _("being issued")
    ISSUED = "issued", _("issued")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")


class CredentialQuerySet(models.QuerySet["Credential"]):
    def planned(self) -> "CredentialQuerySet":
        return self.filter(state=CredentialState.PLANNED)

    def published(self) -> "CredentialQuerySet":
        """What has a public page: everything that was signed, revoked ones included."""
        return self.exclude(state=CredentialState.PLANNED)

    def without_jwt(self) -> "CredentialQuerySet":
        """What was issued before the JWT form was."""
        return self.published().filter(jwt="")

    def visible_to(self, user: Any) -> "CredentialQuerySet":
        managed = Q(programme__in=user.grants.any_of(("manage_programme", "moderate_programme")))
        administered = Q(organisation__in=user.grants.ids("administer_organisation"))
        return self.filter(Q(learner=user) | managed | administered)

    def newest_first(self) -> "CredentialQuerySet":
        return self.order_by("-planned_at", "-id")


class Credential(models.Model):
    """``decision_id`` names the decision without knowing it: one decision, one credential.

    ``award`` is the frozen snapshot the credential is built from (badges.openbadges.award), ``signed``
    the OpenBadgeCredential as text, exactly as it was signed and as it is served, ``jwt`` the same secured
    as JWT by ``jwt_key``: an ECDSA signature cannot be made twice, so this text is all there is of it.
    The place on a suspension list is drawn at the first suspension; that for revocation is in the badge.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision_id = models.UUIDField(unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="credentials")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="credentials")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="credentials")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="credentials")
    submission_id = models.UUIDField(db_index=True)
    state = models.CharField(max_length=10, choices=CredentialState, default=CredentialState.PLANNED)
    award = models.JSONField()
    signing_key = models.ForeignKey(SigningKey, models.PROTECT, related_name="credentials")
    status_list = models.ForeignKey(StatusList, models.PROTECT, related_name="credentials")
    status_index = models.PositiveIntegerField()
    planned_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField(null=True, blank=True)
    signed = models.TextField(blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    jwt = models.TextField(blank=True)
    jwt_key = models.ForeignKey(
        SigningKey, models.PROTECT, null=True, blank=True, related_name="credentials_as_jwt"
    )
    jwt_signed_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="revocations"
    )
    revocation_reason = models.TextField(_("reason"), max_length=2000, blank=True)
    resigned_at = models.DateTimeField(null=True, blank=True)
    suspension_list = models.ForeignKey(
        StatusList, models.PROTECT, null=True, blank=True, related_name="suspended_credentials"
    )
    suspension_index = models.PositiveIntegerField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="suspensions"
    )
    suspension_reason = models.TextField(_("reason"), max_length=2000, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        constraints = (
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="credential_status_index_once"
            ),
            models.CheckConstraint(
                condition=Q(state="planned", signed="") | (~Q(state="planned") & ~Q(signed="")),
                name="credential_issued_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(jwt="", jwt_key__isnull=True, jwt_signed_at__isnull=True)
                | (~Q(jwt="") & ~Q(state="planned") & Q(jwt_key__isnull=False, jwt_signed_at__isnull=False)),
                name="credential_jwt_with_key_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked") | (Q(revoked_at__isnull=False) & ~Q(revocation_reason="")),
                name="credential_revoked_with_reason",
            ),
            models.UniqueConstraint(
                fields=["suspension_list", "suspension_index"], name="credential_suspension_index_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended")
                | (Q(suspended_at__isnull=False, suspension_index__isnull=False) & ~Q(suspension_reason="")),
                name="credential_suspended_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=["planned_at"], condition=Q(state="planned"), name="credential_planned"),
            models.Index(
                fields=["planned_at"],
                condition=~Q(state="planned") & Q(jwt=""),
                name="credential_without_jwt",
            ),
            models.Index(fields=["learner", "planned_at"], name="credential_of_learner"),
            models.Index(fields=["programme", "planned_at"], name="credential_of_programme"),
        )

    def __str__(self) -> str:
        return f"{self.achievement} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("badge", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.state != CredentialState.PLANNED

    @property
    def is_revoked(self) -> bool:
        return self.state == CredentialState.REVOKED

    @property
    def is_suspended(self) -> bool:
        return self.state == CredentialState.SUSPENDED

    @property
    def signed_at(self) -> datetime | None:
        """When the embedded proof was made, by our own clock."""
        return self.resigned_at or self.issued_at

    @property
    def is_signed_in_doubt(self) -> bool:
        """Whether the embedded proof was made when its key may have been in other hands."""
        return self.is_published and self.signing_key.distrusts(self.signed_at)

    @property
    def is_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until <= timezone.now()

    @property
    def is_valid_now(self) -> bool:
        return self.state == CredentialState.ISSUED and not self.is_expired and not self.is_signed_in_doubt

    @property
    def url(self) -> str:
        """The public address, which is also the credential's ``id``."""
        return f"{settings.BASE_URL}{self.get_absolute_url()}"
