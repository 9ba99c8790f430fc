"""The comment bank in a real browser: by keyboard in the dialog, by forms without scripts, for everybody."""

import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from reviews.claiming import claim
from reviews.models import BankComment, Review
from tests import factories
from tests.browser.accessibility import spills_over, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

Visit = Callable[..., Page]
WORDS = "The default policy drops; well argued."
PHONE = {"width": 390, "height": 844}
COMMENT = "[data-criterion] textarea >> nth=0"


@pytest.fixture
def review(ada, bo, bea, programme) -> Review:
    factories.make_comment(programme, bea, text="Say why the source is any.", uses=7)
    factories.make_comment(programme, bea, text=WORDS, uses=2)
    factories.make_comment(programme, bea, text="L’ordre des règles est clair.", language="fr")
    return claim(factories.make_submission(ada, programme), by=bo)


def test_bo_inserts_by_keyboard_below_what_he_wrote(visit: Visit, review, bo):
    page = visit(bo)
    page.goto(reverse("review", args=[review.pk]))
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    for key in ("j", "c"):
        page.keyboard.press(key)
    page.keyboard.type("My own words.")
    page.keyboard.press("Alt+b")
    expect(page.locator("[data-bank-row]")).to_have_count(3)
    expect(page.locator("#bank-words")).to_be_focused()
    assert violations(page) == []
    shot(page, "bank-dialog")
    page.keyboard.type("REGLES")
    expect(page.locator("[data-bank-row]:visible")).to_have_count(1)
    page.locator("#bank-words").fill("")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(COMMENT)).to_have_value(f"My own words.\n{WORDS}")
    expect(page.locator(COMMENT)).to_be_focused()
    assert within(9, lambda: review.scores.filter(comment=f"My own words.\n{WORDS}").exists())
    assert BankComment.objects.get(text=WORDS).uses == 3


def test_enter_in_the_search_inserts_the_first_that_is_shown(visit: Visit, review, bo):
    page = visit(bo)
    page.goto(reverse("review", args=[review.pk]))
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    for key in ("j", "b"):
        page.keyboard.press(key)
    expect(page.locator("#bank-words")).to_be_focused()
    page.keyboard.type("default drops")
    page.keyboard.press("Enter")
    expect(page.locator(COMMENT)).to_have_value(WORDS)


def test_what_is_in_the_field_goes_into_the_bank(visit: Visit, review, bo):
    page = visit(bo)
    page.goto(reverse("review", args=[review.pk]))
    page.locator(COMMENT).fill("Test every refused flow.")
    page.locator("[data-bank-open] >> nth=0").click()
    page.locator(".bank-add summary").click()
    expect(page.locator(".bank-add textarea")).to_have_value("Test every refused flow.")
    page.locator(".bank-add button").click()
    expect(page.locator("[data-bank-row]")).to_have_count(4)
    page.keyboard.press("Escape")
    expect(page.locator(COMMENT)).to_have_value("Test every refused flow.")
    assert BankComment.objects.filter(author=bo, text="Test every refused flow.").exists()


def test_without_scripts_the_same_by_forms(visit: Visit, review, bo):
    page = visit(bo, java_script_enabled=False)
    page.goto(reverse("review", args=[review.pk]))
    page.locator(COMMENT).fill("My own words.")
    page.locator("[data-bank-open] >> nth=0").click()
    page.get_by_label("Search the comments").fill("policy")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name=WORDS).click()
    expect(page.locator(COMMENT)).to_have_value(f"My own words.\n{WORDS}")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_and_nothing_spills_over(visit: Visit, review, bo, programme, viewport):
    options: dict[str, Any] = {"viewport": viewport} if viewport else {}
    page = visit(bo, reduced_motion="reduce", **options)
    comment = factories.make_comment(programme, bo, text="x" * 300)
    for name, address in {
        "bank": reverse("programme-comments", args=[programme.pk]),
        "change": reverse("programme-comment", args=[programme.pk, comment.pk]),
        "picker": reverse("comment-bank", args=[review.pk]),
    }.items():
        page.goto(address)
        shot(page, f"{name}-{'phone' if viewport else 'desk'}")
        assert violations(page) == []
        assert not spills_over(page)


def within(seconds: int, told: Callable[[], bool]) -> bool:
    """The sheet saves itself a moment after the last change."""
    until = time.monotonic() + seconds
    while not (done := told()) and time.monotonic() < until:
        time.sleep(0.2)
    return done


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
