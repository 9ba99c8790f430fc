"""The viewers in a real browser: beside the rubric, by keyboard, on a phone, and without scripts."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.analysing import examine
from assessments.evidencing import replace
from assessments.models import Analysis, Evidence, Submission
from assessments.submitting import start, submit
from reviews.claiming import claim
from reviews.models import Review
from reviews.models.decision import Outcome
from tests import factories
from tests.browser.accessibility import spills_over, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

Visit = Callable[..., Page]
LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
RULES = """*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp --dport 22 -j ACCEPT
-A INPUT -p tcp --dport 23 -j ACCEPT
-A INPUT -p tcp --dport 80 -j ACCEPT
COMMIT
"""


def add(draft: Submission, content: str, name: str, title: str) -> Evidence:
    return factories.make_evidence(draft, content=content.encode(), name=name, title=title)


def hand_in(draft: Submission) -> Submission:
    """Everything in it is read."""
    submit(draft, declaration=True, by=draft.learner)
    for item in draft.evidence.all():
        examine(item.blob.analysis.pk)
    return draft


@pytest.fixture
def item(ada, programme) -> Evidence:
    draft = factories.make_draft(ada, programme)
    item = add(draft, RULES, "rules.v4", "Rules of the branch")
    hand_in(draft)
    return item


@pytest.fixture
def review(bo, item) -> Review:
    return claim(item.submission, by=bo)


@pytest.fixture
def second(ada, bo, programme) -> Evidence:
    """A router's configuration, mended after the work came back."""
    draft = factories.make_draft(ada, programme)
    add(draft, RULES.replace("--dport 23", "--dport 3389"), "rules.v4", "Linux firewall")
    factories.make_decision(hand_in(draft), bo, Outcome.RETURN, "Mend it.")
    again = start(programme, programme.achievements.get(), by=ada)
    item = replace(again.evidence.get(), factories.upload(RULES.encode()), by=ada)
    hand_in(again)
    return item


def open_review(visit: Visit, bo, review: Review, **options) -> Page:
    page = visit(bo, **options)
    page.goto(reverse("review", args=[review.pk]))
    page.locator("[data-viewer-slot]").first.evaluate("slot => slot.scrollIntoView()")
    expect(page.locator("[data-viewer]")).to_be_visible()
    return page


def open_tab(page: Page, name: str) -> None:
    page.locator(".viewer-tabs").get_by_role("link", name=name).click()
    expect(page.locator("[data-viewer-status]")).to_contain_text(name)  # its links are at work


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.innerText")


# --- Beside the rubric -------------------------------------------------------------------------------


def test_bo_reads_scores_and_finds_without_leaving_the_page(visit, bo, review, item):
    page = open_review(visit, bo, review)
    address = page.url
    viewer = page.locator("[data-viewer]")
    open_tab(page, "Rules")
    viewer.get_by_role("link", name="4", exact=True).click()
    expect(viewer.locator(".is-asked code")).to_have_text("-A INPUT -p tcp --dport 23 -j ACCEPT")
    assert page.url == address, "the review stays where it is"
    page.locator("[data-criterion] textarea").first.fill("Telnet is open.")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved", timeout=9000)


def test_choosing_rules_beside_the_rubric_sends_no_score(visit, bo, review):
    page = open_review(visit, bo, review)
    viewer = page.locator("[data-viewer]")
    open_tab(page, "Rules")
    viewer.get_by_label("Text", exact=True).fill("80")
    viewer.get_by_role("button", name="Choose").click()
    expect(viewer.locator("[data-rule]")).to_have_count(1)
    expect(page.locator("#save-state")).to_have_attribute("data-state", "idle")
    review.refresh_from_db()
    assert review.version == 1


def test_lines_of_two_files_have_different_names(visit, bo, ada, programme):
    draft = factories.make_draft(ada, programme)
    add(draft, RULES, "one.v4", "One")
    add(draft, RULES.replace("23", "25"), "two.v4", "Two")
    page = visit(bo)
    page.goto(reverse("review", args=[claim(hand_in(draft), by=bo).pk]))
    for number in (0, 1):
        card = page.locator("[data-evidence]").nth(number)
        card.scroll_into_view_if_needed()
        expect(card.locator("[data-viewer]")).to_be_visible()
        card.get_by_role("link", name="Text", exact=True).click()
        expect(card.locator(".source")).to_be_visible()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))


# --- By keyboard -------------------------------------------------------------------------------------


