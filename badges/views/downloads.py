"""A badge in the form that its suffix asks for."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from badges.certificates import certificate
from badges.models import Credential
from badges.publishing import baked_png, baked_svg
from badges.views.answers import ASK_AGAIN, CREDENTIAL, KEEP, document
from workbench.access import public
from workbench.limits import limited

Answer = Callable[[HttpRequest, Credential], HttpResponseBase]


@public
@require_safe
def download(request: HttpRequest, pk: uuid.UUID, suffix: str) -> HttpResponseBase:
    published = Credential.objects.published().select_related("organisation", "achievement__organisation")
    credential = get_object_or_404(published, pk=pk)
    return FORMS[suffix](request, credential)


def _json(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    return document(
        request,
        credential.signed.encode(),
        CREDENTIAL,
        modified=credential.issued_at,
        cache=KEEP,
        filename=f"{credential.pk}.json",
    )


def _png(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    return document(
        request,
        baked_png(credential),
        "image/png",
        modified=credential.issued_at,
        cache=KEEP,
        filename=f"{credential.pk}.png",
    )


def _svg(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    return document(
        request,
        baked_svg(credential),
        "image/svg+xml",
        modified=credential.issued_at,
        cache=KEEP,
        filename=f"{credential.pk}.svg",
        sandbox=True,
    )


@limited("certificate", limit=30, window=60, methods=("GET", "HEAD"))
def _pdf(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    """Only the holder, signed in, gets a certificate with a name on it."""
    is_holder = request.user.is_authenticated and request.user.pk == credential.learner_id
    printed = certificate(credential, holder=str(request.user) if is_holder else "")
    return document(
        request,
        printed,
        "application/pdf",
        cache="private, no-store" if is_holder else ASK_AGAIN,
        filename=f"{credential.pk}.pdf",
    )


def _jwt(request: HttpRequest, credential: Credential) -> HttpResponse:
    return render(request, "badges/no_jwt.html", {"credential": credential}, status=404)


FORMS: dict[str, Answer] = {"json": _json, "png": _png, "svg": _svg, "pdf": _pdf, "jwt": _jwt}
