"""The REST API for what is judged."""

from ninja import Router

from reviews.api import annotations, comments, flags, queue, reports, reviews

router = Router()
for part in (queue, reviews, annotations, comments, flags, reports):
    router.add_router("", part.router)

__all__ = ["router"]
