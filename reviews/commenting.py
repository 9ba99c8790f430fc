"""Share sentences among the assessors of a programme, and put them into a review."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Achievement, Criterion, Programme
from reviews.models import BankComment, Review
from reviews.models.comment import MAX_TEXT, digest_of
from reviews.permissions import can_change_comment, can_score, can_share_comments
from reviews.scoring import Mark, kept_text, save_scores
from workbench.access import require
from workbench.audit import record
from workbench.errors import DomainError, invalid
from workbench.models import User

# Of one criterion in one programme: a list that can still be searched while the work waits.
MOST_COMMENTS = 200
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


@transaction.atomic
def share(programme: Programme, criterion: Criterion, *, text: str, language: str, by: User) -> BankComment:
    """Put a sentence into the bank of a programme.

    Raises DomainError ``unknown-criterion``, ``unknown-language``, ``text-missing``, ``text-too-long``,
    ``too-many-comments``, or ``comment-kept`` when the bank has this very text.
    """
    require(can_share_comments, by, programme)
    text = _worded(text)
    _guard_language(language)
    if not Achievement.objects.filter(programmes=programme, rubric=criterion.rubric_id).exists():
        raise unknown_criterion()
    kept = BankComment.objects.filter(programme=programme).on([criterion]).active()
    if kept.count() >= MOST_COMMENTS:
        raise invalid(
            "too-many-comments",
            _("The bank holds %(limit)s comments on this criterion. Retire some that nobody uses.")
            % {"limit": MOST_COMMENTS},
        )
    if kept.filter(text_sha256=digest_of(text)).exists():
        raise _kept_already()
    comment = BankComment(
        programme=programme,
        criterion=criterion,
        author=by,
        language=language,
        text=text,
        text_sha256=digest_of(text),
    )
    _insert(comment)
    record(by, "comment-shared", programme, comment=str(comment.pk), criterion=str(criterion.pk))
    return comment


@transaction.atomic
def reword(comment: BankComment, *, version: int, text: str, language: str, by: User) -> BankComment:
    """Change a comment of the bank; the reviews that hold it keep what they hold.

    ``version`` is the one that the writer saw. Raises DomainError ``stale`` when somebody changed it since,
    and what ``share`` raises of a text.
    """
    require(can_change_comment, by, comment)
    text = _worded(text)
    _guard_language(language)
    rows = BankComment.objects.filter(pk=comment.pk, version=version)
    try:
        with transaction.atomic():
            changed = rows.update(
                text=text, text_sha256=digest_of(text), language=language, version=F("version") + 1
            )
    except IntegrityError:
        raise _kept_already() from None
    comment.refresh_from_db()
    if not changed:
        raise DomainError(
            "stale",
            _("Somebody changed this comment meanwhile. Both texts are shown: save again to keep yours."),
            extra={"version": comment.version, "kept": comment.text},
        )
    record(by, "comment-reworded", comment.programme, comment=str(comment.pk))
    return comment


@transaction.atomic
def retire(comment: BankComment, *, by: User) -> None:
    """Take a comment out of the lists; its author or a moderator can put it back."""
    require(can_change_comment, by, comment)
    if BankComment.objects.filter(pk=comment.pk).active().update(retired_at=timezone.now()):
        record(by, "comment-retired", comment.programme, comment=str(comment.pk))


@transaction.atomic
def restore(comment: BankComment, *, by: User) -> None:
    """Put a retired comment back. Raises DomainError ``comment-kept`` when its text was added again."""
    require(can_change_comment, by, comment)
    try:
        with transaction.atomic():
            rows = BankComment.objects.filter(pk=comment.pk, retired_at__isnull=False)
            changed = rows.update(retired_at=None)
    except IntegrityError:
        raise _kept_already() from None
    if changed:
        record(by, "comment-restored", comment.programme, comment=str(comment.pk))


@transaction.atomic
def use(comment: BankComment, review: Review, *, by: User) -> None:
    """Count that a comment went into a review. Raises DomainError ``comment-retired``."""
    require(can_score, by, review)
    rows = BankComment.objects.filter(pk=comment.pk, programme=review.submission.programme_id).active()
    if not rows.update(uses=F("uses") + 1, last_used_at=timezone.now()):
        raise comment_retired()


@transaction.atomic
def insert(comment: BankComment, review: Review, criterion: Criterion, *, by: User) -> Review:
    """Put a comment below what a review says of a criterion, and count the use.

    Raises DomainError ``comment-retired``, and what saving scores raises.
    """
    use(comment, review, by=by)
    score = review.scores.select_related("level").filter(criterion=criterion).first()
    mark = Mark(criterion, score.level, score.comment) if score else Mark(criterion, None)
    text = joined(mark.comment, comment.text)
    return save_scores(review, version=review.version, marks=[Mark(criterion, mark.level, text)], by=by)


def joined(written: str, inserted: str) -> str:
    """Both texts, the inserted one on a line of its own: nothing that was written is lost."""
    written = written.rstrip()
    return f"{written}\n{inserted}" if written else inserted


def unknown_criterion() -> DomainError:
    return invalid("unknown-criterion", _("This criterion is not judged in this programme."))


def comment_retired() -> DomainError:
    return DomainError("comment-retired", _("This comment was taken out of the bank meanwhile."))


# --- Guards and changes --------------------------------------------------------------------------------


def _worded(text: str) -> str:
    text = kept_text(text.replace("\r\n", "\n").strip(), limit=MAX_TEXT)
    if not text:
        raise invalid("text-missing", _("Write the comment that others can use too."))
    return text


def _guard_language(language: str) -> None:
    if language not in LANGUAGES:
        raise invalid("unknown-language", _("Choose the language that the comment is written in."))


def _kept_already() -> DomainError:
    return DomainError("comment-kept", _("The bank has this comment already."))


def _insert(comment: BankComment) -> None:
    try:
        with transaction.atomic():
            comment.save(force_insert=True)
    except IntegrityError:
        raise _kept_already() from None
