"""Have the analysers read what was handed in, in a confined child, and keep what they found."""

import gzip
import io
import json
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from assessments.analysers.analysis import Analysis as Reading
from assessments.analysers.analysis import BadAnalysis
from assessments.analysers.operations import recognised
from assessments.analysers.table import Analyser, analyser_for, versions
from assessments.models import Analysis, Blob
from assessments.models.analysis import EXAMINE, AnalysisState, Failure
from assessments.models.evidence import Scan
from assessments.scanning import scan_blob
from workbench.confining import Crashed, Limits, OutOfMemory, OutOfTime, Stopped, TooMuchOutput, run_confined
from workbench.jobs import enqueue
from workbench.storage import keep_blob, open_blob
from workbench.uploads import digested

OPERATION = "assessments.analysers.operations:analyse"
MIB = 1024 * 1024
LIMITS = Limits(memory=1024 * MIB, cpu=60, wall=120, output=64 * MIB)

# A detail unpacks to this much at most: what a viewer loads to show one window of it.
MOST_DETAIL = 256 * MIB
SWEPT_AT_ONCE = 200
# A reading that waits longer than any queue of a healthy worker lost its job to a crash.
LOST_AFTER = timedelta(minutes=10)

FAILURES: dict[type[Stopped], Failure] = {
    OutOfTime: Failure.OUT_OF_TIME,
    OutOfMemory: Failure.OUT_OF_MEMORY,
    TooMuchOutput: Failure.TOO_MUCH,
    Crashed: Failure.CRASHED,
}


def examine(analysis_id: UUID) -> None:
    """Read one stored file; again gives the same row. What a limit stopped is said and not tried again."""
    analysis = Analysis.objects.select_related("blob").filter(pk=analysis_id).first()
    if analysis is None:
        return
    if scan_blob(analysis.blob).is_quarantined:
        Analysis.objects.filter(pk=analysis.pk).update(
            state=AnalysisState.FAILED, failure=Failure.QUARANTINED, finished_at=Now()
        )
        return
    with open_blob(analysis.blob_id) as content:
        begun = time.monotonic()
        try:
            reading, detail = read(content)
        except Stopped as stopped:
            analyser = analyser_for(recognised(content))
            _keep_failure(analysis, analyser, FAILURES.get(type(stopped), Failure.CRASHED))
            return
    _keep(analysis, reading, detail, seconds=time.monotonic() - begun)


def read(content: Any) -> tuple[Reading, bytes]:
    """An open file's analysis without its detail, and the detail as gzip of JSON (empty when there is none).

    Raises a subclass of ``workbench.confining.Stopped``.
    """
    module = analyser_for(recognised(content)).module
    return parsed(run_confined(OPERATION, content, {}, LIMITS, needs=[module]))


def parsed(answer: bytes) -> tuple[Reading, bytes]:
    """What ``operations.analyse`` wrote. Raises Crashed when it is no such thing."""
    head, _, detail = answer.partition(b"\n")
    try:
        return Reading.from_json({**json.loads(head), "detail": None}), detail
    except (ValueError, BadAnalysis) as error:
        raise Crashed(type(error).__name__) from error


def detail_of(analysis: Analysis) -> Any:
    """The long part of a reading, for the viewers; None when it has none."""
    if analysis.detail_id is None:
        return None
    with open_blob(analysis.detail_id) as stored:
        return unpacked(stored.read())


def unpacked(detail: bytes) -> Any:
    if not detail:
        return None
    with gzip.GzipFile(fileobj=io.BytesIO(detail)) as packed:
        return json.loads(packed.read(MOST_DETAIL))


def give_up(analysis_id: UUID) -> None:
    """The last try failed for a reason outside the file (the storage is away): say that it was not read.

    What the scanner has not cleared goes on waiting, for the next sweep.
    """
    analysis = Analysis.objects.select_related("blob").filter(pk=analysis_id).first()
    if analysis is None or analysis.blob.is_quarantined:
        return
    Analysis.objects.filter(pk=analysis_id, state=AnalysisState.WAITING).update(
        state=AnalysisState.FAILED, failure=Failure.CRASHED, finished_at=Now()
    )


def read_again() -> int:
    """Set going what an older analyser read, what a crash left, what no scanner saw; returns how many."""
    outdated = Analysis.objects.older_than(versions()).exclude(state=AnalysisState.WAITING)
    lost = Analysis.objects.filter(state=AnalysisState.WAITING, requested_at__lt=Now() - LOST_AFTER)
    pks = list(outdated.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    pks += list(lost.order_by("requested_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    if settings.CLAMD_URL:
        # What was too large is asked again each day: the daemon's limit may have been raised.
        not_cleared = Q(blob__scan=Scan.NONE) | Q(
            blob__scan=Scan.UNSCANNABLE, blob__scanned_at__lt=Now() - timedelta(days=1)
        )
        unscanned = Analysis.objects.filter(not_cleared).exclude(state=AnalysisState.WAITING)
        pks += list(unscanned.order_by("blob__stored_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    else:
        # The operator took the scanner away: what it had not cleared opens, but for malware.
        held = Analysis.objects.filter(failure=Failure.QUARANTINED).exclude(blob__scan=Scan.INFECTED)
        pks += list(held.order_by("requested_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    for pk in pks:
        with transaction.atomic():
            # The time moves on, so that the next beat does not ask for the same reading again.
            Analysis.objects.filter(pk=pk).update(requested_at=Now(), state=AnalysisState.WAITING, failure="")
            enqueue(EXAMINE, pk)
    return len(pks)


# --- Changes -----------------------------------------------------------------------------------------


def _keep(analysis: Analysis, reading: Reading, detail: bytes, *, seconds: float) -> None:
    answer = reading.to_json()
    stored = None
    if detail:
        file = digested(detail, "detail.json.gz", "application/gzip")
        # Outside the transaction, and before the row that names it.
        keep_blob(file, file.sha256)
        stored = Blob.objects.get_or_create(sha256=file.sha256, defaults={"size": len(detail)})[0]
    Analysis.objects.filter(pk=analysis.pk).update(
        state=AnalysisState.DONE,
        failure="",
        analyser=reading.analyser,
        version=reading.version,
        dialect=reading.dialect,
        detail=stored,
        finished_at=timezone.now(),
        seconds=round(seconds, 3),
        **{
            name: answer[name]
            for name in (
                "facts",
                "findings",
                "findings_left_out",
                "secrets",
                "secrets_left_out",
                "skipped",
            )
        },
    )


def _keep_failure(analysis: Analysis, analyser: Analyser, failure: Failure) -> None:
    Analysis.objects.filter(pk=analysis.pk).update(
        state=AnalysisState.FAILED,
        failure=failure,
        analyser=analyser.name,
        version=analyser.version,
        facts={},
        findings=[],
        secrets=[],
        skipped=[],
        detail=None,
        finished_at=timezone.now(),
    )
