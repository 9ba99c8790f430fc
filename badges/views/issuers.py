"""Who issues: the issuer's page and profile, its DID document, and the images of its achievements."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.models import Achievement
from badges import publishing
from badges.views.answers import KEY_SET, document, prefers_json, varied
from workbench.access import public
from workbench.languages import CODES
from workbench.models import Organisation


@public
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponseBase:
    organisation = get_object_or_404(Organisation, slug=slug)
    if prefers_json(request):
        profile = publishing.issuer_profile(organisation)
        return varied(document(request, _bytes(profile), "application/ld+json"))
    context = {
        "organisation": organisation,
        "identifier": publishing.current_issuer_id(organisation),
        "achievements": organisation.achievements.order_by("code"),
        "issued": organisation.credentials.published().count(),
        "keys": organisation.signing_keys.count(),
    }
    return varied(render(request, "badges/issuer.html", context))


@public
@require_safe
def did_document(request: HttpRequest, slug: str) -> HttpResponseBase:
    organisation = get_object_or_404(Organisation, slug=slug)
    return document(request, _bytes(publishing.did_document(organisation)), "application/did+json")


@public
@require_safe
def jwks(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The keys of the JWT form, as JOSE libraries ask for them."""
    organisation = get_object_or_404(Organisation, slug=slug)
    return document(request, _bytes(publishing.jwks(organisation)), KEY_SET)


@public
@require_safe
def achievement_image(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The image without a badge inside, its title in the language of ``?language=``."""
    achievement = get_object_or_404(Achievement.objects.select_related("organisation"), pk=pk)
    asked = request.GET.get("language", "")
    language = asked if asked in CODES else settings.LANGUAGE_CODE
    image = publishing.achievement_png(achievement, language)
    return document(request, image, "image/png", cache="public, max-age=300")


def _bytes(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode()
