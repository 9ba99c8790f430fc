"""Cut a list into pages without counting the table."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

LAST = 10_000


@dataclass(frozen=True)
class Page:
    """One page of rows; ``previous`` and ``next`` are addresses, empty at either end."""

    items: list[Any]
    number: int
    previous: str
    next: str


def page_of(request: HttpRequest, rows: QuerySet[Any], size: int) -> Page:
    """The page that ``?page=`` names; one row more is fetched to know whether another page follows."""
    given = request.GET.get("page", "1")
    number = min(max(int(given), 1), LAST) if given.isascii() and given.isdigit() and len(given) < 9 else 1
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(
        items=found[:size],
        number=number,
        previous=_address(request, number - 1) if number > 1 else "",
        next=_address(request, number + 1) if len(found) > size else "",
    )


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
