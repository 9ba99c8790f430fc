"""Draw the charts of a report as SVG, readable without colour."""

from collections.abc import Sequence
from html import escape

from reviews.reports.figures import CriterionResults, LevelCount

WIDTH = 680
BAR = 22
GAP = 16
LABEL = 250
# From lowest to highest level: light to dark, so that the order survives a black-and-white printer.
SHADES = ("#d9e2ec", "#9fb9d0", "#5d8bb0", "#1f5f8b", "#123b5d", "#0b2740")
INK_ON = ("#1c2733", "#1c2733", "#ffffff", "#ffffff", "#ffffff", "#ffffff")


def level_bars(results: Sequence[CriterionResults], *, title: str) -> str:
    """One bar per criterion, divided by level; the line before the required level is drawn thick.

    The table beside it gives the same figures in words, so the drawing itself is one labelled image.
    """
    height = len(results) * (BAR + GAP) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="DejaVu Sans" font-size="11">'
    ]
    for row, result in enumerate(results):
        parts.append(_bar(result, row * (BAR + GAP) + 4))
    parts.append("</svg>")
    return "".join(parts)


def _bar(result: CriterionResults, top: int) -> str:
    label = _shortened(f"{result.code} {result.title}".strip(), 40)
    middle = top + BAR / 2 + 4
    parts = [f'<text x="0" y="{middle}" fill="#1c2733">{escape(label)}</text>']
    if not result.judged:
        parts.append(
            f'<rect x="{LABEL}" y="{top}" width="{WIDTH - LABEL}" height="{BAR}" fill="none" '
            f'stroke="#9aa7b4" stroke-dasharray="3 3"/>'
        )
        return "".join(parts)
    left, mark = float(LABEL), ""
    for level in result.levels:
        width = (WIDTH - LABEL) * level.count / result.judged
        if result.required is not None and level.position == result.required:
            mark = f'<rect x="{left - 1.5:.1f}" y="{top - 4}" width="3" height="{BAR + 8}" fill="#b3261e"/>'
        if level.count:
            parts.append(_segment(level, left, width, top))
        left += width
    # Last, so that no segment covers the line.
    return "".join([*parts, mark])


def _segment(level: LevelCount, left: float, width: float, top: int) -> str:
    shade = min(level.position - 1, len(SHADES) - 1)
    drawn = (
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{SHADES[shade]}" '
        f'stroke="#ffffff"/>'
    )
    if width > 16:
        drawn += (
            f'<text x="{left + width / 2:.1f}" y="{top + BAR / 2 + 4}" text-anchor="middle" '
            f'fill="{INK_ON[shade]}">{level.count}</text>'
        )
    return drawn


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
