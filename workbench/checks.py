"""What must be right before the server starts, said at start-up rather than at three in the morning."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

# Views of packages, which declare their policy through Django's own login_not_required or by their API.
FOREIGN = ("allauth.", "ninja.", "django.")


def views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback


@checks.register(checks.Tags.security)
def every_view_declares_a_policy(**_kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"The view of “{route}” declares no policy.",
            hint="Decorate it with @public or @signed_in from workbench.access.",
            id="workbench.E001",
        )
        for route, view in views()
        if not hasattr(view, "policy") and not _module(view).startswith(FOREIGN)
    ]


def _module(view: Any) -> str:
    """The module of a view, seen through functools.partial."""
    module: str = getattr(view, "func", view).__module__
    return module


@checks.register(checks.Tags.security, deploy=True)
def evidence_has_its_own_host(**_kwargs: Any) -> list[checks.CheckMessage]:
    if settings.DEBUG or settings.EVIDENCE_HOST:
        return []
    return [
        checks.Warning(
            "Evidence is served from the host that holds people's sessions.",
            hint="Give WORKBENCH_EVIDENCE_HOST a name of its own that points at the same server.",
            id="workbench.W001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def badges_are_issued_over_https(**_kwargs: Any) -> list[checks.CheckMessage]:
    if settings.HTTPS:
        return []
    return [
        checks.Warning(
            "WORKBENCH_BASE_URL is not https: badges will name their issuer by did:key instead of did:web.",
            hint="Set WORKBENCH_BASE_URL to the https address that badges shall carry for years.",
            id="workbench.W002",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def mail_leaves_the_house(**_kwargs: Any) -> list[checks.CheckMessage]:
    if settings.EMAIL_URL:
        return []
    return [
        checks.Warning(
            "EMAIL_URL is not set: confirmations and new passwords go to a mail server on this machine.",
            hint="Give the address of your mail server, such as smtp+tls://user:password@host:587.",
            id="workbench.W003",
        )
    ]
