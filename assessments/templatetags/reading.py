"""What templates say of a file that was read: its summary, its marks and where they stand."""

from django import template
from django.urls import reverse

from assessments.analysers.analysis import Place
from assessments.explaining import findings, places
from assessments.explaining.words import Words
from assessments.models import Analysis, Evidence
from assessments.secrecy import open_marks

register = template.Library()


@register.filter
def summary(analysis: Analysis) -> str:
    return findings.summary(analysis.analyser, analysis.dialect, analysis.facts)


@register.filter
def open_secrets(item: Evidence) -> int:
    """How many marks in the file are not settled."""
    return len(open_marks(item))


@register.filter
def secret_words(code: str) -> Words:
    return findings.words_of_secret(code)


@register.filter
def place_words(place: Place) -> str:
    return places.in_words(place)


@register.filter
def place_address(item: Evidence, place: Place) -> str:
    """The viewer, opened at the place."""
    return f"{reverse('evidence-view', args=[item.pk])}{places.query(place)}"
