"""Write a programme's figures as PDF or as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from reviews.reports.charts import level_bars
from reviews.reports.figures import ProgrammeFigures, totals
from workbench.rendering import render_pdf

# A cell that begins so would be run as a formula by a spreadsheet.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def write_pdf(figures: ProgrammeFigures, *, language: str) -> bytes:
    charts = [
        {
            "achievement": achievement,
            "results": results,
            "levels": results[0].levels,
            # Our own drawing, in which every text is escaped.
            "chart": mark_safe(level_bars(results, title=achievement)),  # noqa: S308
        }
        for achievement, results in (
            (name, tuple(group)) for name, group in groupby(figures.results, key=lambda one: one.achievement)
        )
    ]
    return render_pdf(
        "reports/programme.html",
        {"figures": figures, "charts": charts, "totals": totals(figures.progress)},
        language=language,
    )


def write_csv(figures: ProgrammeFigures, *, language: str) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets show accents; formulas are made harmless."""
    with translation.override(language):
        header = (
            _("Name"),
            _("Email address"),
            _("Achievement"),
            _("Attempt"),
            _("State"),
            _("Handed in"),
            _("Decided"),
            _("Weighted total"),
            _("Badge"),
            _("State of the badge"),
        )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(_cells(figures))
    return text.getvalue().encode("utf-8-sig")


def _cells(figures: ProgrammeFigures) -> Iterable[Sequence[str]]:
    for row in figures.rows:
        moments = [
            timezone.localtime(when).isoformat(sep=" ", timespec="minutes") if when else ""
            for when in (row.submitted, row.decided)
        ]
        cells = (
            row.name,
            row.email,
            row.achievement,
            str(row.attempt or ""),
            row.state_label,
            *moments,
            row.total,
            row.badge,
            row.badge_state,
        )
        yield [harmless(cell) for cell in cells]


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
