"""Notes of a review: each stands at a place in one evidence item, and is followed into the next attempt."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Criterion, Evidence, Submission
from assessments.models.programme import OVERSEEING, STAFF
from assessments.models.submission import in_conflict
from reviews.models.review import Review, hidden_from

MAX_TEXT = 4000
MAX_NAME = 200
MAX_WORD = 500
MAX_REPLY = 2000
# A number beyond this is no line or packet of any file, and every database can hold it.
LARGEST_PLACE = 2**53


class Unit(models.TextChoices):
    """What a note can stand at."""

    ITEM = "item", gettext_lazy("the whole item")
    LINE = "line", gettext_lazy("lines")
    RULE = "rule", gettext_lazy("a rule")
    PACKET = "packet", gettext_lazy("packets")
    FLOW = "flow", gettext_lazy("a conversation")
    PAGE = "page", gettext_lazy("pages")


class FollowedState(models.TextChoices):
    """What became of a note in the attempt after."""

    OPEN = "open", gettext_lazy("still open")
    CHANGED = "changed", gettext_lazy("changed")
    ADDRESSED = "addressed", gettext_lazy("addressed")


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def visible_to(self, user: Any) -> "AnnotationQuerySet":
        """The assessor's own, those where one moderates or manages; once released, whoever sees the work.

        Who no longer works in the programme sees none: a note quotes the evidence.
        """
        submission = "review__submission"
        overseen = Q(**{f"{submission}__programme__in": user.grants.any_of(OVERSEEING)})
        mine = Q(**{f"{submission}__learner": user})
        released = Q(review__state="decided", **{f"{submission}__decision__released_at__isnull": False})
        works = Q(**{f"{submission}__programme__in": user.grants.any_of(STAFF)})
        unseen = hidden_from(user, "review__")
        drafts = ~mine & (works & Q(review__assessor=user) | overseen & ~unseen)
        seen = self.filter(drafts | (mine | works) & released)
        return seen.exclude(in_conflict(user, "review__submission__"))

    def with_place(self) -> "AnnotationQuerySet":
        return self.select_related("evidence", "criterion")

    def in_order(self) -> "AnnotationQuerySet":
        """As the evidence is read: item by item, from the top."""
        return self.order_by("evidence__position", "evidence_id", "first", "last", "created_at", "id")


class Annotation(models.Model):
    """``first`` and ``last`` count from 1 and are 0 for a whole item; a rule has the lines it is written on.

    A flow has its number in ``first``; ``name`` is what the viewer calls a rule or flow. ``quote`` is the
    text of the lines as it stood, without the values that the analysers mark as secret.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.CASCADE, related_name="annotations")
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="annotations")
    criterion = models.ForeignKey(Criterion, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.CharField(max_length=6, choices=Unit)
    first = models.PositiveBigIntegerField(default=0)
    last = models.PositiveBigIntegerField(default=0)
    name = models.CharField(max_length=MAX_NAME, blank=True)
    text = models.TextField(gettext_lazy("note"), max_length=MAX_TEXT)
    quote = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("note")
        verbose_name_plural = gettext_lazy("notes")
        constraints = (
            models.CheckConstraint(
                condition=Q(unit="item", first=0, last=0)
                | (~Q(unit="item") & Q(first__gte=1, last__gte=models.F("first"))),
                name="annotation_place_is_range",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="annotation_has_text"),
        )
        indexes = (models.Index(fields=["review", "evidence", "first"], name="annotation_of_review"),)

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.unit} {self.first}-{self.last}"

    def get_absolute_url(self) -> str:
        """The viewer, opened at the place."""
        return viewer_address(self.evidence_id, self.unit, self.first, self.last)

    @property
    def is_of_lines(self) -> bool:
        """Whether it stands at lines of a text."""
        return self.unit in (Unit.LINE, Unit.RULE)

    @property
    def place(self) -> str:
        """Where it stands, in the reader's words."""
        return in_words(self.unit, self.first, self.last, self.name)


class FollowUp(models.Model):
    """What was said of one note in the attempt after: the assessor's state by hand, the learner's reply."""

    annotation = models.ForeignKey(Annotation, models.CASCADE, related_name="follow_ups")
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="follow_ups")
    state = models.CharField(max_length=9, choices=FollowedState, blank=True)
    word = models.CharField(max_length=MAX_WORD, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(gettext_lazy("what I did about it"), max_length=MAX_REPLY, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("follow-up of a note")
        verbose_name_plural = gettext_lazy("follow-ups of notes")
        constraints = (
            models.UniqueConstraint(fields=["annotation", "submission"], name="follow_up_once"),
            models.CheckConstraint(
                condition=Q(state="", word="", set_by__isnull=True, set_at__isnull=True)
                | (Q(state__in=["open", "addressed"]) & Q(set_by__isnull=False, set_at__isnull=False)),
                name="follow_up_set_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.annotation_id}: {self.state or '–'}"


def viewer_address(evidence: uuid.UUID, unit: str, first: int, last: int) -> str:
    """The viewer of an item, opened at a place of it."""
    viewer = reverse("evidence-view", args=[evidence])
    if unit == Unit.ITEM:
        return viewer
    if unit in (Unit.LINE, Unit.RULE):
        return f"{viewer}?line={first}{f'-{last}' if last > first else ''}#L{first}"
    # A conversation opens as the list of its packets, which has no place of its own.
    fragment = {Unit.PACKET: f"#P{first}", Unit.PAGE: f"#page-{first}"}.get(Unit(unit), "")
    return f"{viewer}?{unit}={first}{fragment}"


def in_words(unit: str, first: int, last: int, name: str) -> str:
    """Where a note stands, in the reader's words."""
    if unit == Unit.ITEM:
        return _("The whole item")
    if unit == Unit.FLOW:
        return _("Conversation %(name)s") % {"name": name or first}
    places = {
        Unit.LINE: ngettext("Line %(first)s", "Lines %(first)s to %(last)s", last - first + 1),
        Unit.RULE: ngettext(
            "Rule %(name)s, line %(first)s", "Rule %(name)s, lines %(first)s to %(last)s", last - first + 1
        ),
        Unit.PACKET: ngettext("Packet %(first)s", "Packets %(first)s to %(last)s", last - first + 1),
        Unit.PAGE: ngettext("Page %(first)s", "Pages %(first)s to %(last)s", last - first + 1),
    }
    return places[Unit(unit)] % {"first": first, "last": last, "name": name or "?"}
