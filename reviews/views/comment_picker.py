"""Choose a comment of the bank for one criterion of a review, or keep there what was just written."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from assessments.models import Achievement, Criterion
from reviews import commenting
from reviews.comment_form import CommentForm, comment_named, containing, criterion_named
from reviews.desk import problem
from reviews.models import BankComment, Review
from reviews.permissions import can_score
from reviews.scoring import MAX_COMMENT, ended
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request

# The form stands in the page of the review, beside other forms.
IDS = "bank-%s"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def pick(request: Request, pk: uuid.UUID) -> HttpResponse:
    """``comment`` goes into the review, the use of ``used`` is counted, and ``text`` is added to the bank."""
    review = get_object_or_404(Review.objects.visible_to(request.user).with_context(), pk=pk)
    require(can_score, request.user, review)
    if not review.is_open:
        raise ended(review)
    achievement = Achievement.objects.with_rubric().get(pk=review.submission.achievement_id)
    given = request.GET if request.method != "POST" else request.POST
    criterion = criterion_named(achievement.criteria, given.get("criterion", ""))
    if request.method != "POST":
        return _page(request, review, criterion)
    if "used" in request.POST:
        return _counted(request, review)
    if "comment" in request.POST:
        return _inserted(request, review, criterion)
    return _added(request, review, criterion)


def _counted(request: Request, review: Review) -> HttpResponse:
    """The browser put the text into the field, whose saving is the sheet's."""
    try:
        commenting.use(_comment(review, request.POST["used"]), review, by=request.user)
    except DomainError as error:
        return problem(error)
    return JsonResponse({}, status=200)


def _inserted(request: Request, review: Review, criterion: Criterion) -> HttpResponse:
    try:
        chosen = _comment(review, request.POST["comment"])
        commenting.insert(chosen, review, criterion, by=request.user)
    except DomainError as error:
        return _page(request, review, criterion, error=error)
    messages.success(request, _("The comment is inserted."))
    return redirect(f"{reverse('review', args=[review.pk])}#comment-{criterion.pk}")


def _added(request: Request, review: Review, criterion: Criterion) -> HttpResponse:
    form = CommentForm(request.POST, auto_id=IDS)
    error = None
    if form.is_valid():
        try:
            commenting.share(review.submission.programme, criterion, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            error = refusal
            form.add_error("text", str(error))
    if not form.is_valid():
        status = error.status if error else 422
        return _page(request, review, criterion, form=form, status=status)
    if request.htmx:
        return _page(request, review, criterion, added=True)
    messages.success(request, _("The comment is in the bank."))
    return redirect(f"{reverse('comment-bank', args=[review.pk])}?criterion={criterion.pk}")


def _comment(review: Review, given: str) -> BankComment:
    """Raises DomainError ``comment-retired`` for what the bank of the programme does not hold."""
    rows = BankComment.objects.filter(programme=review.submission.programme_id)
    found = comment_named(rows, given)
    if found is None:
        raise commenting.comment_retired()
    return found


def _page(
    request: Request,
    review: Review,
    criterion: Criterion,
    *,
    form: CommentForm | None = None,
    error: DomainError | None = None,
    added: bool = False,
    status: int = 200,
) -> HttpResponse:
    language = (translation.get_language() or "en")[:2]
    words = request.GET.get("q", "")
    rows = BankComment.objects.filter(programme=review.submission.programme_id).active().on([criterion])
    score = review.scores.filter(criterion=criterion).first()
    written = score.comment if score else ""
    context = {
        "review": review,
        "submission": review.submission,
        "criterion": criterion,
        "comments": containing(rows, words).best_first(language)[: commenting.MOST_COMMENTS],
        "words": words,
        "written": written,
        "form": form or CommentForm(initial={"text": written, "language": language}, auto_id=IDS),
        "error": error,
        "added": added,
        "max_comment": MAX_COMMENT,
    }
    part = request.htmx and not request.htmx.history_restore_request
    template = "reviews/comments/_picker.html" if part else "reviews/comments/picker.html"
    return render(request, template, context, status=error.status if error else status)
