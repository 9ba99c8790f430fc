"""The signed list that says which badges are revoked, or suspended."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from badges.listing import current_text
from badges.models import StatusList
from badges.views.answers import CREDENTIAL, document
from workbench.access import public


@public
@require_safe
def status_list(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The list as the worker signed it; 503 rather than one that does not know the last change yet."""
    text = current_text(get_object_or_404(StatusList, pk=pk))
    if text is None:
        return _being_signed()
    # Without a date: it is as fine as a second only, and a revocation in that second would stay unseen.
    return document(request, text.encode(), CREDENTIAL)


def _being_signed() -> HttpResponse:
    told = _("This list is being signed. Try again in a moment.")
    answer = HttpResponse(told, content_type="text/plain; charset=utf-8", status=503)
    answer["Retry-After"] = "1"
    answer["Cache-Control"] = "no-store"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
