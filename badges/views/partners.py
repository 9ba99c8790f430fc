"""The issuers elsewhere that an organisation knows, for its administrators."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from badges.forms import PartnerForm
from badges.permissions import can_trust_issuers
from badges.vouching import stop_vouching, vouch_for
from workbench.access import require, signed_in
from workbench.errors import DomainError
from workbench.models import Organisation
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, slug: str) -> HttpResponse:
    """The list, and the form that adds to it."""
    organisation = _administered(request, slug)
    form = PartnerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                vouch_for(organisation, **form.cleaned_data, by=request.user)
            except DomainError as error:
                form.add_error("identifier", str(error))
            else:
                messages.success(request, _("Badges of this issuer are shown as those of a known partner."))
                return redirect("partners", slug=organisation.slug)
    context = {
        "organisation": organisation,
        "form": form,
        "partners": organisation.trusted_issuers.select_related("added_by"),
    }
    return render(request, "badges/partners.html", context, status=status)


@signed_in
@require_POST
def remove(request: Request, slug: str, pk: uuid.UUID) -> HttpResponse:
    organisation = _administered(request, slug)
    stop_vouching(get_object_or_404(organisation.trusted_issuers, pk=pk), by=request.user)
    messages.success(request, _("Taken off the list."))
    return redirect("partners", slug=organisation.slug)


def _administered(request: Request, slug: str) -> Organisation:
    organisation = get_object_or_404(Organisation, slug=slug)
    require(can_trust_issuers, request.user, organisation)
    return organisation
