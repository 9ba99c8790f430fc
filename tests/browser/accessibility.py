"""What axe finds on a page, and whether the page fits its window."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A window that was just resized is laid out once more before it is at rest.
AT_REST = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """The rules that the page breaks, each with the elements that break it."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options)", OPTIONS)["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


def spills_over(page: Page) -> bool:
    """Whether the page is wider than its window."""
    page.evaluate(AT_REST)
    wide: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wide
