"""Write the audit trail, and prove that nobody rewrote it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from workbench.models.event import Event
from workbench.models.user import User

GENESIS = "0" * 64
# Any fixed number: it names the one advisory lock under which PostgreSQL appends to the chain.
CHAIN_LOCK = 0x0B3A0D17


def record(by: User | None, verb: str, subject: models.Model, **data: Any) -> Event:
    """Append one event, in the transaction of the change that it tells.

    Call it last in a verb: on PostgreSQL it holds the chain's lock until commit, and rows locked
    after it could wait on each other. ``by`` is None for what the system does on its own.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "An event is recorded inside the transaction of its change."
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = Event.objects.order_by("-sequence").only("sequence", "hash").first()
    event = Event(
        sequence=last.sequence + 1 if last else 1,
        at=timezone.now(),
        actor=by,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        data=data,
        previous_hash=last.hash if last else GENESIS,
    )
    event.hash = event.digest()
    event.save(force_insert=True)
    return event


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold: the sequence number and what is wrong there."""

    sequence: int
    reason: str


def breaks(*, batch: int = 2000) -> Iterator[Break]:
    """Walk the whole chain and yield every place where it does not hold."""
    expected, previous = 1, GENESIS
    for event in Event.objects.in_order().iterator(chunk_size=batch):
        if event.sequence != expected:
            yield Break(event.sequence, "gap")
        if event.previous_hash != previous:
            yield Break(event.sequence, "link")
        if event.digest() != event.hash:
            yield Break(event.sequence, "content")
        expected, previous = event.sequence + 1, event.hash
