"""The signing keys of an issuer, for its administrators."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from badges.compromising import compromise as compromise_key
from badges.key_forms import CeremonyForm, CompromiseForm
from badges.models import KeyAct, SigningKey
from badges.permissions import can_rotate_key
from badges.publishing import current_issuer_id
from badges.resigning import resign_all, still_signed
from badges.rotating import prepare_keys, rotate_key
from badges.witnessing import forget_witnesses
from workbench.access import require, signed_in
from workbench.models import Organisation
from workbench.requests import Request


@signed_in
@require_safe
def index(request: Request, slug: str) -> HttpResponse:
    organisation = _administered(request, slug)
    keys = list(organisation.signing_keys.order_by("-version", "algorithm"))
    context = {
        "organisation": organisation,
        "identifier": current_issuer_id(organisation),
        "keys": keys,
        "is_prepared": any(key.is_pending for key in keys),
        "to_resign": [(key, still_signed(key)) for key in keys if key.is_compromised],
    }
    return render(request, "badges/keys/index.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: Request, slug: str) -> HttpResponse:
    """Make the next keys, which are published and wait."""
    organisation = _administered(request, slug)
    form = CeremonyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        prepare_keys(organisation, ceremony=form.ceremony, by=request.user)
        messages.success(
            request, _("The next keys are made and published. They sign once you replace the keys.")
        )
        return redirect("keys", slug=organisation.slug)
    return _asked(request, "badges/keys/prepare.html", form, organisation=organisation)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def rotate(request: Request, slug: str) -> HttpResponse:
    """Ask once, on a page of its own, then replace the keys."""
    organisation = _administered(request, slug)
    form = CeremonyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        rotate_key(organisation, ceremony=form.ceremony, by=request.user)
        messages.success(request, _("A new key signs from now on. What older keys signed stays valid."))
        return redirect("keys", slug=organisation.slug)
    is_prepared = organisation.signing_keys.pending().exists()
    return _asked(
        request, "badges/keys/rotate.html", form, organisation=organisation, is_prepared=is_prepared
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def compromise(request: Request, slug: str, key: uuid.UUID) -> HttpResponse:
    """Ask since when others may have had the key, then distrust it."""
    organisation = _administered(request, slug)
    found = get_object_or_404(SigningKey, pk=key, organisation=organisation)
    form = CompromiseForm(
        request.POST if request.method == "POST" else None, initial={"since": timezone.now()}
    )
    if request.method == "POST" and form.is_valid():
        compromise_key(found, since=form.cleaned_data["since"], ceremony=form.ceremony, by=request.user)
        messages.success(request, _("The key is distrusted, here and by everybody who asks for your keys."))
        return redirect("keys", slug=organisation.slug)
    return _asked(
        request,
        "badges/keys/compromise.html",
        form,
        organisation=organisation,
        key=found,
        signed=still_signed(found),
    )


@signed_in
@require_POST
def resign(request: Request, slug: str, key: uuid.UUID) -> HttpResponse:
    organisation = _administered(request, slug)
    found = get_object_or_404(SigningKey, pk=key, organisation=organisation)
    count = resign_all(found, by=request.user)
    told = ngettext(
        "%(count)d badge is being signed again.", "%(count)d badges are being signed again.", count
    ) % {"count": count}
    messages.success(request, told)
    return redirect("keys", slug=organisation.slug)


@signed_in
@require_safe
def register(request: Request, slug: str) -> HttpResponse:
    """The key register, to be read and printed by auditors."""
    organisation = _administered(request, slug)
    context = {
        "organisation": organisation,
        "identifier": current_issuer_id(organisation),
        "keys": organisation.signing_keys.order_by("version", "algorithm"),
        "entries": organisation.key_acts.select_related("key", "by"),
        "now": timezone.now(),
    }
    return render(request, "badges/keys/register.html", context)


@signed_in
@require_POST
def forget(request: Request, slug: str, entry: uuid.UUID) -> HttpResponse:
    organisation = _administered(request, slug)
    forget_witnesses(get_object_or_404(KeyAct, pk=entry, organisation=organisation), by=request.user)
    messages.success(request, _("Witnesses and note are taken out. The entry itself stays."))
    return redirect("key-register", slug=organisation.slug)


def _asked(request: Request, template: str, form: CeremonyForm, **context: object) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **context}, status=status)


def _administered(request: Request, slug: str) -> Organisation:
    organisation = get_object_or_404(Organisation, slug=slug)
    require(can_rotate_key, request.user, organisation)
    return organisation
