"""Count what one address or person asks for, and refuse what nobody asks for so often."""

import functools
import ipaddress
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from workbench.errors import DomainError, error_page

View = Callable[..., HttpResponseBase]


class TooManyRequestsError(DomainError):
    """The limit is reached; ``seconds`` says when the next window opens."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "too-many-requests",
            _("You have tried this many times in a short while. Wait a few minutes, then try again."),
            status=429,
        )
        self.seconds = seconds


def count(name: str, request: HttpRequest, *, limit: int, window: int, by_person: bool = False) -> None:
    """Count a request in a fixed window of ``window`` seconds. Raises TooManyRequestsError over it.

    A classroom has one address: what needs an account is counted ``by_person``.
    """
    now = int(time.time())
    who = request.user.pk if by_person else address(request)
    key = f"limit:{name}:{who}:{now // window}"
    cache.add(key, 0, timeout=window)
    try:
        reached = cache.incr(key)
    except ValueError:
        return  # the window ended between the two lines
    if reached > limit:
        raise TooManyRequestsError(window - now % window)


def limited(
    name: str, *, limit: int, window: int, methods: tuple[str, ...] = ("POST",), by_person: bool = False
) -> Callable[[View], View]:
    """Let a view answer ``limit`` requests of one address or person in ``window`` seconds, then 429."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods:
                try:
                    count(name, request, limit=limit, window=window, by_person=by_person)
                except TooManyRequestsError as error:
                    return refused(request, error)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def refused(request: HttpRequest, error: TooManyRequestsError) -> HttpResponse:
    """The page, or through htmx a message above the form, where everything typed stays."""
    htmx = getattr(request, "htmx", False)
    response = error_page(request, error) if htmx else render(request, "429.html", status=429)
    response["Retry-After"] = str(error.seconds)
    return response


def address(request: HttpRequest) -> str:
    """Who asks: an IPv4 address, or the /64 network that one IPv6 subscriber has.

    Behind a proxy it is the last entry of X-Forwarded-For, which the proxy wrote; what stands before it
    came from outside and may be invented.
    """
    found = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        found = forwarded.rsplit(",", maxsplit=1)[-1].strip()
    try:
        parsed = ipaddress.ip_address(found)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)
