"""A person's own account: name, language, notifications, and keys to the REST API."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from workbench.access import public, signed_in
from workbench.audit import record
from workbench.errors import invalid
from workbench.forms import ProfileForm
from workbench.models import Token
from workbench.models.notification import Delivery
from workbench.notification_pages import choice_rows
from workbench.requests import Request


@signed_in
@require_http_methods(["GET", "POST"])
def account(request: Request) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with override(user.language):
            messages.success(request, _("Your account is saved."))
        return redirect("account")
    return _page(request, form)


@signed_in
@require_POST
def create_token(request: Request) -> HttpResponse:
    """Make a key and show it, this once, on the page."""
    label = request.POST.get("label", "").replace("\0", "").strip()[:80]
    if not label:
        raise invalid("label-missing", _("Give the token a name that tells you what it is for."))
    with transaction.atomic():
        token, secret = Token.issue(request.user, label=label)
        record(request.user, "token-created", token)
    return _page(request, ProfileForm(instance=request.user), secret=secret)


@signed_in
@require_POST
def revoke_token(request: Request, pk: uuid.UUID) -> HttpResponse:
    token = get_object_or_404(Token, pk=pk, user=request.user, revoked_at=None)
    with transaction.atomic():
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(request.user, "token-revoked", token)
    messages.success(request, _("The token no longer works."))
    return redirect("account")


@public
@require_POST
def set_language(request: Request) -> HttpResponse:
    """Change the language of the pages, and of the account when signed in."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(target)  # redirect() would take a word for the name of a view
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=settings.HTTPS,
        )
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


def _page(request: Request, form: ProfileForm, *, secret: str = "") -> HttpResponse:
    tokens = request.user.tokens.filter(revoked_at=None).order_by("-created_at")
    context = {
        "form": form,
        "tokens": tokens,
        "secret": secret,
        "rows": choice_rows(request.user),
        "ways": list(Delivery),
    }
    return render(request, "account.html", context)
