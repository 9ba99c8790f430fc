"""The REST API for what is judged."""

from ninja import Router

from reviews.api import queue, reports, reviews

router = Router()
for part in (queue, reviews, reports):
    router.add_router("", part.router)

__all__ = ["router"]
