"""Every component in a real browser: axe finds nothing, nothing spills over, the small scripts work."""

import pytest
from django.urls import path
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from workbench.styleguide import styleguide

urlpatterns = [path("styleguide/", styleguide)]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.urls(__name__)]


@pytest.fixture
def guide(page: Page) -> Page:
    page.goto("/styleguide/")
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(guide: Page, theme: str, width: int) -> None:
    guide.emulate_media(color_scheme=theme, reduced_motion="reduce")
    guide.set_viewport_size({"width": width, "height": 900})
    guide.reload()  # colours that are still changing from one theme to the other would be measured half-way
    assert violations(guide) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1160, 1280, 1920])
def test_nothing_spills_over_the_side(guide: Page, width: int) -> None:
    guide.set_viewport_size({"width": width, "height": 900})
    assert guide.evaluate("document.documentElement.scrollWidth") <= width


def test_the_refused_form_takes_the_focus_to_its_summary(guide: Page) -> None:
    expect(guide.locator(".error-summary")).to_be_focused()
    guide.get_by_role("link", name="Link: Enter a valid URL.").click()
    expect(guide.locator("#id_refused-link")).to_be_focused()


def test_the_choice_of_theme_is_kept_until_it_equals_the_system_again(guide: Page) -> None:
    def ground() -> str:
        return str(guide.evaluate("getComputedStyle(document.body.parentElement).backgroundColor"))

    light = ground()
    guide.get_by_role("button", name="Light or dark theme").click()
    dark = ground()
    assert dark != light
    guide.reload()
    assert ground() == dark
    guide.get_by_role("button", name="Light or dark theme").click()
    assert ground() == light
    assert guide.evaluate("localStorage.getItem('theme')") is None


def test_a_confirmed_button_asks_first(guide: Page) -> None:
    guide.evaluate(
        "document.querySelector('[data-confirm]').addEventListener('click', () => window.done = true)"
    )
    dialog = guide.get_by_role("dialog", name="Hand in your work?")
    guide.get_by_role("button", name="Hand in").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert guide.evaluate("window.done") is None
    guide.get_by_role("button", name="Hand in").click()
    dialog.get_by_role("button", name="Hand in").click()
    guide.wait_for_function("window.done === true")


def test_the_question_mark_opens_the_sheet_but_not_while_typing(guide: Page) -> None:
    sheet = guide.get_by_role("dialog", name="Keyboard shortcuts")
    guide.locator("#id_title").press("?")
    expect(sheet).to_be_hidden()
    guide.evaluate("document.activeElement.blur()")
    guide.keyboard.press("?")
    expect(sheet).to_be_visible()
    guide.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_a_chosen_file_is_named_with_its_size(guide: Page) -> None:
    guide.set_input_files(
        "#id_file", {"name": "edge.rules", "mimeType": "text/plain", "buffer": b"x" * 18422}
    )
    expect(guide.locator("#id_file + output")).to_have_text("edge.rules (18.4 kB)")


def test_the_whole_card_chooses_a_level(guide: Page) -> None:
    guide.locator(".scorer .radio-card", has_text="Advanced").first.click()
    assert guide.evaluate("document.querySelector('[name=score-1]:checked').value") == "FW.1-3"
