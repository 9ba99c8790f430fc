"""Notes in a real browser: written by mouse and keyboard, never lost, read by the learner at their place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Achievement, Submission
from assessments.models.evidence import Visibility
from assessments.submitting import submit
from reviews.annotating import Anchor, annotate
from reviews.claiming import claim, release
from reviews.deciding import decide
from reviews.models import Annotation, Review
from reviews.models.annotation import Unit
from reviews.models.decision import Outcome
from tests import factories
from tests.analysers.captures.building import dns, ethernet, pcap, udp
from workbench.jobs import run_due

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('note-draft')).length"


@pytest.fixture
def achievement(organisation) -> Achievement:
    return factories.make_achievement(organisation, code="firewall-management")


@pytest.fixture
def review(ada, bo, programme) -> Review:
    return claim(factories.make_submission(ada, programme), by=bo)


@pytest.fixture
def item(review):
    return review.submission.evidence.get()


@pytest.fixture
def viewer(visit: Callable[..., Page], bo, item) -> Page:
    page = visit(bo)
    page.goto(f"/files/{item.pk}/lines/")
    expect(page.locator("[data-line='7']")).to_be_visible()
    return page


def dialog(page: Page):
    return page.locator("#annotate-dialog")


def is_for(page: Page, first: str, last: str) -> None:
    expect(dialog(page)).to_be_visible()
    expect(page.locator("#note-unit")).to_have_value("line")
    expect(page.locator("#note-first")).to_have_value(first)
    expect(page.locator("#note-last")).to_have_value(last)


def test_bo_annotates_lines_without_the_mouse(viewer, review):
    for key in (".", ".", ".", ">", ">", "<", "a"):
        viewer.keyboard.press(key)
    is_for(viewer, "3", "4")
    viewer.keyboard.type("Why is nothing said of forwarding? a, m and . stay words.")
    viewer.keyboard.press("Control+Enter")
    expect(dialog(viewer)).to_be_hidden()
    made = Annotation.objects.get()
    assert (made.unit, made.first, made.last) == ("line", 3, 4)
    note = viewer.locator(f"[data-line='3'] [data-note='{made.pk}']")
    expect(note).to_be_focused()
    expect(note).to_contain_text("a, m and . stay words.")
    assert viewer.evaluate(DRAFTS) == 0
    viewer.keyboard.press("?")
    expect(viewer.locator("#shortcuts")).to_contain_text("Next note")


def test_bo_annotates_a_finding_in_its_own_words(visit, bo, review, item):
    run_due()
    page = visit(bo)
    page.goto(f"/files/{item.pk}/findings/")
    page.keyboard.press("f")
    title = page.locator("[data-finding] h3").first.inner_text()
    page.keyboard.press("a")
    expect(dialog(page)).to_be_visible()
    expect(page.locator("#note-text")).to_have_value(title)
    page.keyboard.type(" Why?")
    page.keyboard.press("Control+Enter")
    expect(dialog(page)).to_be_hidden()
    assert Annotation.objects.get().text == f"{title} Why?"


def test_bo_annotates_the_packet_that_is_open(visit, ada, bo, programme):
    frames = [ethernet(udp("192.0.2.7", "192.0.2.1", (5000 + n, 53), dns("a.example"))) for n in range(5)]
    draft = factories.make_draft(ada, programme)
    item = factories.make_evidence(draft, content=pcap(frames), name="a.pcap", visibility=Visibility.PRIVATE)
    submit(draft, declaration=True, by=ada)
    run_due()
    claim(draft, by=bo)
    page = visit(bo)
    page.goto(f"/files/{item.pk}/packets/?packet=3")
    page.keyboard.press("a")
    expect(page.locator("#note-unit")).to_have_value("packet")
    expect(page.locator("#note-first")).to_have_value("3")
    page.keyboard.type("Who asks this?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-note]")).to_be_focused()
    assert Annotation.objects.get().place == "Packet 3"


def test_bo_annotates_lines_with_the_mouse(viewer, review):
    viewer.locator("[data-line='8'] .source-number").click()
    viewer.locator("[data-line='5'] .source-number").click(modifiers=["Shift"])
    expect(viewer.locator("li.is-asked")).to_have_count(4)
    viewer.keyboard.press("a")
    is_for(viewer, "5", "8")
    criterion = review.submission.achievement.criteria[1]
    viewer.select_option("#note-criterion", str(criterion.pk))
    viewer.fill("#note-text", "These four.")
    viewer.locator("[data-annotate-save]").click()
    expect(viewer.locator("[data-line='5'] [data-note]")).to_contain_text("These four.")
    assert Annotation.objects.get().criterion == criterion


def test_the_mouse_alone_is_enough_to_annotate_lines(viewer, review):
    viewer.locator("[data-line='5'] .source-number").click()
    viewer.locator("[data-line='6'] .source-number").click(modifiers=["Shift"])
    expect(viewer.locator("[data-line='6'] [data-annotate-here]")).to_be_visible()
    expect(viewer.locator(".source [data-annotate-here]")).to_have_count(1)
    viewer.locator(".source [data-annotate-here]").click()
    is_for(viewer, "5", "6")
    viewer.fill("#note-text", "Both of these.")
    viewer.locator("[data-annotate-save]").click()
    expect(viewer.locator("[data-line='5'] [data-note]")).to_contain_text("Both of these.")


def test_from_note_to_note(viewer, review, item, bo):
    for line in (2, 6):
        annotate(review, item, Anchor(Unit.LINE, line), text=f"On {line}.", by=bo)
    viewer.reload()
    for key, line in (("m", 2), ("m", 6), ("m", 6), ("M", 2)):
        viewer.keyboard.press(key)
        expect(viewer.locator(f"[data-line='{line}'] [data-note]")).to_be_focused()


def test_a_refusal_stays_in_the_dialog_with_the_words(viewer, watch, bo):
    viewer.locator("[data-line='8'] .source-number").click()
    viewer.keyboard.press("a")
    viewer.fill("#note-first", "99")
    viewer.fill("#note-text", "Words that must live.")
    with watch.expecting(422):
        viewer.locator("[data-annotate-save]").click()
        expect(viewer.locator("[data-annotate-refusal]")).to_contain_text("There is no such place")
    expect(viewer.locator("#note-text")).to_have_value("Words that must live.")
    viewer.fill("#note-first", "8")
    viewer.locator("[data-annotate-save]").click()
    expect(viewer.locator("[data-line='8'] [data-note]")).to_contain_text("Words that must live.")


def test_words_that_were_not_saved_are_offered_again(viewer, watch, bo, bea, review, item):
    viewer.locator("[data-line='8'] .source-number").click()
    viewer.keyboard.press("a")
    viewer.fill("#note-text", "Words that must live.")
    Submission.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    taken = claim(review.submission, by=bea)
    with watch.expecting(409):
        viewer.locator("[data-annotate-save]").click()
        expect(viewer.locator("[data-annotate-refusal]")).to_contain_text("went back to the queue")
    release(taken, by=bea)
    again = claim(review.submission, by=bo)
    viewer.reload()
    viewer.locator("[data-line='2'] .source-number").click()
    viewer.keyboard.press("a")
    viewer.locator("[data-draft-restore]").click()
    is_for(viewer, "8", "")
    expect(viewer.locator("#note-text")).to_have_value("Words that must live.")
    viewer.locator("[data-annotate-save]").click()
    expect(viewer.locator("[data-line='8'] [data-note]")).to_contain_text("Words that must live.")
    assert Annotation.objects.get().review == again
    assert viewer.evaluate(DRAFTS) == 0


def test_offline_the_words_stay(viewer, watch):
    viewer.keyboard.press(".")
    viewer.keyboard.press("a")
    viewer.fill("#note-text", "Written in a train.")
    with watch.offline(viewer.context):
        viewer.locator("[data-annotate-save]").click()
        expect(viewer.locator("[data-annotate-refusal]")).to_contain_text("check your connection")
    viewer.locator("[data-annotate-save]").click()
    expect(viewer.locator("[data-line='1'] [data-note]")).to_contain_text("Written in a train.")


def test_beside_the_rubric_the_note_is_listed_and_counted(visit, bo, review):
    page = visit(bo)
    page.goto(f"/reviews/{review.pk}/")
    page.locator("[data-viewer] .viewer-tabs a", has_text="Text").click()
    page.locator("[data-line='7'] .source-number").click()
    page.keyboard.press("a")
    criterion = review.submission.achievement.criteria[0]
    page.select_option("#note-criterion", str(criterion.pk))
    page.fill("#note-text", "Why from this network alone?")
    page.locator("[data-annotate-save]").click()
    expect(page.locator(f"[data-notes-of='{criterion.pk}']")).to_have_text("1")
    expect(page.locator("[data-note-list]")).to_contain_text("Why from this network alone?")
    expect(page.locator("[data-line='7'] [data-note]")).to_be_focused()


def test_without_scripts_a_note_is_written_in_the_form(visit, bo, review, item):
    page = visit(bo, java_script_enabled=False)
    page.goto(f"/files/{item.pk}/lines/?line=5-6")
    page.locator("[data-annotate-here]").click()
    expect(page.locator("#note-first")).to_have_value("5")
    page.fill("#note-text", "Both of these.")
    page.get_by_role("button", name="Save the note").click()
    page.goto(f"/files/{item.pk}/lines/")
    expect(page.locator("[data-line='5'] [data-note]")).to_contain_text("Both of these.")


def test_ada_reads_the_note_exactly_there_after_the_decision(visit, ada, bo, review, item):
    annotate(review, item, Anchor(Unit.LINE, 7), text="Why from this network alone?", by=bo)
    page = visit(ada)
    page.goto(f"/files/{item.pk}/lines/")
    expect(page.locator("[data-line='7']")).to_be_visible()
    expect(page.locator("[data-note]")).to_have_count(0)
    decide(review, outcome=Outcome.RETURN, feedback="See the notes.", by=bo)
    page.goto(f"/submissions/{review.submission_id}/")
    page.locator("[data-note] a", has_text="Line 7").click()
    expect(page.locator("[data-line='7'] [data-note]")).to_contain_text("Why from this network alone?")
    expect(page.locator("[data-line='7']")).to_be_in_viewport()
    expect(page.locator("#annotate-dialog")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_spills_over(visit, ada, bo, programme, review, item, width):
    axe = Axe()
    criterion = review.submission.achievement.criteria[0]
    annotate(review, item, Anchor(Unit.LINE, 7), text="Why?", criterion=criterion, by=bo)
    annotate(review, item, Anchor(Unit.ITEM), text="Well ordered. " * 30, by=bo)

    def look(person, *paths: str, key: str = "") -> None:
        page = visit(person, viewport={"width": width, "height": 900})
        for path in paths:
            page.goto(path)
            if key:
                page.keyboard.press(key)
                expect(dialog(page)).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            results = axe.run(page)
            assert results.violations_count == 0, (path, results.generate_report())

    note = Annotation.objects.filter(unit="line").get()
    look(bo, f"/reviews/{review.pk}/annotations/", f"/reviews/{review.pk}/annotations/{note.pk}/")
    look(bo, f"/files/{item.pk}/lines/", key="a")
    decide(review, outcome=Outcome.RETURN, feedback="See the notes.", by=bo)
    draft = factories.make_draft(ada, programme)
    look(ada, f"/submissions/{review.submission_id}/", f"/submissions/{draft.pk}/notes/")
