"""Define what can be earned, and offer it to a cohort."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypedDict

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Competency, Criterion, Level, Programme, RequiredLevel, Rubric
from assessments.permissions import can_administer, can_define
from workbench.access import grant_role, require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.languages import CODES
from workbench.models import Organisation, User

Texts = Mapping[str, str]

SHORT_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
SHORT_NAME_LENGTH = 60
NAME_LENGTH = 200
TEXT_LENGTH = 10_000
MAX_TAGS = 20
TAG_LENGTH = 60
MAX_ATTEMPTS = 100
FIRST_VERSION = "1.0"
LONGEST_VALIDITY = timedelta(days=365 * 50)


class Definition(TypedDict):
    """What ``define_achievement`` asks beside the rubric and the short name."""

    names: Texts
    descriptions: Texts
    narratives: Texts
    required: Mapping[Criterion, Level]
    competencies: Collection[Competency]
    minimum_total: Decimal | None
    validity: timedelta | None
    max_attempts: int | None
    tags: Sequence[str]


@transaction.atomic
def define_achievement(
    rubric: Rubric,
    *,
    code: str,
    names: Texts,
    descriptions: Texts,
    narratives: Texts,
    required: Mapping[Criterion, Level],
    competencies: Collection[Competency],
    minimum_total: Decimal | None = None,
    validity: timedelta | None = None,
    max_attempts: int | None = None,
    tags: Sequence[str] = (),
    replaces: Achievement | None = None,
    by: User,
) -> Achievement:
    """Make an achievement that is judged by a rubric of an adopted referential.

    ``replaces`` is the version before, whose short name it shares.
    ``required`` gives the lowest passing level of each criterion that has one; ``minimum_total`` in percent.
    Raises DomainError: ``referential-not-adopted``, ``code-taken``, and one of 422 for each field.
    """
    organisation = rubric.referential.organisation
    require(can_define, by, Achievement(organisation=organisation))
    achievement = Achievement(
        organisation=organisation,
        rubric=rubric,
        code=_short_name(code, "bad-code"),
        names=_texts(names, "name", NAME_LENGTH),
        descriptions=_texts(descriptions, "description", TEXT_LENGTH),
        narratives=_texts(narratives, "narrative", TEXT_LENGTH),
        minimum_total=minimum_total,
        validity=validity,
        max_attempts=max_attempts,
        tags=_tags(tags),
        replaces=replaces,
        version=next_version(replaces) if replaces else FIRST_VERSION,
    )
    if not rubric.referential.is_adopted:
        raise DomainError(
            "referential-not-adopted",
            _("Adopt the referential first: an achievement must rest on what never changes."),
        )
    _guard_award_rule(rubric, required, minimum_total)
    _guard_competencies(rubric, competencies)
    _guard_limits(validity, max_attempts)
    _insert(achievement, "code-taken", _("You have an achievement with this short name. Choose another one."))
    achievement.competencies.set(competencies)
    RequiredLevel.objects.bulk_create(
        RequiredLevel(achievement=achievement, criterion=criterion, level=level)
        for criterion, level in required.items()
    )
    told = {"replaces": str(replaces.pk)} if replaces else {}
    record(by, "achievement-defined", achievement, code=achievement.code, rubric=str(rubric.pk), **told)
    return achievement


@transaction.atomic
def create_programme(
    organisation: Organisation,
    *,
    slug: str,
    names: Texts,
    descriptions: Texts,
    starts_on: date,
    ends_on: date | None,
    achievements: Collection[Achievement],
    by: User,
) -> Programme:
    """Open a programme; whoever opens it manages it until others are appointed.

    Raises DomainError: ``slug-taken``, ``bad-slug``, ``name-missing``, ``ends-before-start``,
    ``achievement-elsewhere``.
    """
    require(can_administer, by, organisation)
    if ends_on is not None and ends_on < starts_on:
        raise invalid("ends-before-start", _("The last day is before the first. Change one of them."))
    _guard_own(organisation, achievements)
    programme = Programme(
        organisation=organisation,
        slug=_short_name(slug, "bad-slug"),
        names=_texts(names, "name", NAME_LENGTH),
        descriptions=_texts(descriptions, "description", TEXT_LENGTH, needed=False),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _insert(programme, "slug-taken", _("You have a programme with this short name. Choose another one."))
    programme.achievements.set(achievements)
    grant_role(by, "manager", programme, by=by)
    record(by, "programme-created", programme, slug=programme.slug, achievements=_ids(achievements))
    return programme


@transaction.atomic
def offer(programme: Programme, achievements: Collection[Achievement], *, by: User) -> Programme:
    """Let learners of a programme earn more; what is offered already stays as it is.

    Raises DomainError ``achievement-elsewhere`` and ``no-achievement``.
    """
    require(can_administer, by, programme.organisation)
    if not achievements:
        raise invalid("no-achievement", _("Choose at least one achievement."))
    _guard_own(programme.organisation, achievements)
    offered = set(programme.achievements.values_list("pk", flat=True))
    fresh = [achievement for achievement in achievements if achievement.pk not in offered]
    if fresh:
        programme.achievements.add(*fresh)
        record(by, "achievements-offered", programme, achievements=_ids(fresh))
    return programme


def next_version(achievement: Achievement) -> str:
    """The whole number after every version that there is: 2.0 after 1.0."""
    versions = Achievement.objects.filter(
        organisation=achievement.organisation_id, code=achievement.code
    ).values_list("version", flat=True)
    numbers = [int(version.split(".")[0]) for version in versions if version.split(".")[0].isdecimal()]
    return f"{max(numbers, default=0) + 1}.0"


# --- Guards ------------------------------------------------------------------------------------------


def _guard_award_rule(
    rubric: Rubric, required: Mapping[Criterion, Level], minimum_total: Decimal | None
) -> None:
    if not required and minimum_total is None:
        raise invalid("no-award-rule", _("Say what it takes: a required level, or a least total, or both."))
    for criterion, level in required.items():
        if criterion.rubric_id != rubric.pk:
            raise invalid(
                "criterion-elsewhere", _("A criterion is not of this rubric. Choose among its own.")
            )
        if level.criterion_id != criterion.pk:
            raise invalid("level-elsewhere", _("A level is not of its criterion. Choose among its own."))
    if minimum_total is None:
        return
    if not (minimum_total.is_finite() and 0 < minimum_total <= 100) or minimum_total != round(
        minimum_total, 2
    ):
        raise invalid("bad-total", _("The least total is a percentage above 0, with two decimals at most."))
    if not Level.objects.filter(criterion__rubric=rubric, points__gt=0).exists():
        raise invalid("no-points", _("The levels of this rubric have no points, so no total can be reached."))


def _guard_competencies(rubric: Rubric, competencies: Iterable[Competency]) -> None:
    found = list(competencies)
    if not found:
        raise invalid("no-competency", _("Choose at least one competency that it attests."))
    if any(competency.referential_id != rubric.referential_id for competency in found):
        raise invalid(
            "competency-elsewhere",
            _("A competency is not of the rubric's referential. Choose among its own."),
        )


def _guard_limits(validity: timedelta | None, max_attempts: int | None) -> None:
    if validity is not None and not timedelta(days=1) <= validity <= LONGEST_VALIDITY:
        raise invalid("bad-validity", _("A badge is valid for one day to fifty years, or without end."))
    if max_attempts is not None and not 1 <= max_attempts <= MAX_ATTEMPTS:
        raise invalid(
            "bad-attempts",
            _("Allow 1 to %(limit)s attempts, or leave it open.") % {"limit": MAX_ATTEMPTS},
        )


def _guard_own(organisation: Organisation, achievements: Iterable[Achievement]) -> None:
    """A badge is signed by the achievement's organisation: nobody may have another's key sign."""
    if any(achievement.organisation_id != organisation.pk for achievement in achievements):
        raise invalid(
            "achievement-elsewhere", _("A programme offers the achievements of its own organisation only.")
        )


def _insert(row: Achievement | Programme, code: str, taken: Any) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise DomainError(code, taken) from None


# --- Texts -------------------------------------------------------------------------------------------


def _short_name(text: str, code: str) -> str:
    text = text.strip()
    if len(text) > SHORT_NAME_LENGTH or not SHORT_NAME.fullmatch(text):
        raise invalid(
            code,
            _("Write a short name of small letters, digits and hyphens, at most %(limit)s long.")
            % {"limit": SHORT_NAME_LENGTH},
        )
    return text


def _texts(texts: Texts, field: str, limit: int, *, needed: bool = True) -> dict[str, str]:
    """The texts that are filled in. At least one, in the languages that people read here."""
    found = {language: text.replace("\0", "").strip() for language, text in texts.items()}
    found = {language: text for language, text in found.items() if text}
    if needed and not found:
        raise invalid(f"{field}-missing", _("Write it in one language at least."))
    if not found.keys() <= set(CODES):
        raise invalid("unknown-language", _("Write texts in English, French or Dutch."))
    if any(len(text) > limit for text in found.values()):
        raise invalid(f"{field}-too-long", _("Write at most %(limit)s characters.") % {"limit": limit})
    return found


def _tags(tags: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(" ".join(tag.replace("\0", "").split()) for tag in tags))
    found = [tag for tag in found if tag]
    if len(found) > MAX_TAGS or any(len(tag) > TAG_LENGTH for tag in found):
        raise invalid(
            "bad-tags",
            _("Give at most %(number)s keywords of at most %(length)s characters.")
            % {"number": MAX_TAGS, "length": TAG_LENGTH},
        )
    return found


def _ids(achievements: Iterable[Achievement]) -> list[str]:
    return sorted(str(achievement.pk) for achievement in achievements)
