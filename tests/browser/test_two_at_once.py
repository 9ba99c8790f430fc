"""What an assessor writes is never lost: two windows of one review, a lease that ended, a lost connection."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from assessments.models import Submission
from reviews.claiming import claim
from reviews.models import Review
from reviews.scoring import Mark, save_scores
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.watching import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Visit = Callable[..., Page]


@pytest.fixture
def review(ada, bo, programme) -> Review:
    return claim(factories.make_submission(ada, programme), by=bo)


@pytest.fixture
def window(visit: Visit, bo, review) -> Page:
    page = visit(bo)
    page.goto(reverse("review", args=[review.pk]))
    return page


def comment(page: Page, number: int = 0) -> Locator:
    return page.locator("textarea[name^=comment-]").nth(number)


def write(page: Page, text: str, number: int = 0) -> None:
    comment(page, number).fill(text)
    comment(page, number).blur()


def is_saved(page: Page) -> None:
    expect(page.locator("#save-state [data-when=saved]")).to_be_visible()


def kept(review: Review) -> list[str]:
    scores = review.scores.order_by("criterion__position")
    return [text for text in scores.values_list("comment", flat=True) if text]


def second_window_of(page: Page, watch: Watch) -> Page:
    second = watch.over(page.context.new_page())
    second.goto(page.url)
    return second


def end_lease(review: Review) -> None:
    past = timezone.now() - timedelta(minutes=1)
    Submission.objects.filter(pk=review.submission_id).update(lease_until=past)


def test_a_stale_save_shows_both_texts_and_loses_neither(window: Page, watch: Watch, review) -> None:
    second = second_window_of(window, watch)
    write(window, "Written first.")
    is_saved(window)
    with watch.expecting(409):
        write(second, "Written second.")
        texts = second.get_by_role("group", name="Two versions")
        expect(texts).to_contain_text("Written first.")
        expect(texts).to_contain_text("Written second.")
    assert kept(review) == ["Written first."]
    texts.get_by_role("button", name="Keep both").click()
    is_saved(second)
    assert kept(review) == ["Written first.\n\nWritten second."]
    expect(comment(second)).to_have_value("Written first.\n\nWritten second.")


def test_windows_that_wrote_in_different_places_are_joined_without_a_question(
    window: Page, watch: Watch, review
) -> None:
    second = second_window_of(window, watch)
    write(window, "On the first criterion.")
    is_saved(window)
    with watch.expecting(409):
        write(second, "On the second criterion.", 1)
        is_saved(second)
    expect(comment(second)).to_have_value("On the first criterion.")
    assert kept(review) == ["On the first criterion.", "On the second criterion."]
    expect(second.get_by_role("group", name="Two versions")).to_have_count(0)


def test_bea_takes_over_and_the_text_of_bo_stays_on_his_page(window: Page, watch: Watch, bea, review) -> None:
    write(window, "Saved in time.")
    is_saved(window)
    end_lease(review)
    taken = claim(Submission.objects.get(pk=review.submission_id), by=bea)
    with watch.expecting(409):
        write(window, "Written after the lease.")
        expect(window.get_by_text("The work went back to the queue").first).to_be_visible()
    expect(comment(window)).to_have_value("Written after the lease.")
    with watch.expecting(409):
        window.get_by_role("button", name="Claim again and restore").click()
        expect(window.get_by_role("heading", name="Your text is kept")).to_be_visible()
    expect(window.get_by_label("Comment").first).to_have_value("Written after the lease.")
    assert kept(review) == ["Saved in time."]
    assert kept(taken) == []


def test_bo_claims_again_and_has_his_text_back(window: Page, watch: Watch, bea, review) -> None:
    end_lease(review)
    taken = claim(Submission.objects.get(pk=review.submission_id), by=bea)
    with watch.expecting(409):
        write(window, "Written after the lease.")
        offer = window.get_by_role("button", name="Claim again and restore")
        expect(offer).to_be_visible()
    end_lease(taken)
    offer.click()
    expect(window.get_by_text("The work is yours again, and your text is back.")).to_be_visible()
    expect(comment(window)).to_have_value("Written after the lease.")
    assert kept(Review.objects.open().get()) == ["Written after the lease."]


def test_what_a_lost_connection_kept_back_is_saved_when_it_returns(
    window: Page, watch: Watch, review
) -> None:
    with watch.offline(window.context):
        write(window, "Written on the train.")
        expect(window.get_by_text("Offline: will try again")).to_be_visible()
        assert kept(review) == []
    is_saved(window)
    assert kept(review) == ["Written on the train."]


def test_text_that_a_signed_out_browser_kept_is_offered_after_signing_in(
    window: Page, bo, live_server, review
) -> None:
    Session.objects.all().delete()
    write(window, "Written after the session.")
    expect(window.get_by_text("You are signed out").first).to_be_visible()
    assert kept(review) == []
    sign_in(window.context, bo, live_server.url)
    window.reload()
    expect(window.get_by_text("This browser keeps text that was not saved")).to_be_visible()
    expect(comment(window)).to_have_value("")
    window.get_by_role("button", name="Put it back").click()
    is_saved(window)
    assert kept(review) == ["Written after the session."]


def test_a_page_that_reads_along_changes_nothing(visit: Visit, cy, review) -> None:
    marks = [Mark(criterion, None, "Half way.") for criterion in review.submission.achievement.criteria[:1]]
    save_scores(review, version=review.version, marks=marks, by=review.assessor)
    page = visit(cy)
    page.goto(reverse("review", args=[review.pk]))
    expect(page.get_by_text("Bo Maes is reviewing this work.")).to_be_visible()
    expect(comment(page)).to_be_disabled()
    page.keyboard.press("j")
    page.keyboard.press("3")
    expect(page.locator("[data-criterion] input:checked")).to_have_count(0)
