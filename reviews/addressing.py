"""Addresses of lists that keep their filters from page to page."""

from django.forms import Form
from django.http import QueryDict
from django.urls import reverse


def filters_of(query: QueryDict, form: type[Form]) -> QueryDict:
    """The filters of an address that ``form`` knows, without the place in the list."""
    kept = QueryDict(mutable=True)
    for name in form.base_fields:
        value = query.get(name)
        if value:
            kept[name] = str(value)
    return kept


def list_address(page: str, filters: QueryDict, **place: str) -> str:
    """The page of a list by its name in the addresses, at a place in it."""
    query = filters.copy()
    for name, value in place.items():
        query[name] = value
    return f"{reverse(page)}?{query.urlencode()}"
