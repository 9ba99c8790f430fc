"""Texts that exist in several languages, and the language a person reads."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

CODES = tuple(code for code, _name in settings.LANGUAGES)


def in_language(texts: Mapping[str, str], language: str | None = None) -> str:
    """The text in ``language`` (default: the active one), else in English, else in any, else ``""``."""
    wanted = (language or translation.get_language() or settings.LANGUAGE_CODE)[:2]
    return texts.get(wanted) or texts.get(settings.LANGUAGE_CODE) or next(iter(texts.values()), "")


def validate_texts(value: object) -> None:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValidationError(_("Give one text per language."), code="texts")


class TextsField(models.JSONField):
    """A JSON object with one text per language code: ``{"fr": "…", "nl": "…", "en": "…"}``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    default_validators = [validate_texts]


class Localised:
    """A read-only attribute: the texts of another attribute in the active language."""

    def __init__(self, source: str) -> None:
        self.source = source

    def __get__(self, instance: Any, owner: type | None = None) -> str:
        if instance is None:
            return self  # type: ignore[return-value]
        return in_language(getattr(instance, self.source))


def user_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer a signed-in person in the language of their account, whatever the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return get_response(request)

    return middleware
