"""Write the matrix of internal verification as CSV: one line an assessor and achievement."""

import csv
import io

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reviews.reports.writing import harmless
from reviews.verification_matrix import Cell, Matrix


def write_matrix(matrix: Matrix) -> bytes:
    """UTF-8 with a byte order mark; ``compliant`` is yes, no, not-yet or empty in every language."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        (
            _("From"),
            _("Until"),
            _("Assessor"),
            _("Achievement"),
            _("Decisions made"),
            _("To sample"),
            _("Sampled"),
            _("Accepted"),
            pgettext("decisions", "Returned"),
            _("Waiting"),
            _("Compliant"),
        )
    )
    days = (matrix.since.isoformat(), matrix.until.isoformat())
    for assessor, achievement, cell in matrix.pairs:
        writer.writerow((*days, harmless(str(assessor)), harmless(achievement.name), *_numbers(cell)))
    writer.writerow((*days, _("Total"), _("Total"), *_numbers(matrix.total)))
    return text.getvalue().encode("utf-8-sig")


def _numbers(cell: Cell) -> tuple[str, ...]:
    counts = (cell.made, cell.to_sample, cell.sampled, cell.accepted, cell.returned, cell.waiting)
    return (*(str(one) for one in counts), cell.compliant)
