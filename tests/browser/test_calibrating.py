"""An exemplar in a real browser: by keyboard alone, in two windows, and without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Achievement
from reviews.calibrating import start
from reviews.models import Calibration
from tests import factories

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def achievement(organisation) -> Achievement:
    """Two criteria, so that the counts can be told by heart."""
    return factories.make_achievement(organisation, code="firewall-management")


@pytest.fixture
def calibration(ada, bo, bea, cy, programme) -> Calibration:
    submission = factories.make_submission(ada, programme)
    factories.make_decision(submission, bea)
    submission.refresh_from_db()
    return start(factories.make_exemplar(submission, cy, name="Default drop"), by=bo)


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")


def test_an_exemplar_is_scored_and_compared_without_the_mouse(visit, calibration, bo):
    page = visit(bo)
    page.goto(reverse("calibration-sheet", args=[calibration.pk]))
    page.keyboard.press("j")
    page.keyboard.press("3")
    page.keyboard.press("c")
    page.keyboard.type("Drops by default.")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("2")
    saved(page)
    assert calibration.scores.count() == 2
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("one level lower")).to_be_visible()
    calibration.refresh_from_db()
    assert (calibration.exact, calibration.adjacent) == (1, 1)
    assert calibration.scores.first().comment == "Drops by default."


def test_two_windows_lose_no_word(visit, calibration, bo):
    page = visit(bo)
    address = reverse("calibration-sheet", args=[calibration.pk])
    page.goto(address)
    other = page.context.new_page()
    other.goto(page.url)
    field = "[data-criterion] textarea >> nth=0"
    page.fill(field, "In the first window.")
    saved(page)
    other.fill(field, "In the second window.")
    expect(other.locator(".conflict")).to_contain_text("In the first window.")
    other.locator("[data-keep=both]").click()
    saved(other)
    assert calibration.scores.first().comment == "In the first window.\n\nIn the second window."


def test_without_scripts_it_is_scored_as_well(visit, calibration, bo):
    page = visit(bo, java_script_enabled=False)
    page.goto(reverse("calibration-sheet", args=[calibration.pk]))
    for criterion in page.locator("[data-criterion]").all():
        criterion.locator("input[type=radio]").nth(2).check()
    page.get_by_role("button", name="Finish and compare").click()
    expect(page.get_by_text("2 of 2 criteria hit exactly")).to_be_visible()
