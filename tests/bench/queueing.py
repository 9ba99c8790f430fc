"""The review queue over a hundred thousand submissions: pages, and eight assessors who claim at once."""

import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Submission
from assessments.models.lifecycle import State
from reviews import claiming, queueing
from reviews.models import Review
from tests import factories
from tests.bench.measuring import Row, Way, compared, interleaved, milliseconds, timed
from tests.bench.population import Population, populate, refresh_statistics
from workbench.models import User

ROUNDS = 7
TIMES = 3
CLAIMS_EACH = 20
CLAIM_ROUNDS = 3
PAGE_TARGET = "≤ 3 ms in the database"

Statement = tuple[str, Any]


def run() -> list[Row]:
    """Measured in the database that the settings name, which must be new and empty."""
    call_command("migrate", verbosity=0)
    population = populate()
    place = f"{connection.display_name}, {Submission.objects.count():,} submissions"
    rows = [*_pages(population), _whole_answer(population.bo), *_claims(population)]
    return [Row(f"{place}: {row.what}", row.ours, row.peer, row.ratio, row.target) for row in rows]


# --- Pages ----------------------------------------------------------------------------------------------


def _pages(population: Population) -> list[Row]:
    found = []
    for user, programmes in ((population.bo, "1 programme"), (population.mo, "10 programmes")):
        queue = queueing.with_open_reviews(queueing.queue_of(user), reader=user)
        waiting = queue.count()
        depth = waiting * 9 // 10
        cursor = _cursor_at(queue, depth)
        first, keyset = (
            _statement(lambda queue=queue: queueing.page(queue)),
            _statement(lambda queue=queue, cursor=cursor: queueing.page(queue, after=cursor)),
        )
        offset = _statement(lambda queue=queue, depth=depth: _by_offset(queue, depth))
        seconds = _replayed({"first": first, "keyset": keyset, "offset": offset})
        bare = _without_partial_index(first)
        found += [
            Row(
                f"first page of {waiting:,} open, {programmes}",
                milliseconds(seconds["first"]),
                f"without the partial index {milliseconds(bare)}",
                compared(seconds["first"], bare),
                PAGE_TARGET,
            ),
            Row(
                f"page after {depth:,} open, {programmes}",
                milliseconds(seconds["keyset"]),
                f"OFFSET {milliseconds(seconds['offset'])}",
                compared(seconds["keyset"], seconds["offset"]),
                PAGE_TARGET,
            ),
        ]
    return found


def _cursor_at(queue: Any, depth: int) -> str:
    last = queue.oldest_first()[depth - 1]
    return str(queueing.Cursor(last.submitted_at, last.pk))


def _by_offset(queue: Any, depth: int) -> list[Submission]:
    """The same page in the same shape, its rows counted off from the start."""
    chosen = queue.select_related(None).prefetch_related(None).oldest_first().values("pk")
    return list(queue.filter(pk__in=chosen[depth : depth + queueing.PAGE_SIZE + 1]).oldest_first())


