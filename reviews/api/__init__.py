"""The REST API for what is judged."""

from ninja import Router

from reviews.api import (
    agreement,
    allocation,
    annotations,
    appeals,
    calibration,
    comments,
    disagreements,
    flags,
    holds,
    marking,
    moderation,
    queue,
    reports,
    reviews,
)

router = Router()
for part in (
    queue,
    reviews,
    allocation,
    agreement,
    annotations,
    calibration,
    comments,
    flags,
    moderation,
    appeals,
    holds,
    reports,
    marking,
    disagreements,
):
    router.add_router("", part.router)

__all__ = ["router"]
