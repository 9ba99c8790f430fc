"""Texts that come from outside, refused before they can break the database."""

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator


def storable(text: str) -> str:
    """NUL cannot be stored by PostgreSQL, and half a surrogate pair cannot be written as UTF-8."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(_("This text holds characters that cannot be stored."))
    return text


# In examples of the OpenAPI document.
EXAMPLE_ID = "7b0a0d3e-5f0e-4c0b-9d53-0f1f6c2b6c11"

Text = Annotated[str, AfterValidator(storable)]
