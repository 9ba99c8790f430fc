"""The viewer of captures in a real browser: by pointer, by keyboard, beside the rubric, without scripts."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Evidence
from assessments.models.evidence import Visibility
from assessments.submitting import submit
from reviews.claiming import claim
from tests import factories
from tests.analysers.documents.making import pdf
from tests.browser.accessibility import spills_over, violations
from tests.test_viewer_captures import CAPTURE, PASSWORD
from workbench import jobs

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

Visit = Callable[..., Page]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
UNFOLD = "document.querySelectorAll('.viewer details').forEach(one => { one.open = true; })"


@pytest.fixture
def items(ada, programme) -> list[Evidence]:
    """Two captures and a report, handed in together."""
    draft = factories.make_draft(ada, programme)
    values = {"visibility": Visibility.PRIVATE}
    for title in ("Morning capture", "Second capture"):
        # Told apart by what follows the last packet: a damaged tail.
        tail = b"x" if title == "Second capture" else b""
        factories.make_evidence(draft, content=CAPTURE + tail, name="a.pcap", title=title, **values)
    pages = [f"Page {number} of the report" for number in range(1, 6)]
    factories.make_evidence(draft, content=pdf(pages), name="report.pdf", title="Report", **values)
    jobs.run_due()
    return list(submit(draft, declaration=True, by=ada).evidence.in_order())


def rows(page: Page) -> list[str]:
    every = page.locator(".packet-list [data-packet]")
    return every.evaluate_all("all => all.map(one => one.dataset.packet)")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_viewers(visit: Visit, bo, items, viewport, scheme):
    page = visit(bo, viewport=viewport, color_scheme=scheme)
    capture, _second, report = items
    for address in (
        reverse("evidence-summary", args=[capture.pk]),
        reverse("evidence-packets", args=[capture.pk]),
        reverse("evidence-packets", args=[capture.pk]) + "?packet=5",
        reverse("evidence-packets", args=[capture.pk]) + "?flow=1",
        reverse("evidence-document", args=[report.pk]) + "?page=2",
    ):
        page.goto(address)
        page.evaluate(UNFOLD)
        page.evaluate("scrollTo(0, 0)")
        assert violations(page) == [], address
        assert not spills_over(page), address


def test_a_bar_of_the_timeline_opens_the_packets_of_its_time(visit: Visit, bo, items):
    page = visit(bo)
    page.goto(reverse("evidence-summary", args=[items[0].pk]))
    page.locator(".chart-links a").nth(20).click()
    expect(page.locator(".packet-list")).to_be_visible()
    assert "second=" in page.url
    first = rows(page)[0]
    assert first != "1"
    page.go_back()
    expect(page.locator(".chart-area")).to_be_visible()
    page.locator(".conversation-table a").first.click()
    expect(page.locator(".packet-filter")).to_contain_text("192.0.2.30:9999")


def test_a_packet_is_found_and_opened_by_keyboard_alone(visit: Visit, bo, items):
    page = visit(bo)
    page.goto(reverse("evidence-packets", args=[items[0].pk]))
    page.keyboard.press("g")
    page.keyboard.type("150")
    page.keyboard.press("Enter")
    opened = page.locator("tr[aria-current]")
    expect(opened).to_have_attribute("data-packet", "150")
    expect(opened).to_be_in_viewport()
    expect(page.locator(".hex")).to_contain_text("0000")
    link = page.locator("#open-152")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr[aria-current]")).to_have_attribute("data-packet", "152")
    expect(page.locator("#open-152")).to_be_focused()
    assert PASSWORD not in page.content()


def test_two_captures_beside_one_rubric_keep_apart(visit: Visit, bo, items):
    review = claim(items[0].submission, by=bo)
    page = visit(bo)
    page.goto(reverse("review", args=[review.pk]))
    one, two = page.locator("#evidence-1"), page.locator("#evidence-2")
    for card in (one, two):
        card.scroll_into_view_if_needed()
        card.locator(".viewer-tabs a", has_text="Packets").click()
        expect(card.locator(".packet-list")).to_be_visible()
    two.locator("[data-packet='3'] a").click()
    expect(two.locator("tr[aria-current]")).to_have_attribute("data-packet", "3")
    assert one.locator("tr[aria-current]").count() == 0
    assert page.url.endswith(f"/reviews/{review.pk}/")
    identifiers = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(identifiers) == len(set(identifiers))
    assert violations(page) == []


def test_without_scripts_everything_is_a_link(visit: Visit, ada, items):
    page = visit(ada, java_script_enabled=False, viewport=PHONE)
    page.goto(reverse("evidence-view", args=[items[0].pk]))
    page.get_by_role("link", name="Packets 320").click()
    page.get_by_role("link", name="Later packets").first.click()
    page.locator("#open-105").click()
    assert page.locator("tr[aria-current]").get_attribute("data-packet") == "105"
    page.locator("input[name=packet]").fill("319")
    page.get_by_role("button", name="Go", exact=True).click()
    assert page.locator("tr[aria-current]").get_attribute("data-packet") == "319"


def test_a_report_is_leafed_through(visit: Visit, bo, items):
    page = visit(bo)
    page.goto(reverse("evidence-view", args=[items[2].pk]))
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.locator("[data-page='2'] img")).to_be_visible()
    picture = page.locator("[data-page='2'] img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 600
    page.locator(".thumbnails a").nth(4).click()
    expect(page.locator("[data-page='5']")).to_be_visible()
    page.locator(".paper-text summary").click()
    expect(page.locator(".paper-words")).to_have_text("Page 5 of the report")
