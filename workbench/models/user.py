"""A person with an account, known by an email address."""

import unicodedata
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from workbench.grants import Grants, grants_of

LONGEST_EMPLOYER = 120


def employer_key(employer: str) -> str:
    """What two spellings of one employer have in common: neither capitals nor spaces nor their kind."""
    return "".join(unicodedata.normalize("NFKC", employer).casefold().split())[: 2 * LONGEST_EMPLOYER]


class EmployerKeyField(models.CharField):
    """Kept in step with the employer whenever a person is saved."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = employer_key(getattr(model_instance, "employer", ""))
        setattr(model_instance, self.attname, key)
        return key


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("email address"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="en")
    # For conflicts of interest: nobody judges the work of a colleague.
    employer = models.CharField(_("employer"), max_length=LONGEST_EMPLOYER, blank=True)
    employer_key = EmployerKeyField(
        max_length=2 * LONGEST_EMPLOYER, blank=True, editable=False, db_index=True
    )
    # Of the languages of work, those that an assessor reads; empty means all.
    reads = models.JSONField(_("languages you read"), default=list, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_unique"),)

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def grants(self) -> Grants:
        """Every object permission this person holds through groups, read once per request."""
        return grants_of(self)

    def forget_grants(self) -> None:
        """Read the grants anew: a role was given or taken."""
        self.__dict__.pop("grants", None)
