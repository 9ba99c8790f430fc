"""Every page works without JavaScript: Ada hands in, Bo scores and decides, a conflict loses no text."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Submission
from assessments.models.lifecycle import State
from reviews.claiming import claim
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.scoring import Mark, save_scores
from tests import factories
from tests.browser.watching import Watch
from workbench import jobs

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Visit = Callable[..., Page]


def plain(visit: Visit, person) -> Page:
    return visit(person, java_script_enabled=False)


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


def test_ada_hands_in(visit: Visit, ada, watch: Watch) -> None:
    page = plain(visit, ada)
    page.goto("/submissions/")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("link", name="Add evidence").click()
    page.get_by_role("textbox", name="Title").fill("Rules of the branch")
    with watch.expecting(422):
        page.get_by_role("button", name="Add evidence").click()
    expect(page.locator(".error-summary")).to_contain_text("File")
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Rules of the branch")
    page.locator("#id_file").set_input_files(
        {"name": "rules.v4", "mimeType": "text/plain", "buffer": factories.RULES}
    )
    page.get_by_role("checkbox", name="FW-1").check()
    page.get_by_label("Justification: FW-1").fill("The policy of every chain.")
    page.get_by_role("button", name="Add evidence").click()
    expect(page.get_by_role("article")).to_contain_text("The policy of every chain.")
    with watch.expecting(422):
        page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Declare that the work is your own").first).to_be_visible()
    page.get_by_label("I declare").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Handed in.")).to_be_visible()
    assert Submission.objects.of(ada).get().state == State.SUBMITTED


def test_bo_scores_and_decides(visit: Visit, bo, watch: Watch, handed_in) -> None:
    page = plain(visit, bo)
    page.goto("/queue/")
    page.get_by_role("button", name="Claim next").click()
    page.locator("[data-criterion] textarea").first.fill("Default deny on every chain.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.locator("[data-criterion] textarea").first).to_have_value("Default deny on every chain.")
    page.get_by_role("radio", name="Approve").check()
    with watch.expecting(422):
        page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("This was not done")).to_be_visible()
    assert not Decision.objects.exists()
    for criterion in page.locator("[data-criterion]").all():
        criterion.get_by_role("radio").nth(2).check()
    page.get_by_role("radio", name="Approve").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Approved. The badge is being made and signed.").first).to_be_visible()
    assert Decision.objects.get().outcome == Outcome.APPROVE


def test_bo_chooses_between_two_texts(visit: Visit, bo, watch: Watch, handed_in) -> None:
    review = claim(handed_in, by=bo)
    page = plain(visit, bo)
    page.goto(reverse("review", args=[review.pk]))
    criterion = review.submission.achievement.criteria[0]
    save_scores(review, version=review.version, marks=[Mark(criterion, None, "Written elsewhere.")], by=bo)
    page.locator("[data-criterion] textarea").first.fill("Written here.")
    with watch.expecting(409):
        page.get_by_role("button", name="Save", exact=True).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Written elsewhere.")
    expect(main).to_contain_text("Written here.")
    page.get_by_role("button", name="Save what I chose").click()
    assert Review.objects.get().scores.get(criterion=criterion).comment == (
        "Written elsewhere.\n\nWritten here."
    )


def test_a_stranger_verifies(visit: Visit, bea, handed_in) -> None:
    factories.make_decision(handed_in, bea)
    jobs.run_due()
    page = visit(java_script_enabled=False)
    page.goto(handed_in.learner.credentials.get().get_absolute_url())
    page.get_by_label("Email address").fill(handed_in.learner.email)
    page.get_by_role("button", name="Check the address").click()
    expect(page.get_by_text("Yes: this badge was awarded to that address.")).to_be_visible()
    page.get_by_role("link", name="Verify now").click()
    expect(page.locator(".verdict")).to_have_attribute("data-tone", "success")
