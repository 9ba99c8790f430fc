"""Reviewing in a real browser: by keyboard alone, in two windows, offline, and past the end of the lease."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assessments.models import Achievement, Submission
from reviews.claiming import claim, release
from reviews.models import Decision, Review
from tests import factories
from tests.browser.conftest import sign_in
from workbench.models import User

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

COMMENT = "[data-criterion] textarea >> nth=0"
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('review-draft')).length"


@pytest.fixture
def achievement(organisation) -> Achievement:
    """Two criteria, so that the totals can be told by heart."""
    return factories.make_achievement(organisation, code="firewall-management")


@pytest.fixture
def signed_in(browser: Browser, live_server) -> Iterator[Callable[[User], BrowserContext]]:
    contexts = []

    def open_context(person: User) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        sign_in(context, person, live_server.url)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


@pytest.fixture
def review(bo, handed_in) -> Review:
    return claim(handed_in, by=bo)


def open_review(context: BrowserContext, review: Review) -> Page:
    page = context.new_page()
    page.goto(f"/reviews/{review.pk}/")
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()  # the scripts have started
    return page


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("#save-state")).to_have_attribute("data-state", state, timeout=9000)


def take_over(review: Review, by: User) -> Review:
    Submission.objects.filter(pk=review.submission_id).update(
        lease_until=timezone.now() - timedelta(minutes=1)
    )
    return claim(review.submission, by=by)


def test_bo_claims_scores_comments_and_decides_without_the_mouse(signed_in, bo, alan, programme, handed_in):
    factories.make_submission(alan, programme)
    page = signed_in(bo).new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/queue/")
    page.keyboard.press("n")
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    for key in ("j", "3", "c"):
        page.keyboard.press(key)
    page.keyboard.type("Good order; jk12? stay words.")
    for key in ("Escape", "j", "4"):
        page.keyboard.press(key)
    expect(page.locator("[data-standing-total]")).to_contain_text("83.33", timeout=9000)
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "evidence-1"
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    for key in ("Escape", "d", "1", "Control+Enter", "Control+Enter"):
        page.keyboard.press(key)
    expect(page.locator("#decision-made")).to_be_visible()
    results = Decision.objects.get().results
    assert [row["comment"] for row in results] == ["Good order; jk12? stay words.", ""]
    assert [row["position"] for row in results] == [3, 4]
    assert page.evaluate(DRAFTS) == 0
    page.keyboard.press("n")
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    assert Review.objects.open().get().submission.learner == alan
    assert errors == []


def test_two_windows_keep_both_texts(signed_in, bo, review):
    context = signed_in(bo)
    one, two = open_review(context, review), open_review(context, review)
    one.fill(COMMENT, "From the first.")
    expect_state(one, "saved")
    two.fill(COMMENT, "From the second.")
    two.locator("[data-criterion] input[type=radio]").nth(2).check()
    expect_state(two, "conflict")
    panel = two.locator(".conflict")
    expect(panel).to_have_count(1)
    expect(panel.locator("[data-kept]")).to_have_text("From the first.")
    expect(panel.locator("[data-own]")).to_have_text("From the second.")
    panel.locator("[data-keep=both]").click()
    expect_state(two, "saved")
    score = review.scores.first()
    assert score.comment == "From the first.\n\nFrom the second."
    assert score.level.position == 3

    # The first window changed nothing since: it follows, and keeps what it writes elsewhere.
    one.fill("#feedback", "Both windows agree.")
    expect(one.locator(COMMENT)).to_have_value("From the first.\n\nFrom the second.", timeout=9000)
    expect_state(one, "saved")
    review.refresh_from_db()
    assert review.feedback == "Both windows agree."


def test_nothing_is_decided_while_two_versions_are_open(signed_in, bo, review):
    context = signed_in(bo)
    one, two = open_review(context, review), open_review(context, review)
    one.fill(COMMENT, "From the first.")
    expect_state(one, "saved")
    two.fill(COMMENT, "From the second.")
    expect_state(two, "conflict")
    two.fill("#feedback", "Return it.")
    two.locator("input[name=outcome]").nth(1).check()
    two.locator("[data-decide-button]").click()
    two.locator("[data-confirm-button]").click()
    expect(two.locator(".conflict")).to_be_in_viewport()
    assert not Decision.objects.exists()
    assert review.scores.first().comment == "From the first."


def test_a_lease_that_ends_while_writing_loses_no_word(signed_in, bo, bea, review):
    page = open_review(signed_in(bo), review)
    taken = take_over(review, bea)
    page.fill(COMMENT, "Words that must live.")
    expect(page.locator("[data-notice=lost]")).to_be_visible(timeout=9000)
    assert page.evaluate(DRAFTS) == 1
    release(taken, by=bea)
    page.locator("[data-notice=lost] button").click()
    page.wait_for_url("**/reviews/**")
    expect(page.locator(COMMENT)).to_have_value("Words that must live.")
    assert Review.objects.open().get().scores.first().comment == "Words that must live."
    assert page.evaluate(DRAFTS) == 0


def test_text_that_only_the_browser_kept_is_offered_again(signed_in, bo, bea, review):
    page = open_review(signed_in(bo), review)
    taken = take_over(review, bea)
    page.fill("#feedback", "Words that must live.")
    expect(page.locator("[data-notice=lost]")).to_be_visible(timeout=9000)
    release(taken, by=bea)
    page.goto(f"/reviews/{review.pk}/")
    page.get_by_role("button", name="Claim again").click()
    expect(page.locator("[data-notice=draft]")).to_be_visible()
    page.locator("[data-draft=restore]").click()
    expect_state(page, "saved")
    assert Review.objects.open().get().feedback == "Words that must live."
    assert page.evaluate(DRAFTS) == 0


def test_offline_words_are_saved_when_the_line_is_back(signed_in, bo, review):
    context = signed_in(bo)
    page = open_review(context, review)
    context.set_offline(True)
    page.fill("#feedback", "Written in a train.")
    expect_state(page, "error")
    assert "will try again" in page.locator("#save-state").inner_text()
    context.set_offline(False)
    expect_state(page, "saved")
    review.refresh_from_db()
    assert review.feedback == "Written in a train."


def test_leaving_at_once_still_saves(signed_in, bo, review):
    page = open_review(signed_in(bo), review)
    page.fill("#feedback", "Last words.")
    page.goto("/queue/")
    deadline = time.monotonic() + 9
    while not Review.objects.get(pk=review.pk).feedback and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    page.goto(f"/reviews/{review.pk}/")
    expect(page.locator("#feedback")).to_have_value("Last words.")
    expect(page.locator("[data-notice=draft]")).to_be_hidden()


def test_deciding_right_after_typing_takes_the_last_words_along(signed_in, bo, review):
    page = open_review(signed_in(bo), review)
    page.locator("input[name=outcome]").nth(1).check()
    page.fill("#feedback", "Show the log rule at work.")
    page.locator("[data-decide-button]").click()
    page.locator("[data-confirm-button]").click()
    expect(page.locator("#decision-made")).to_be_visible()
    assert Decision.objects.get().feedback == "Show the log rule at work."


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_spills_over(signed_in, bo, mo, ada, review, width):
    axe = Axe()
    for person, paths in (
        (bo, ["/", "/queue/", f"/reviews/{review.pk}/"]),
        (mo, ["/", "/queue/"]),
        (ada, ["/"]),
    ):
        page = signed_in(person).new_page()
        page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            results = axe.run(page)
            assert results.violations_count == 0, results.generate_report()
