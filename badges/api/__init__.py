"""The REST API for what is earned."""

from ninja import Router

from badges.api import credentials, verify

router = Router()
for part in (credentials, verify):
    router.add_router("", part.router)

__all__ = ["router"]
