"""The public page of a badge, the forms that revoke or suspend it, and whose it is."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from badges.forms import OwnerForm, RevokeForm
from badges.listing import tell_the_world
from badges.models import Credential
from badges.openbadges.identity import hashed_email, matches
from badges.permissions import can_revoke, can_suspend
from badges.revoking import revoke as revoke_badge
from badges.showing import shown
from badges.suspending import reinstate as reinstate_badge
from badges.suspending import suspend as suspend_badge
from badges.views.answers import CREDENTIAL, document, prefers_json, varied
from workbench.access import public, require, signed_in
from workbench.limits import limited
from workbench.requests import Request

PAGE = Credential.objects.select_related(
    "organisation", "achievement", "programme", "status_list", "signing_key"
)


@public
@limited("owner", limit=10, window=600)
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    credential = get_object_or_404(PAGE.all(), pk=pk)
    if not credential.is_published:
        return varied(_waiting(request, credential))
    if request.method == "POST":
        return _owner(request, credential)
    if prefers_json(request):
        return varied(
            document(request, credential.signed.encode(), CREDENTIAL, modified=credential.signed_at)
        )
    return varied(_page(request, credential))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask for the reason on a page of its own, then revoke."""
    credential = get_object_or_404(Credential.objects.visible_to(request.user), pk=pk)
    require(can_revoke, request.user, credential)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revoked = revoke_badge(credential, reason=form.cleaned_data["reason"], by=request.user)
        _tell(request, revoked, _("The badge is revoked. Whoever checks it learns so from now on."))
        return redirect("badge", pk=credential.pk)
    status = 422 if form.is_bound else 200
    return render(request, "badges/revoke.html", {"badge": shown(credential), "form": form}, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask for the reason on a page of its own, then set the badge aside."""
    credential = get_object_or_404(Credential.objects.visible_to(request.user), pk=pk)
    require(can_suspend, request.user, credential)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        suspended = suspend_badge(credential, reason=form.cleaned_data["reason"], by=request.user)
        _tell(request, suspended, _("The badge is suspended. Whoever checks it learns so from now on."))
        return redirect("badge", pk=credential.pk)
    status = 422 if form.is_bound else 200
    return render(request, "badges/suspend.html", {"badge": shown(credential), "form": form}, status=status)


@signed_in
@require_POST
def reinstate(request: Request, pk: uuid.UUID) -> HttpResponse:
    credential = get_object_or_404(Credential.objects.visible_to(request.user), pk=pk)
    restored = reinstate_badge(credential, by=request.user)
    _tell(request, restored, _("The suspension is lifted. The badge is valid again."))
    return redirect("badge", pk=credential.pk)


def _tell(request: Request, credential: Credential, told: str) -> None:
    """Answer once the signed lists say it too; if the worker is slow they say nothing meanwhile."""
    if not tell_the_world(credential):
        told = _("%(done)s The signed list follows as soon as the worker has signed it.") % {"done": told}
    messages.success(request, told)


def _page(request: Request, credential: Credential, **context: object) -> HttpResponse:
    page = shown(credential)
    values = {"badge": page, "award": page.award, "owner_form": OwnerForm(), **context}
    response = render(request, "badges/badge.html", values)
    response["Cache-Control"] = "private, no-cache"
    return response


def _waiting(request: Request, credential: Credential) -> HttpResponse:
    """Strangers learn nothing before the badge is signed; those it concerns are told to wait."""
    user = request.user
    if not (user.is_authenticated and Credential.objects.visible_to(user).filter(pk=credential.pk).exists()):
        raise Http404
    return render(request, "badges/waiting.html", {"badge": shown(credential)}, status=202)


def _owner(request: Request, credential: Credential) -> HttpResponse:
    """Answer whether the badge belongs to an address, by the salted hash that is in the badge."""
    form = OwnerForm(request.POST)
    belongs = None
    if form.is_valid():
        recipient = shown(credential).award.recipient
        belongs = matches(hashed_email(recipient.email, recipient.salt), form.cleaned_data["email"])
    context = {"owner_form": form, "belongs": belongs, "asked": form.is_valid()}
    if request.htmx:
        return render(request, "badges/_owner.html", {"credential": credential, **context})
    return _page(request, credential, **context)
