"""The signed list that says which badges are revoked."""

import uuid

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from badges.models import StatusList
from badges.publishing import signed_status_list
from badges.views.answers import CREDENTIAL, document
from workbench.access import public


@public
@require_safe
def status_list(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    found = get_object_or_404(StatusList.objects.select_related("organisation"), pk=pk)
    current = signed_status_list(found)
    # Without a date: it is as fine as a second only, and a revocation in that second would stay unseen.
    return document(request, current.signed.encode(), CREDENTIAL)
