"""What the queue asks of people, for everybody: overdue, skipped, flagged; by keyboard and on a phone."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Skip, Submission
from assessments.promising import promise
from reviews.claiming import claim
from reviews.flagging import flag
from reviews.models import Flag, Review
from reviews.skipping import skip
from tests import factories
from tests.browser.accessibility import spills_over, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

Visit = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def review(ada, alan, bo, cy, mo, programme) -> Review:
    promise(programme, days=5, by=mo)
    late = factories.make_submission(alan, programme)
    Submission.objects.filter(pk=late.pk).update(submitted_at=timezone.now() - timedelta(days=6))
    flag(late, note="Is the second capture from the same network?", by=cy)
    skip(claim(late, by=bo), reason="language", words="Written in Dutch.", by=bo)
    return claim(factories.make_submission(ada, programme), by=bo)


def test_bo_flags_and_gives_back_without_the_mouse(visit: Visit, review, bo):
    page = visit(bo)
    page.goto(reverse("review", args=[review.pk]))
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    for key in ("j", "c"):
        page.keyboard.press(key)
    page.keyboard.type("Begun.")
    page.keyboard.press("Escape")
    page.keyboard.press("!")
    page.locator("#note").fill("Look at the rules of the branch again.")
    page.locator("#note").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Look at the rules of the branch again.")).to_be_visible()
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("Why do you not review it?")).to_be_visible()
    page.get_by_label("Not my field").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Give it back").press("Enter")
    expect(page.get_by_text("It is not offered to you again.")).to_be_visible()
    assert Flag.objects.filter(submission=review.submission).exists()
    assert Skip.objects.filter(submission=review.submission, person=bo, reason="field").exists()
    assert review.scores.filter(comment="Begun.").exists()


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_and_nothing_spills_over(visit: Visit, review, bo, cy, mo, programme, viewport):
    options: dict[str, Any] = {"viewport": viewport} if viewport else {}
    flag(review.submission, note="Look again.", by=cy)
    waiting = Submission.objects.get(state="submitted")
    seen = {
        bo: {
            "review": reverse("review", args=[review.pk]),
            "skip": reverse("skip", args=[review.pk]),
            "flag": reverse("flag", args=[waiting.pk]),
        },
        cy: {"queue": reverse("queue"), "submission": reverse("submission", args=[waiting.pk])},
        mo: {"programme": reverse("programme", args=[programme.pk])},
    }
    for person, addresses in seen.items():
        page = visit(person, reduced_motion="reduce", **options)
        for name, address in addresses.items():
            page.goto(address)
            shot(page, f"{name}-{'phone' if viewport else 'desk'}")
            assert violations(page) == [], name
            assert not spills_over(page), name


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
