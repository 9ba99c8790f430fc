"""Lists by cursor: each page begins after the last row of the page before."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Schema

from workbench.errors import DomainError

MOST = 100
USUAL = 25

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(description="the cursor of the page that follows; null on the last one")


class Position(Schema):
    """Where a page begins, and how long it is."""

    cursor: str | None = Field(None, max_length=500, description="`next` of the page before")
    limit: int = Field(USUAL, ge=1, le=MOST, description="how many items at most")


AtPosition = Annotated[Position, Query(...)]


def paged(
    rows: QuerySet[Row],
    position: Position,
    *,
    by: str,
    shape: Callable[[list[Row]], list[Any]],
) -> dict[str, Any]:
    """One page of ``rows`` ordered by a date (``-`` in front: newest first) and then by id.

    A cursor belongs to the list it came from. Raises DomainError ``bad-cursor`` (400) for any other.
    """
    descending, name = by.startswith("-"), by.removeprefix("-")
    salt = f"cursor:{rows.model._meta.label_lower}:{by}"
    if position.cursor:
        rows = rows.filter(_after(position.cursor, salt, name, "lt" if descending else "gt"))
    found = list(rows.order_by(by, "-pk" if descending else "pk")[: position.limit + 1])
    page = found[: position.limit]
    more = len(found) > position.limit
    return {"items": shape(page), "next": _cursor(page[-1], salt, name) if more else None}


def _cursor(row: Model, salt: str, name: str) -> str:
    return signing.dumps([getattr(row, name).isoformat(), str(row.pk)], salt=salt)


def _after(cursor: str, salt: str, name: str, way: str) -> Q:
    """Rows behind the cursor. The first, redundant condition lets the index find where to begin."""
    try:
        at, pk = signing.loads(cursor, salt=salt)
    except signing.BadSignature:
        raise DomainError("bad-cursor", _("This cursor does not belong to this list."), status=400) from None
    moment, row = datetime.fromisoformat(at), UUID(pk)
    return Q(**{f"{name}__{way}e": moment}) & (Q(**{f"{name}__{way}": moment}) | Q(**{f"pk__{way}": row}))
