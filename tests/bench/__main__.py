"""Prints how the product stands to its peers: `make bench`. It only tells, and never fails for being slow."""

import sys
import time
from collections.abc import Iterator

from tests.bench.apart import apart, postgres_server, temporary_postgres
from tests.bench.facts import machine
from tests.bench.growth import report_rows
from tests.bench.measuring import Row, table

REPORTS = (200, 1000)


def rows() -> Iterator[Row]:
    """Part by part, each told on standard error while it runs."""
    for part in (
        "signing:run",
        "baking:run",
        "uploading:run",
        "configurations:run",
        "captures:run",
        "queueing:run",
    ):
        yield from _told(part)
    server = postgres_server()
    if server:
        with temporary_postgres(server) as database:
            yield from _told("queueing:run", database=database)
    else:
        yield Row("PostgreSQL: queue", "not measured: DATABASE_URL names no PostgreSQL")
    yield from _told("printing:run_certificate")
    yield from _reports()


def _told(part: str, database: str = "") -> list[Row]:
    start = time.perf_counter()
    found: list[Row] = apart(part, database=database)
    _tell(part, start)
    return found


def _reports() -> list[Row]:
    start = time.perf_counter()
    few, many = (apart("printing:run_report", learners) for learners in REPORTS)
    chromium = apart("printing:run_chromium", REPORTS[1])
    _tell("printing:run_report", start)
    return report_rows(REPORTS, (few, many), chromium)


def _tell(part: str, start: float) -> None:
    print(f"{part} took {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    begun = time.perf_counter()
    print("\n".join(f"- {fact}" for fact in machine()), end="\n\n", flush=True)
    print(table(list(rows())))
    print(f"\nThe run took {time.perf_counter() - begun:.0f} s.")
