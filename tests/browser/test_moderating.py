"""Moderation in a browser: sent back, answered beside the rubric, accepted; and axe finds nothing."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Submission
from assessments.models.lifecycle import State
from reviews.claiming import claim
from reviews.models import ActionPoint, Decision, Review
from reviews.models.review import EvidenceRule
from reviews.moderating import Point, accept, send_back
from tests import factories
from tests.browser.accessibility import spills_over, violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture
def held(ada, bo, programme) -> Decision:
    return factories.make_held(factories.make_submission(ada, programme), bo)


def test_cy_sends_back_bo_answers_and_decides_and_cy_accepts(visit, held, ada, bo, cy):
    page = visit(cy)
    page.goto(reverse("moderation"))
    page.get_by_role("link", name=re.compile("^Check")).click()
    page.get_by_label("Action point on the judgement as a whole").fill("Say which rule you mean.")
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("Sent back: the assessor is told what to do.")).to_be_visible()

    page = visit(bo)
    page.goto(reverse("review", args=[held.review_id]))
    page.get_by_role("button", name="Claim again").click()
    page.get_by_label("What I did").fill("Rule 5: a note stands there.")
    page.get_by_role("button", name=re.compile("^Done")).click()
    expect(page.locator(".action-done")).to_have_text("Rule 5: a note stands there.")
    page.get_by_text("Approve", exact=True).click()
    page.locator("[data-decide-button]").click()
    page.get_by_role("dialog").get_by_role("button", name="Decide").click()
    expect(page.get_by_text("A moderator looks at it before it is released.")).to_be_visible()

    page = visit(cy)
    page.goto(reverse("moderation"))
    page.get_by_role("link", name=re.compile("^Check")).click()
    expect(page.get_by_text("Rule 5: a note stands there.")).to_be_visible()
    for rule in EvidenceRule:
        page.locator(f"#met-{rule}").check()
    page.get_by_role("button", name="Accept and release").click()
    expect(page.get_by_text("Accepted: the decision is released")).to_be_visible()
    assert Submission.objects.get(pk=held.submission_id).state == State.APPROVED
    assert ActionPoint.objects.get().done_at is not None


def test_axe_finds_nothing_on_the_pages_of_moderation(visit, held, alan, bo, bea, cy, mo, programme):
    factories.make_sampling(programme, share=100)
    accepted, returned = (
        factories.make_decision(factories.make_submission(learner, programme), bea)
        for learner in (alan, _another(programme))
    )
    accept(accepted, met=EvidenceRule.values, by=cy)
    send_back(returned, points=[Point("Say which rule you mean.")], words="Nearly.", by=cy)
    claimed = claim(returned.submission, by=bea)
    review = Review.objects.get(pk=claimed.pk)
    addresses = {
        cy: [
            reverse("moderation"),
            reverse("check-decision", args=[held.pk]),
            reverse("sampling-matrix"),
            reverse("interim-check", args=[review.pk]),
        ],
        mo: [reverse("sampling-policy", args=[programme.pk])],
        bea: [reverse("review", args=[review.pk])],
    }
    found = []
    for person, theirs in addresses.items():
        for scheme in ("light", "dark"):
            page = visit(person, color_scheme=scheme, reduced_motion="reduce")
            for address in theirs:
                for size in (DESK, PHONE):
                    page.set_viewport_size(size)
                    page.goto(address)
                    found += [(address, scheme, size["width"], wrong) for wrong in violations(page)]
                    if spills_over(page):
                        found.append((address, scheme, size["width"], "spills over"))
    assert found == []


def _another(programme):
    eve = factories.make_user("Eve Rousseau")
    factories.enrol(programme, eve)
    return eve
