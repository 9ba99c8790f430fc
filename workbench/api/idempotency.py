"""Answer a repeated POST with the answer it got the first time."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workbench.errors import DomainError, invalid
from workbench.models import IdempotentReply, User
from workbench.uploads import DigestedFile

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEY = re.compile(r"[\x21-\x7e]{1,200}")
# A request that has not answered after this long was cut off by a crash.
CRASHED_AFTER = timedelta(seconds=60)
KEPT_FOR = timedelta(days=2)


def once(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the work of a POST that carries a key, unless it was done already.

    Raises DomainError ``bad-idempotency-key``, ``idempotency-key-reused`` or ``in-progress``.
    """
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None or not request.user.is_authenticated:
        return work()
    if not KEY.fullmatch(key):
        raise DomainError(
            "bad-idempotency-key",
            _("An Idempotency-Key is 1 to 200 printable characters without spaces."),
            status=400,
        )
    reply = _take(request, request.user, key)
    if reply.status is not None:
        response = HttpResponse(bytes(reply.body), status=reply.status, content_type=reply.media_type)
        response[REPLAYED] = "true"
        return response
    answers: list[HttpResponse] = []
    try:
        answers.append(work())
    finally:
        _keep(reply, *answers)
    return answers[0]


def forget_old_replies() -> int:
    """Delete replies that nobody will ask for again; returns how many."""
    return IdempotentReply.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def digest_of(request: HttpRequest) -> str:
    """SHA-256 in hex over everything a request asks: two requests with one digest are the same request."""
    asked: list[object] = [request.method, request.get_full_path()]
    if request.content_type == "multipart/form-data":
        asked.append(sorted((name, request.POST.getlist(name)) for name in request.POST))
        asked.append(sorted((name, _files(request, name)) for name in request.FILES))
    else:
        asked += [request.content_type, hashlib.sha256(request.body).hexdigest()]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _files(request: HttpRequest, name: str) -> list[list[object]]:
    return [
        [file.name, file.size, file.sha256 if isinstance(file, DigestedFile) else ""]
        for file in request.FILES.getlist(name)
    ]


def _take(request: HttpRequest, user: User, key: str) -> IdempotentReply:
    """The row of this key: ours now, since it is new or was left by a crash, or the one with the answer."""
    digest = digest_of(request)
    try:
        # A transaction of its own, committed before the work: a second request must find the row.
        with transaction.atomic():
            return IdempotentReply.objects.create(user=user, key=key, request_digest=digest)
    except IntegrityError:
        reply = IdempotentReply.objects.filter(user=user, key=key).first()
    if reply is None:
        raise _in_progress()  # it failed and was taken away in between: the caller may try again
    if reply.request_digest != digest:
        raise invalid(
            "idempotency-key-reused", _("This Idempotency-Key was used for another request. Take a new one.")
        )
    return reply if reply.status is not None else _retake(reply)


def _retake(reply: IdempotentReply) -> IdempotentReply:
    now = timezone.now()
    left = IdempotentReply.objects.filter(pk=reply.pk, status=None, created_at__lt=now - CRASHED_AFTER)
    if not left.update(created_at=now):
        raise _in_progress()
    reply.created_at = now
    return reply


def _keep(reply: IdempotentReply, response: HttpResponse | None = None) -> None:
    """Store a final answer; after a failure of ours, or "too many requests", the caller may ask again.

    ``created_at`` says whether the row is still ours: a request that was given up for crashed stores nothing.
    """
    mine = IdempotentReply.objects.filter(pk=reply.pk, created_at=reply.created_at, status=None)
    if response is None or response.status_code >= 500 or response.status_code == 429:
        mine.delete()
        return
    mine.update(
        status=response.status_code, media_type=response.get("Content-Type", ""), body=response.content
    )


def _in_progress() -> DomainError:
    return DomainError("in-progress", _("The same request is being worked on. Ask again in a moment."))
