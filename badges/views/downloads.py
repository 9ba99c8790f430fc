"""A badge in the form that its suffix asks for."""

import uuid
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from badges.certificates import certificate
from badges.models import Credential
from badges.publishing import baked_png, baked_svg
from badges.views.answers import ASK_AGAIN, CREDENTIAL, JWT, KEEP, document
from workbench.access import public
from workbench.limits import limited

Bake = Callable[[Credential, str], bytes]
Answer = Callable[[HttpRequest, Credential], HttpResponseBase]


@public
@require_safe
def download(request: HttpRequest, pk: uuid.UUID, suffix: str) -> HttpResponseBase:
    published = Credential.objects.published().select_related(
        "organisation", "achievement__organisation", "signing_key"
    )
    credential = get_object_or_404(published, pk=pk)
    return FORMS[suffix](request, credential)


def _json(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    return document(
        request,
        credential.signed.encode(),
        CREDENTIAL,
        modified=credential.signed_at,
        cache=KEEP,
        filename=f"{credential.pk}.json",
    )


def _png(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    return _image(request, credential, "png", "image/png", baked_png)


def _svg(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    return _image(request, credential, "svg", "image/svg+xml", baked_svg)


def _image(
    request: HttpRequest, credential: Credential, suffix: str, content_type: str, bake: Bake
) -> HttpResponseBase:
    """The image with the embedded proof inside or, by ``?form=jwt``, with the JWT form."""
    form = request.GET.get("form", "embedded")
    if form not in ("embedded", "jwt"):
        raise Http404
    if form == "jwt" and not credential.jwt:
        return _being_signed()
    name = f"{credential.pk}-jwt" if form == "jwt" else str(credential.pk)
    return document(
        request,
        bake(credential, credential.jwt if form == "jwt" else credential.signed),
        content_type,
        modified=credential.jwt_signed_at if form == "jwt" else credential.signed_at,
        cache=KEEP,
        filename=f"{name}.{suffix}",
        sandbox=suffix == "svg",
    )


def _jwt(request: HttpRequest, credential: Credential) -> HttpResponseBase:
    if not credential.jwt:
        return _being_signed()
    return document(
        request,
        credential.jwt.encode(),
        JWT,
        modified=credential.jwt_signed_at,
        cache=KEEP,
        filename=f"{credential.pk}.jwt",
    )


def _being_signed() -> HttpResponse:
    """Nothing is signed in a request: what was issued without its JWT form gets it from the worker."""
    told = _("The JWT form of this badge is being signed. Try again in a minute.")
    answer = HttpResponse(told, content_type="text/plain; charset=utf-8", status=503)
    answer["Retry-After"] = "60"
    answer["Cache-Control"] = "no-store"
    return answer


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


FORMS: dict[str, Answer] = {"json": _json, "png": _png, "svg": _svg, "pdf": _pdf, "jwt": _jwt}
