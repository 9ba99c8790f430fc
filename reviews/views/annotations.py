"""The notes of a review: put them at places in the evidence, change them, take them away."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import Achievement
from reviews import annotating, claiming, noting, settling
from reviews.annotation_form import Entry, entry_of, read_note
from reviews.desk import problem, wants_json
from reviews.forms import OWN, taken
from reviews.models import Annotation, Review
from reviews.models.annotation import MAX_TEXT, MAX_WORD, Unit
from reviews.permissions import can_claim, can_score
from workbench.access import may, require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request

# Refusals after which the work is no longer held: the text is shown with a way to take the work again.
LOST = ("lease-lost", "not-claimable")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def annotate(request: Request, pk: uuid.UUID) -> HttpResponse:
    """All notes of a review, and the form for a new one; an address may fill the form in."""
    review = _found(request, pk)
    if request.method != "POST":
        return _page(request, review, read_note(request.GET))
    require(can_score, request.user, review)
    entry = read_note(request.POST)
    try:
        review = _held_again(request, review)
        annotation = annotating.annotate(
            review,
            entry.item_of(review),
            entry.anchor,
            text=entry.text,
            criterion=entry.criterion_of(review),
            by=request.user,
        )
    except DomainError as error:
        return _refused(request, review, entry, error)
    return _saved(request, review, annotation, status=201)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def annotation(request: Request, pk: uuid.UUID, annotation: uuid.UUID) -> HttpResponse:
    """One note: its form; with ``remove`` it is taken away."""
    review = _found(request, pk)
    note = _note_of(request, review, annotation)
    if request.method != "POST":
        entry = entry_of(note)
        return _page(request, review, entry, note=note)
    require(can_score, request.user, review)
    entry = read_note(request.POST)
    try:
        review = _held_again(request, review)
        note.refresh_from_db()
        note.review = review
        if "remove" in request.POST:
            annotating.remove(note, version=entry.seen_version, by=request.user)
            return _removed(request, review)
        note = annotating.rewrite(
            note,
            entry.anchor,
            version=entry.seen_version,
            text=taken(request.POST.get("take-text", OWN), note.text, entry.text),
            criterion=entry.criterion_of(review),
            by=request.user,
        )
    except DomainError as error:
        return _refused(request, review, entry, error, note=note)
    return _saved(request, review, note)


@signed_in
@require_POST
def settle(request: Request, pk: uuid.UUID, annotation: uuid.UUID) -> HttpResponse:
    """Say by hand what became of a note on the attempt before."""
    review = _found(request, pk)
    require(can_score, request.user, review)
    note = get_object_or_404(Annotation.objects.select_related("review"), pk=annotation)
    state, word = request.POST.get("state", ""), request.POST.get("word", "")
    try:
        settling.settle(note, review, state=state, word=word, by=request.user)
    except DomainError as error:
        if wants_json(request):
            return problem(error)
        return _page(request, review, Entry(), error=error, settling=(note.pk, state, word))
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('annotate', args=[review.pk])}#note-{note.pk}")


# --- What these pages share ---------------------------------------------------------------------------


def _found(request: Request, pk: uuid.UUID) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user).with_context(), pk=pk)


def _note_of(request: Request, review: Review, pk: uuid.UUID) -> Annotation:
    """A note of this review; one that went along to a later claim is found there."""
    rows = Annotation.objects.visible_to(request.user).with_place()
    return get_object_or_404(
        rows.select_related("review__submission__achievement"),
        pk=pk,
        review__submission=review.submission_id,
        review__assessor=review.assessor_id,
    )


def _held_again(request: Request, review: Review) -> Review:
    """With ``claim`` the work is taken again first, so that what an ended lease left can be saved."""
    if "claim" not in request.POST or review.is_open:
        return review
    require(can_claim, request.user, review.submission)
    return claiming.claim(review.submission, by=request.user)


def _saved(request: Request, review: Review, note: Annotation, *, status: int = 200) -> HttpResponse:
    if wants_json(request):
        notes = noting.notes_of(review, request.user)
        context = _list_context(request, review, notes)
        body = {
            "id": str(note.pk),
            "version": note.version,
            "address": note.get_absolute_url(),
            "list": render_to_string("reviews/annotations/_list.html", context, request),
            "counts": {str(pk or ""): count for pk, count in noting.counted(notes).items()},
        }
        return JsonResponse(body, status=status)
    messages.success(request, _("Saved."))
    return redirect(_onward(request, review, note))


def _removed(request: Request, review: Review) -> HttpResponse:
    if wants_json(request):
        notes = noting.notes_of(review, request.user)
        body = {
            "list": render_to_string(
                "reviews/annotations/_list.html", _list_context(request, review, notes), request
            ),
            "counts": {str(pk or ""): count for pk, count in noting.counted(notes).items()},
        }
        return JsonResponse(body)
    messages.success(request, _("The note is removed."))
    return redirect(_onward(request, review))


def _onward(request: Request, review: Review, note: Annotation | None = None) -> str:
    """Back to where the person came from, else to the list."""
    listed = reverse("annotate", args=[review.pk]) + (f"#note-{note.pk}" if note else "")
    return _asked_back(request) or listed


def _asked_back(request: Request) -> str:
    """The page of ours that the person came from; empty for any other address."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if ours and asked.startswith("/") else ""


def _list_context(request: Request, review: Review, notes: list[noting.Note]) -> dict[str, Any]:
    achievement = Achievement.objects.with_rubric().get(pk=review.submission.achievement_id)
    return {
        "review": review,
        "achievement": achievement,
        "groups": noting.grouped(achievement, notes),
        "is_editable": _is_editable(request, review),
    }


def _is_editable(request: Request, review: Review) -> bool:
    return review.is_open and may(request.user, "score", review)


def _page(
    request: Request,
    review: Review,
    entry: Entry,
    *,
    error: DomainError | None = None,
    note: Annotation | None = None,
    settling: tuple[uuid.UUID, str, str] | None = None,
) -> HttpResponse:
    submission = review.submission
    notes = noting.notes_of(review, request.user)
    context = _list_context(request, review, notes)
    context |= {
        "submission": submission,
        "entry": entry,
        "note": note,
        "error": error,
        "items": list(submission.evidence.in_order()),
        "units": Unit.choices,
        "next": _asked_back(request),
        "earlier": noting.grouped(context["achievement"], noting.followed(submission, request.user))
        if not note
        else [],
        "settling": settling,
        "max_text": MAX_TEXT,
        "max_word": MAX_WORD,
    }
    template = "reviews/annotations/edit.html" if note else "reviews/annotations/page.html"
    return render(request, template, context, status=error.status if error else 200)


def _refused(
    request: Request, review: Review, entry: Entry, error: DomainError, *, note: Annotation | None = None
) -> HttpResponse:
    """Answer a refusal with everything that was written still in the answer."""
    if wants_json(request):
        return problem(error)
    review = _found(request, review.pk)
    context = {
        "review": review,
        "submission": review.submission,
        "entry": entry,
        "error": error,
        "note": note,
    }
    if error.code in LOST:
        return render(request, "reviews/annotations/kept_text.html", context, status=error.status)
    if error.code == "stale":
        kept = Annotation.objects.get(pk=note.pk) if note else None
        return render(
            request, "reviews/annotations/conflict.html", context | {"kept": kept}, status=error.status
        )
    # What was removed in another window can be saved as a new note.
    gone = error.code == "annotation-gone"
    return _page(request, review, entry, error=error, note=None if gone else note)