def test_bo_walks_from_finding_to_finding_by_keyboard(visit, bo, review):
    page = open_review(visit, bo, review)
    titles = page.locator("[data-finding] h3").all_inner_texts()
    assert len(titles) > 2
    page.keyboard.press("f")
    assert titles[0] in focused(page)
    page.keyboard.press("f")
    assert titles[1] in focused(page)
    page.keyboard.press("Shift+F")
    assert titles[0] in focused(page)
    page.keyboard.press("Shift+F")
    expect(page.locator("[data-viewer-status]")).to_have_text("No other finding here")
    page.keyboard.press("o")
    expect(page.locator("[data-viewer]")).not_to_be_visible()
    assert focused(page) == "What is in it"
    page.keyboard.press("o")
    expect(page.locator("[data-viewer]")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_contain_text("Next finding")


def test_going_to_a_line_is_told(visit, bo, item):
    page = visit(bo)
    page.goto(reverse("evidence-lines", args=[item.pk]))
    page.keyboard.press("g")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(page.locator(".is-asked")).to_have_attribute("data-line", "5")
    expect(page.locator("[data-viewer-status]")).to_contain_text("Text")
    assert "line=5" in page.url
    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.matches('[data-finding]')") is False, (
        "a key typed in a field"
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+F")
    assert page.evaluate("document.activeElement.closest('[data-line]').dataset.line") == "4"


def test_the_next_finding_in_another_part_of_the_text_is_fetched(visit, bo, ada, programme):
    quiet = "".join(f"-A INPUT -s 192.0.2.{n % 250} -d 198.51.100.{n // 250} -j DROP\n" for n in range(900))
    text = f"*filter\n:INPUT DROP [0:0]\n{quiet}-A INPUT -p tcp --dport 23 -j ACCEPT\nCOMMIT\n"
    draft = factories.make_draft(ada, programme)
    item = add(draft, text, "long.v4", "Long")
    hand_in(draft)
    clear_text = next(
        one
        for one in Analysis.objects.get(blob=item.blob).findings
        if "clear" in one["code"] or "23" in str(one)
    )
    Analysis.objects.filter(blob=item.blob).update(findings=[clear_text])
    page = visit(bo)
    page.goto(reverse("evidence-lines", args=[item.pk]))
    page.keyboard.press("f")
    expect(page.locator(".is-asked")).to_have_attribute("data-line", "903")


@pytest.mark.parametrize("height", [700, 1400], ids=["low", "high"])
def test_the_next_part_of_a_text_begins_in_sight(visit, bo, ada, programme, height):
    draft = factories.make_draft(ada, programme)
    rules = "".join(f"-A INPUT -s 192.0.2.{n % 250} -d 198.51.100.{n // 250} -j DROP\n" for n in range(900))
    for title in ("Long", "After"):
        add(draft, f"# {title}\n*filter\n:INPUT DROP [0:0]\n{rules}COMMIT\n", f"{title}.v4", title)
    hand_in(draft)
    page = visit(bo, viewport={"width": 1280, "height": height})
    page.goto(reverse("review", args=[claim(draft, by=bo).pk]))
    page.locator("[data-viewer-slot]").first.scroll_into_view_if_needed()
    viewer = page.locator("[data-viewer]").first
    viewer.locator(".viewer-tabs a", has_text="Text").click()
    viewer.locator("a[rel=next]").click()
    expect(viewer.locator("[data-line='401']")).to_be_attached()
    expect(viewer.locator(".viewer-tabs")).to_be_in_viewport()


# --- While it is read --------------------------------------------------------------------------------


def test_a_file_that_is_being_read_shows_its_findings_by_itself(visit, ada, programme):
    draft = factories.make_draft(ada, programme)
    item = add(draft, RULES, "rules.v4", "Rules")
    page = visit(ada)
    page.goto(reverse("evidence-view", args=[item.pk]))
    expect(page.locator(".viewer-waiting")).to_be_visible()
    examine(item.blob.analysis.pk)
    expect(page.locator(".viewer-waiting")).to_have_count(0, timeout=9000)
    expect(page.get_by_role("link", name="Rules")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == [], "once it is read, nothing is asked any more"


# --- Without scripts ---------------------------------------------------------------------------------


def test_everything_is_a_link_or_a_form(visit, bo, second):
    review = claim(second.submission, by=bo)
    page = visit(bo, java_script_enabled=False)
    page.goto(reverse("review", args=[review.pk]))
    page.get_by_role("link", name="Open it in the viewer").click()
    page.get_by_role("link", name="Line 2", exact=True).first.click()
    expect(page.locator(".is-asked")).to_have_attribute("data-line", "2")
    page.get_by_label("Go to line").fill("3-4")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator(".is-asked")).to_have_count(2)
    page.get_by_role("link", name="Rules").click()
    page.get_by_label("Text", exact=True).fill("22")
    page.get_by_role("button", name="Choose").click()
    expect(page.locator("[data-rule]")).to_have_count(1)
    page.get_by_role("link", name="Changes").click()
    page.get_by_role("link", name="Line by line").click()
    expect(page.locator(".diff tr.is-added")).to_have_count(1)
    page.get_by_role("link", name="Review", exact=True).click()
    expect(page.get_by_role("heading", name="Rubric")).to_be_visible()


# --- For everyone ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_spills(visit, bo, second, scheme):
    page = visit(bo, color_scheme=scheme)
    for name, query in (
        ("evidence-findings", ""),
        ("evidence-lines", "?line=4"),
        ("evidence-rules", "?sort=-ports"),
        ("evidence-changes", ""),
        ("evidence-changes", "?by=lines"),
    ):
        for size in (LAPTOP, PHONE):
            page.set_viewport_size(size)
            page.goto(reverse(name, args=[second.pk]) + query)
            assert violations(page) == [], f"{name}{query} at {size['width']}"
            assert not spills_over(page), f"{name}{query} at {size['width']}"


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_beside_the_rubric(visit, bo, second, size):
    page = open_review(visit, bo, claim(second.submission, by=bo), viewport=size)
    for name in ("Text", "Rules", "Changes"):
        open_tab(page, name)
        assert violations(page) == [], name
        assert not spills_over(page), name


def test_from_a_line_to_its_rule_and_back(visit, bo, item):
    page = visit(bo)
    page.goto(reverse("evidence-lines", args=[item.pk]) + "?line=4")
    page.get_by_role("link", name="Rule at this line").click()
    expect(page.locator("tr.is-asked")).to_contain_text("23")
    page.locator("tr.is-asked .rule-lines a").first.click()
    expect(page.locator(".source .is-asked")).to_have_attribute("data-line", "4")
