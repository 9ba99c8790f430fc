"""Say whether this process lives, and whether the whole product can do its work."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, JsonResponse

from workbench.access import public
from workbench.models import Job, Mail, WorkerPulse

PULSE_TIMEOUT = timedelta(seconds=120)


def database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def storage() -> bool:
    """Write, read and delete one small object: the only proof that a bucket or disk takes evidence."""
    try:
        name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(b"ok"))
        with default_storage.open(name) as file:
            written: bool = file.read() == b"ok"
        default_storage.delete(name)
    except Exception:  # noqa: BLE001 (each storage has its own exceptions, and a probe must answer)
        return False
    return written


def keys() -> bool:
    return len(settings.KEY_ENCRYPTION_KEY) == 32


def worker() -> bool:
    try:
        return WorkerPulse.objects.filter(at__gt=Now() - PULSE_TIMEOUT).exists()
    except DatabaseError:
        return False


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database,
    "storage": storage,
    "keys": keys,
    "worker": worker,
}


@public
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every part works, 503 with the names of those that do not."""
    results = {name: check() for name, check in CHECKS.items()}
    ready = all(results.values())
    body: dict[str, object] = {"ready": ready, "checks": results}
    with suppress(DatabaseError):  # a database without tables yet has no number to give
        body["dead_jobs"] = Job.objects.dead().count()
        body["failed_mails"] = Mail.objects.failed().count()
    return JsonResponse(body, status=200 if ready else 503)
