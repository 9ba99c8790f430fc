"""Let the program live at another moment, so that a story that is told now carries its own dates."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo

from django.utils import timezone


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block ``timezone.now()`` answers ``moment``, for every thread of the process.

    The defaults of model fields hold the function ``now`` itself, so what it reads is replaced, not its name.
    The database's own clock goes on: a claim that is made here has its lease from the real time.
    """

    class Story(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    before = timezone.datetime  # type: ignore[attr-defined]
    timezone.datetime = Story  # type: ignore[attr-defined]
    try:
        yield
    finally:
        timezone.datetime = before  # type: ignore[attr-defined]
