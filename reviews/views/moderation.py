"""The moderator's work: what waits, checking a decision, an interim check, the matrix of the sample."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from assessments.models.programme import OVERSEEING
from reviews import moderation_list, queueing
from reviews.moderation_forms import ModerationForm
from workbench.access import signed_in
from workbench.requests import Request


@signed_in
@require_safe
@vary_on_headers("HX-Request")
def index(request: Request) -> HttpResponse:
    """Disagreements and held decisions, oldest first."""
    user = request.user
    if not user.grants.any_of(OVERSEEING):
        raise PermissionDenied
    form = ModerationForm(request.GET, user=user)
    waiting = moderation_list.narrow(moderation_list.awaiting(user), form.filters, user=user)
    waiting = moderation_list.with_decisions(waiting)
    page = queueing.page(waiting, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    kept = _filters_only(request.GET)
    context = {
        "form": form,
        "rows": moderation_list.rows_of(page.items, user=user),
        "counters": moderation_list.counters(user),
        "moderates": bool(user.grants.ids("moderate_programme")),
        "is_filtered": bool(kept),
        "previous": _address(kept, before=page.previous) if page.previous else "",
        "next": _address(kept, after=page.next) if page.next else "",
    }
    part = request.htmx and not request.htmx.history_restore_request
    template = "reviews/moderation/_list.html" if part else "reviews/moderation/index.html"
    return render(request, template, context)


def _filters_only(query: QueryDict) -> QueryDict:
    """The filters of an address, without the place in the list."""
    kept = QueryDict(mutable=True)
    for name in ModerationForm.base_fields:
        value = query.get(name)
        if value:
            kept[name] = str(value)
    return kept


def _address(filters: QueryDict, **place: str) -> str:
    query = filters.copy()
    for name, value in place.items():
        query[name] = value
    return f"{reverse('moderation')}?{query.urlencode()}"
