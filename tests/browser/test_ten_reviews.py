"""Ten reviews from the queue to the decision, by the keyboard alone, with every word kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Achievement, Submission
from reviews.models import Decision, Review
from tests import factories

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

Visit = Callable[..., Page]
BANK = "The default policy drops; well argued."
# Level of the first and the second criterion, and what is decided: 1 approve, 2 return, 3 reject.
PLANS = [
    (3, 3, "1"),
    (4, 3, "1"),
    (2, 3, "2"),
    (3, 4, "1"),
    (1, 1, "3"),
    (4, 4, "1"),
    (3, 2, "2"),
    (3, 3, "1"),
    (2, 2, "2"),
    (4, 3, "1"),
]
OUTCOMES = {"1": "approve", "2": "return", "3": "reject"}


@pytest.fixture
def achievement(organisation) -> Achievement:
    return factories.make_achievement(organisation, code="firewall-management")


@pytest.fixture
def waiting(programme, bea) -> list[Submission]:
    second = programme.achievements.get().criteria[1]
    factories.make_comment(programme, bea, text=BANK, criterion=second)
    found = []
    for number in range(len(PLANS)):
        learner = factories.make_user(f"Learner{number} Janssens")
        factories.enrol(programme, learner)
        one = factories.make_submission(learner, programme)
        at = timezone.now() - timedelta(hours=20 - number)
        Submission.objects.filter(pk=one.pk).update(submitted_at=at)
        found.append(one)
    return found


def remark(number: int) -> str:
    """With every letter that is a key of the page, and some that are not in English."""
    return f"Work {number}: j k e o c b d n s ! ? « réglé »."


def judge(page: Page, number: int) -> None:
    first, second, outcome = PLANS[number]
    keys = page.keyboard
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    keys.press("e")
    assert page.evaluate("document.activeElement.hasAttribute('data-evidence')")
    keys.press("j")
    keys.press(str(first))
    keys.press("c")
    keys.type(remark(number))
    keys.press("Escape")
    keys.press("j")
    keys.press(str(second))
    keys.press("b")
    expect(page.locator("#bank-words")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("[data-criterion] textarea >> nth=1")).to_have_value(BANK)
    keys.press("Escape")
    if outcome != "1":
        write_feedback(page, number)
    keys.press("d")
    keys.press(outcome)
    keys.press("Control+Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    keys.press("Control+Enter")
    expect(page.locator("#decision-made")).to_be_visible()
    page.wait_for_load_state("load")  # the scripts that follow the keys are there


def write_feedback(page: Page, number: int) -> None:
    """The field before the decision: back from there by Shift and Tab."""
    page.keyboard.press("d")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#feedback")).to_be_focused()
    page.keyboard.type(f"Feedback {number}: mend it, please.")
    page.keyboard.press("Escape")


def test_bo_does_ten_reviews_without_the_mouse(visit: Visit, bo, waiting: list[Submission]) -> None:
    page = visit(bo)
    page.goto("/queue/")
    for number in range(len(PLANS)):
        with page.expect_navigation():
            page.keyboard.press("n")
        judge(page, number)
    page.keyboard.press("n")
    expect(page.get_by_text("Nothing is free to review here just now.")).to_be_visible()
    assert not Submission.objects.claimable().exists()
    for number, (one, plan) in enumerate(zip(waiting, PLANS, strict=True)):
        decision = Decision.objects.get(submission=one)
        assert decision.outcome == OUTCOMES[plan[2]]
        assert [row["position"] for row in decision.results] == list(plan[:2])
        assert [row["comment"] for row in decision.results] == [remark(number), BANK]
        if plan[2] != "1":
            assert decision.feedback == f"Feedback {number}: mend it, please."
    assert Review.objects.filter(assessor=bo, state="decided").count() == len(PLANS)
