"""The signing keys of an issuer, for its administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from badges.permissions import can_rotate_key
from badges.publishing import current_issuer_id
from badges.rotating import rotate_key
from workbench.access import require, signed_in
from workbench.models import Organisation
from workbench.requests import Request


@signed_in
@require_safe
def index(request: Request, slug: str) -> HttpResponse:
    organisation = _administered(request, slug)
    context = {
        "organisation": organisation,
        "identifier": current_issuer_id(organisation),
        "keys": organisation.signing_keys.order_by("-version", "algorithm"),
    }
    return render(request, "badges/keys.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def rotate(request: Request, slug: str) -> HttpResponse:
    """Ask once, on a page of its own, then replace the key."""
    organisation = _administered(request, slug)
    if request.method != "POST":
        return render(request, "badges/rotate.html", {"organisation": organisation})
    rotate_key(organisation, by=request.user)
    messages.success(request, _("A new key signs from now on. What older keys signed stays valid."))
    return redirect("keys", slug=organisation.slug)


def _administered(request: Request, slug: str) -> Organisation:
    organisation = get_object_or_404(Organisation, slug=slug)
    require(can_rotate_key, request.user, organisation)
    return organisation
