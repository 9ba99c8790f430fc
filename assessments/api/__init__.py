"""The REST API for what is asked and handed in."""

from ninja import Router

from assessments.api import (
    achievements,
    analyses,
    conflicts,
    evidence,
    me,
    programmes,
    referentials,
    submissions,
    versions,
)

router = Router()
for part in (
    me,
    conflicts,
    referentials,
    programmes,
    achievements,
    submissions,
    evidence,
    analyses,
    versions,
):
    router.add_router("", part.router)

__all__ = ["router"]
