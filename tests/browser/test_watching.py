"""The watch over every page of this folder sees what it is there to see."""

import pytest
from playwright.sync_api import Page

from tests.browser.watching import Watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FAULTS = {
    "a script's error": ("setTimeout(() => { throw new Error('broken') })", "broken"),
    "an error told": ("console.error('told')", "told"),
    "a breach of the policy": (
        "document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))",
        "Content Security Policy",
    ),
    "a page that is not there": ("fetch('/nothing/here')", "/nothing/here: 404"),
    "a request that is lost": ("fetch('http://127.0.0.1:9/').catch(() => {})", "127.0.0.1:9"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(page: Page, watch: Watch, fault: str) -> None:
    script, sign = FAULTS[fault]
    page.goto("/")
    assert watch.complaints == []
    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(300)
    assert any(sign in complaint for complaint in watch.complaints)
    watch.complaints.clear()


def test_an_expected_refusal_is_no_fault(page: Page, watch: Watch) -> None:
    page.goto("/")
    with watch.expecting(404):
        page.evaluate("fetch('/nothing/here')")
        page.wait_for_timeout(300)
    assert watch.complaints == []
