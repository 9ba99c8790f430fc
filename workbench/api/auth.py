"""Who calls: the owner of the bearer token, whatever session the browser holds."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.security import HttpBearer

from workbench.models import Token, User

SCHEME = "bearer"


class ApiRequest(HttpRequest):
    """A request whose person was identified by their token."""

    user: User


def identify(request: HttpRequest) -> None:
    """Set ``request.user`` from the token alone, so that a session cookie never opens the API."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = Token.objects.for_secret(secret.strip()) if scheme.lower() == SCHEME and secret.strip() else None
    request.user = token.user if token else AnonymousUser()


class Bearer(HttpBearer):
    """Admit whom ``identify`` knows; the scheme itself is described in the OpenAPI document."""

    openapi_description = "A token from the account page, or from `manage.py create_token EMAIL`."

    def __call__(self, request: HttpRequest) -> User | None:
        return request.user if request.user.is_authenticated else None

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return self(request)
