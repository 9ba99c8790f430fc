"""One's own badges."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from badges.models import Credential
from badges.showing import verdict
from workbench.access import signed_in
from workbench.requests import Request

PAGE_SIZE = 24


@signed_in
@require_safe
def index(request: Request) -> HttpResponse:
    own = Credential.objects.filter(learner=request.user).newest_first()
    page = Paginator(own.select_related("achievement", "organisation", "signing_key"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    badges = [{"credential": credential, "verdict": verdict(credential)} for credential in page]
    return render(request, "badges/mine.html", {"badges": badges, "page": page})
