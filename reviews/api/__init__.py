"""The REST API for what is judged."""

from ninja import Router

from reviews.api import agreement, annotations, comments, flags, moderation, queue, reports, reviews

router = Router()
for part in (queue, reviews, agreement, annotations, comments, flags, moderation, reports):
    router.add_router("", part.router)

__all__ = ["router"]
