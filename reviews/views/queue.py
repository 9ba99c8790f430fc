"""The queue: what waits for review, and taking work from it."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.models import Achievement, Submission
from assessments.models.lifecycle import State
from assessments.models.programme import OVERSEEING, STAFF
from reviews import claiming, desk, queueing
from reviews.addressing import filters_of, list_address
from reviews.allocation_form import assessors_under
from reviews.forms import QueueForm, read_entry
from reviews.models import Review
from reviews.offering import offered_to
from reviews.scoring import save_scores
from reviews.skipping import skipped_by_all
from workbench.access import signed_in
from workbench.errors import DomainError
from workbench.models import User
from workbench.requests import Request


@signed_in
@require_safe
@vary_on_headers("HX-Request")
def index(request: Request) -> HttpResponse:
    if not request.user.grants.any_of(STAFF):
        raise PermissionDenied
    return _page(request, request.GET)


@signed_in
@require_POST
def claim_next(request: Request) -> HttpResponse:
    """Take the oldest work that the filters show and the person may review."""
    if not request.user.grants.ids("assess_programme"):
        raise PermissionDenied
    form = QueueForm(request.POST, user=request.user)
    among = queueing.narrow(queueing.queue_of(request.user), form.filters.for_claiming, user=request.user)
    review = claiming.claim_next(among, by=request.user)
    if review is None:
        messages.info(request, _("Nothing is free to review here just now."))
        return redirect(f"{reverse('queue')}?{filters_of(request.POST, QueueForm).urlencode()}")
    return redirect("review", review.pk)


@signed_in
@require_POST
def claim(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Take one submission; with ``restore``, put back the text that an ended lease left unsaved."""
    submission = get_object_or_404(Submission.objects.visible_to(request.user).with_context(), pk=pk)
    restoring = "restore" in request.POST
    try:
        review = claiming.claim(submission, by=request.user)
    except DomainError as error:
        if restoring:
            return _kept_text(request, submission, error)
        messages.error(request, str(error))
        return _page(request, QueryDict(request.POST.get("filters", "")), status=error.status)
    if restoring:
        return _restored(request, review)
    return redirect("review", review.pk)


def _restored(request: Request, review: Review) -> HttpResponse:
    """Save the text that was carried over; the lease is new, so nobody else can have written meanwhile."""
    achievement = Achievement.objects.with_rubric().get(pk=review.submission.achievement_id)
    entry = read_entry(request.POST, review, achievement)
    save_scores(review, version=review.version, marks=entry.marks, feedback=entry.feedback, by=request.user)
    messages.success(request, _("The work is yours again, and your text is back."))
    return redirect("review", review.pk)


def _kept_text(request: Request, submission: Submission, error: DomainError) -> HttpResponse:
    review = submission.reviews.filter(assessor=request.user).order_by("-fence").first()
    if review is None:
        raise error
    achievement = Achievement.objects.with_rubric().get(pk=submission.achievement_id)
    entry = read_entry(request.POST, review, achievement)
    return desk.kept_text_page(request, submission, review, entry, error)


def _page(request: Request, query: QueryDict, *, status: int = 200) -> HttpResponse:
    user = request.user
    form = QueueForm(query, user=user)
    filters = form.filters
    seen = queueing.queue_of(user)
    queue = queueing.narrow(queueing.with_open_reviews(seen, reader=user), filters, user=user)
    if user.grants.any_of(OVERSEEING) & user.grants.ids("assess_programme"):
        queue = queue.annotate(
            is_offered=Exists(offered_to(Submission.objects.filter(pk=OuterRef("pk")), user))
        )
    skipped = skipped_by_all(user) if user.grants.any_of(OVERSEEING) else set()
    if filters.attention:
        queue = queue.filter(pk__in=skipped)
    page = queueing.page(queue, after=query.get("after", ""), before=query.get("before", ""))
    kept = filters_of(query, QueueForm)
    context = {
        "form": form,
        "page": page,
        "kept": [(name, value) for name, values in kept.lists() for value in values if value],
        "query": kept.urlencode(),
        "counters": queueing.added_up(queueing.counters_by_programme(user, form.levels, queue=seen)),
        "promises": bool(form.levels),
        "skipped": skipped,
        "assesses": bool(user.grants.ids("assess_programme")),
        "is_filtered": any(kept.values()),
        "previous": list_address("queue", kept, before=page.previous) if page.previous else "",
        "next": list_address("queue", kept, after=page.next) if page.next else "",
        "now": timezone.now(),
        **_shared_out(user, page.items),
    }
    part = request.htmx and not request.htmx.history_restore_request and request.method == "GET"
    template = "reviews/_queue.html" if part else "reviews/queue.html"
    return render(request, template, context, status=status)


def _shared_out(user: User, items: list[Submission]) -> dict[str, Any]:
    """What of a page the person may take, may assign, and does not read the language of."""
    overseen = user.grants.any_of(OVERSEEING)
    assignable = {
        one.pk
        for one in items
        if one.state == State.SUBMITTED and one.programme_id in overseen and one.learner_id != user.pk
    }
    return {
        # Where the person only assesses, the queue shows them nothing else.
        "offered": {
            one.pk for one in items if one.programme_id not in overseen or getattr(one, "is_offered", False)
        },
        "assignable": assignable,
        "assessors": assessors_under(user) if assignable else [],
        "foreign": {one.pk for one in items if user.reads and one.language not in ("", *user.reads)},
    }
