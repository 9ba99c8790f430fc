"""Take work back from an assessor who left it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.models import Submission
from reviews import claiming
from workbench.access import signed_in
from workbench.requests import Request


@signed_in
@require_POST
def break_lock(request: Request, pk: uuid.UUID) -> HttpResponse:
    submission = get_object_or_404(Submission.objects.visible_to(request.user), pk=pk)
    claiming.break_lock(submission, by=request.user)
    messages.success(request, _("The work is back in the queue. What was scored so far is kept."))
    filters = QueryDict(request.POST.get("filters", "")).urlencode()
    return redirect(f"{reverse('queue')}?{filters}" if filters else reverse("queue"))