def _statement(ask: Callable[[], object]) -> Statement:
    """The first statement that a question sends, to be sent again without the cost of making objects."""
    sent: list[Statement] = []

    def listen(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if 'FROM "assessments_submission"' in sql:
            sent.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(listen):
        ask()
    return sent[0]


def _replayed(statements: dict[str, Statement]) -> dict[str, float]:
    ways: dict[str, Way] = {
        name: timed(lambda statement=statement: _send(statement), times=TIMES)
        for name, statement in statements.items()
    }
    return interleaved(ways, rounds=ROUNDS)


def _send(statement: Statement) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        rows: list[Any] = cursor.fetchall()
    return rows


def _without_partial_index(statement: Statement) -> float:
    """The median seconds while the index of open work is away."""
    index = next(one for one in Submission._meta.indexes if one.name == "submission_queue")
    with connection.schema_editor() as editor:
        editor.remove_index(Submission, index)
    refresh_statistics()
    try:
        return _replayed({"bare": statement})["bare"]
    finally:
        with connection.schema_editor() as editor:
            editor.add_index(Submission, index)
        refresh_statistics()


def _whole_answer(user: User) -> Row:
    """The page as a browser gets it, all middleware included."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = "/queue/"
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries = len(captured)  # counted here: the next request empties the log
    seconds = interleaved({"page": timed(lambda: client.get(address))}, rounds=ROUNDS)["page"]
    return Row(
        "whole answer of the queue's page",
        f"{queries} queries, {milliseconds(seconds)}",
        target="≤ 15 queries",
    )


# --- Claims ---------------------------------------------------------------------------------------------


def _claims(population: Population) -> list[Row]:
    """Ours opens a review and writes the audit trail with each claim; the peer only marks the row."""
    rates: dict[str, list[float]] = {"ours": [], "peer": []}
    waits: list[float] = []
    twice = peer_twice = peer_claims = 0
    for _number in range(CLAIM_ROUNDS):
        claims, seconds = _at_once(population.assessors, _claim)
        rates["ours"].append(len(claims) / seconds)
        waits += [wait for _pk, wait in claims]
        twice += _reviewed_twice() + _repeated(claims)
        _free_all()
        claims, seconds = _at_once(population.assessors, _read_then_save)
        rates["peer"].append(len(claims) / seconds)
        peer_twice += _repeated(claims)
        peer_claims += len(claims)
        _free_all()
    alone = _alone(population.assessors[0])
    ours, peer = statistics.median(rates["ours"]), statistics.median(rates["peer"])
    p95 = statistics.quantiles(waits, n=20)[-1]
    return [
        Row(
            "claim next, 8 assessors at once",
            f"{ours:,.0f} a second, p95 {milliseconds(p95)}",
            f"read, then save: {peer:,.0f} a second, without review and trail",
            compared(1 / ours, 1 / peer),
            "p95 ≤ 10 ms",
        ),
        Row("claim next, nobody else there", f"p95 {milliseconds(alone)}"),
        Row(
            "claimed twice",
            f"{twice} of {len(waits):,}",
            f"read, then save: {peer_twice:,} of {peer_claims:,}",
            target="none",
        ),
    ]


def _alone(user: User) -> float:
    """The p95 in seconds: what waiting for others and for the interpreter's lock does not explain."""
    waits = [timed(lambda: _claim(user))() for _number in range(3 * CLAIMS_EACH)]
    _free_all()
    return statistics.quantiles(waits, n=20)[-1]


def _claim(user: User) -> Any:
    review = claiming.claim_next(queueing.queue_of(user), by=user)
    assert review is not None, "the queue must not run empty while it is measured"
    return review.submission_id


def _read_then_save(user: User) -> Any:
    """What a queue without care does: nothing stands between reading the row and writing it."""
    submission = queueing.queue_of(user).claimable().oldest_first().first()
    assert submission is not None
    submission.state, submission.claimed_by = State.IN_REVIEW, user
    submission.lease_until = submission.submitted_at + claiming.LEASE * 10_000
    submission.save(update_fields=["state", "claimed_by", "lease_until"])
    return submission.pk


def _at_once(users: list[User], act: Callable[[User], Any]) -> tuple[list[tuple[Any, float]], float]:
    """What was claimed with the seconds each took, and the seconds of all of it."""
    claims: list[tuple[Any, float]] = []
    lock = threading.Lock()

    def work(user: User) -> None:
        user = User.objects.get(pk=user.pk)
        own = []
        for _number in range(CLAIMS_EACH):
            start = time.perf_counter()
            own.append((act(user), time.perf_counter() - start))
        with lock:
            claims.extend(own)

    start = time.perf_counter()
    failed = [one for one in factories.at_once(work, users) if isinstance(one, Exception)]
    seconds = time.perf_counter() - start
    if failed:
        raise failed[0]
    return claims, seconds


def _repeated(claims: list[tuple[Any, float]]) -> int:
    return len(claims) - len({pk for pk, _wait in claims})


def _reviewed_twice() -> int:
    """Submissions that more than one review stands for, whatever the claimers were told."""
    counted = Review.objects.values("submission").annotate(count=Count("pk"))
    return counted.filter(count__gt=1).count()


def _free_all() -> None:
    """Put everything back, so that each round finds the same queue and no review."""
    with transaction.atomic():
        Review.objects.all().delete()
        Submission.objects.filter(state=State.IN_REVIEW).update(
            state=State.SUBMITTED, claimed_by=None, lease_until=None
        )
