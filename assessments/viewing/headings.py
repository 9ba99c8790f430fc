"""Fit a stranger's HTML into a page of ours: cleaned again, its headings below the page's own."""

import re
from typing import Final

import nh3

# Nothing that loads, runs, or lays itself over the page.
_TEXT: Final = (
    "a",
    "abbr",
    "b",
    "br",
    "code",
    "del",
    "em",
    "i",
    "ins",
    "kbd",
    "q",
    "s",
    "samp",
    "small",
    "strong",
)
_BLOCKS: Final = ("blockquote", "dd", "dl", "dt", "hr", "li", "ol", "p", "pre", "sub", "sup", "ul", "var")
_TABLES: Final = ("caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr")
_TAGS: Final = {*_TEXT, *_BLOCKS, *_TABLES, "h1", "h2", "h3", "h4", "h5", "h6"}
_ATTRIBUTES: Final = {
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_HEADING: Final = re.compile(r"<(/?)h([1-6])>")
_LOWEST: Final = 6


def fitted(html: str, *, below: int) -> str:
    """HTML that may stand under a heading of level ``below``: safe, and without a level left out."""
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return _lowered(_scrolling(cleaned), below)


def _lowered(html: str, below: int) -> str:
    """Each heading at most one level under the one before it, starting right under the page's."""
    outermost = min((int(match[2]) for match in _HEADING.finditer(html)), default=1)
    before = below
    opened: list[int] = []

    def level(match: re.Match[str]) -> str:
        nonlocal before
        if match[1]:
            return f"</h{opened.pop() if opened else before}>"
        before = min(int(match[2]) - outermost + below + 1, before + 1, _LOWEST)
        opened.append(before)
        return f"<h{before}>"

    return _HEADING.sub(level, html)


def _scrolling(html: str) -> str:
    """Wide parts scroll by themselves, by keyboard as well."""
    html = html.replace("<pre>", '<pre tabindex="0">')
    return html.replace("<table>", '<div class="paper-table" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
