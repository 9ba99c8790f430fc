"""The comment bank of a programme: read it, add to it, change it, retire from it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.models import Programme
from assessments.views.paging import page_of
from reviews import commenting
from reviews.comment_form import BankSearchForm, ChangedCommentForm, NewCommentForm, criteria_of
from reviews.models import BankComment
from reviews.permissions import can_change_comment, can_share_comments
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.requests import Request

COMMENTS_A_PAGE = 50


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The bank with its filters, and the form that adds to it."""
    programme = _found(request, pk)
    criteria = criteria_of(programme)
    if request.method != "POST":
        language = (translation.get_language() or "en")[:2]
        initial = {"language": language, "criterion": request.GET.get("criterion", "")}
        return _page(request, programme, NewCommentForm(criteria=criteria, initial=initial))
    form = NewCommentForm(request.POST, criteria=criteria)
    if not form.is_valid():
        return _page(request, programme, form, status=422)
    given = form.cleaned_data
    try:
        commenting.share(
            programme, form.chosen, text=given["text"], language=given["language"], by=request.user
        )
    except DomainError as error:
        form.add_error("text", str(error))
        return _page(request, programme, form, status=error.status)
    messages.success(request, _("The comment is in the bank."))
    return redirect("programme-comments", programme.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: Request, pk: uuid.UUID, comment: uuid.UUID) -> HttpResponse:
    """One comment: its form; with ``retire`` it leaves the lists, with ``restore`` it comes back."""
    programme = _found(request, pk)
    rows = BankComment.objects.visible_to(request.user).select_related("programme", "criterion")
    row = get_object_or_404(rows, pk=comment, programme=programme)
    require(can_change_comment, request.user, row)
    if request.method != "POST":
        initial = {"text": row.text, "language": row.language, "version": row.version}
        return _form_page(request, row, ChangedCommentForm(initial=initial))
    if "retire" in request.POST:
        commenting.retire(row, by=request.user)
        messages.success(request, _("The comment is retired. The reviews that use it keep it."))
        return redirect("programme-comments", programme.pk)
    if "restore" in request.POST:
        commenting.restore(row, by=request.user)
        messages.success(request, _("The comment is in the bank again."))
        return redirect("programme-comments", programme.pk)
    return _reworded(request, row)


def _reworded(request: Request, row: BankComment) -> HttpResponse:
    form = ChangedCommentForm(request.POST)
    if not form.is_valid():
        return _form_page(request, row, form, status=422)
    try:
        commenting.reword(row, by=request.user, **form.cleaned_data)
    except DomainError as error:
        if error.code == "stale":
            # What is kept now is shown beside what was written, and the next save knows that it was seen.
            form = ChangedCommentForm(request.POST.dict() | {"version": str(row.version)})
        form.add_error("text", str(error))
        kept = row.text if error.code == "stale" else ""
        return _form_page(request, row, form, status=error.status, kept=kept)
    messages.success(request, _("The comment is changed. The reviews that use it keep what they say."))
    return redirect("programme-comments", row.programme_id)


def _found(request: Request, pk: uuid.UUID) -> Programme:
    programme = get_object_or_404(Programme.objects.visible_to(request.user), pk=pk)
    require(can_share_comments, request.user, programme)
    return programme


def _page(request: Request, programme: Programme, form: NewCommentForm, *, status: int = 200) -> HttpResponse:
    search = BankSearchForm(request.GET, criteria=form.criteria.values())
    rows = BankComment.objects.filter(programme=programme).select_related("criterion", "author")
    language = (translation.get_language() or "en")[:2]
    context = {
        "programme": programme,
        "form": form,
        "search": search,
        "page": page_of(request, search.narrow(rows).best_first(language), COMMENTS_A_PAGE),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
    }
    return render(request, "reviews/comments/index.html", context, status=status)


def _form_page(
    request: Request, row: BankComment, form: ChangedCommentForm, *, status: int = 200, kept: str = ""
) -> HttpResponse:
    context = {"programme": row.programme, "comment": row, "form": form, "kept": kept}
    return render(request, "reviews/comments/edit.html", context, status=status)
