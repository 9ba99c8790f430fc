"""The REST API for what is judged."""

from ninja import Router

from reviews.api import agreement, annotations, comments, flags, queue, reports, reviews

router = Router()
for part in (queue, reviews, agreement, annotations, comments, flags, reports):
    router.add_router("", part.router)

__all__ = ["router"]
