"""The type of a request that a signed-in person makes, as the middleware completes it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from workbench.models import User


class Request(HttpRequest):
    """For annotations of views behind ``signed_in``; no such object is ever made."""

    user: User
    htmx: HtmxDetails
