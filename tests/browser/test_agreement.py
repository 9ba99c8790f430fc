"""The agreement page for axe, on a desk and a phone: full, one's own, and with nothing to tell."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from assessments.models import Achievement
from tests import factories
from tests.browser.accessibility import spills_over, violations
from tests.marks import hand_in, mark

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Visit = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_and_nothing_spills_over(
    visit: Visit, programme, organisation, achievement, bo, bea, cy, viewport
) -> None:
    achievement = Achievement.objects.with_rubric().get(pk=achievement.pk)
    works = hand_in(programme, achievement, 30)
    mark(works, bea, [1 + at % 4 for at in range(30)])
    mark(works, bo, [1 + (at + at % 3 // 2) % 4 for at in range(30)])
    ben = factories.make_user("Ben Claes-Vandenbroucke")
    few = hand_in(programme, achievement, 2)
    mark(few, ben, [2, 3])
    mark(few, bo, [2, 4])
    empty = factories.make_programme(organisation, achievement)
    factories.grant(cy, "moderator", empty)
    options: dict[str, Any] = {"viewport": viewport} if viewport else {}
    seen = {
        cy: {
            "full": reverse("agreement", args=[programme.pk]),
            "months": reverse("agreement", args=[programme.pk])
            + "?span=month&since=2026-05-01&until=2026-04-01",
            "empty": reverse("agreement", args=[empty.pk]),
        },
        bo: {"own": reverse("agreement", args=[programme.pk])},
    }
    for person, addresses in seen.items():
        page = visit(person, reduced_motion="reduce", **options)
        for name, address in addresses.items():
            page.goto(address)
            for details in page.locator("details.agreement-help").all():
                details.locator("summary").click()
            shot(page, f"agreement-{name}-{'phone' if viewport else 'desk'}")
            assert violations(page) == [], name
            assert not spills_over(page), name


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
