"""Two markings and a moderator's decision on them, by the keyboard alone."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Achievement
from reviews.deciding import decide
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.models.policy import Markers
from reviews.models.review import EvidenceRule
from reviews.prescribing import Rules, prescribe
from tests import factories

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

Visit = Callable[..., Page]


@pytest.fixture
def achievement(organisation) -> Achievement:
    """Two criteria are enough to move between."""
    return factories.make_achievement(organisation, code="firewall-management")


def test_bo_ticks_all_rules_by_a_key_and_finishes_his_marking(visit: Visit, ada, bo, mo, programme) -> None:
    prescribe(programme, Rules(Markers.DOUBLE_BLIND, asks_rules=True), by=mo)
    review = factories.scored(factories.make_submission(ada, programme), bo, 3, 3)
    page = visit(bo)
    page.goto(reverse("review", args=[review.pk]))
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("[data-rules] input:checked")).to_have_count(4)
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    review.refresh_from_db()
    assert review.met == list(EvidenceRule)
    page.keyboard.press("r")
    expect(page.locator("[data-rules] input:checked")).to_have_count(0)
    page.keyboard.press("r")
    page.keyboard.press("d")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog[open]")).to_contain_text("Finish your marking?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("Your marking is finished.")
    review.refresh_from_db()
    assert (review.state, review.met) == ("marked", list(EvidenceRule))


def test_cy_settles_a_disagreement_by_the_keyboard(visit: Visit, ada, bo, bea, cy, mo, programme) -> None:
    prescribe(programme, Rules(Markers.DOUBLE_BLIND), by=mo)
    submission = factories.make_submission(ada, programme)
    decide(factories.scored(submission, bo, 3, 4), outcome=Outcome.APPROVE, feedback="Clear.", by=bo)
    decide(factories.scored(submission, bea, 2, 4), outcome=Outcome.RETURN, feedback="Log.", by=bea)
    page = visit(cy)
    page.goto(reverse("disagreement", args=[submission.pk]))
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("3")
    page.keyboard.press("c")
    page.keyboard.type("Line 12 logs it: j k d 1.")
    page.keyboard.press("Escape")
    page.keyboard.press("j")  # a level that was agreed on is folded until a key asks for it
    page.keyboard.press("c")
    expect(page.locator("[data-criterion]").nth(1).locator("details")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.press("1")
    page.locator("#reason").focus()
    page.keyboard.type("The log is there.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog[open]")).to_contain_text("Decide now?")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**" + reverse("moderation"))
    decision = Decision.objects.get()
    assert (decision.outcome, decision.basis["reason"]) == ("approve", "The log is there.")
    assert Review.objects.get(kind="adjudication").scores.get().comment == "Line 12 logs it: j k d 1."
