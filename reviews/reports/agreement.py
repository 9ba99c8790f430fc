"""Write agreement figures as CSV: one line a figure, with its interval and number of items."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from reviews.agreement.figures import Figure
from reviews.agreement.tabulating import Alone, Counted, Lone, Together
from reviews.measuring import Answer, named_pairs
from reviews.reports.writing import harmless

# What the figures are about, in the columns that come first: kind, code, name, with whom, period.
About = tuple[str, str, str, str, str]


def write_agreement(answer: Answer) -> bytes:
    """UTF-8 with a byte order mark; numbers with a point, and codes that are the same in every language."""
    header = (
        _("About"),
        _("Code"),
        _("Name"),
        _("With"),
        _("Period"),
        _("Works marked twice"),
        _("Items marked twice"),
        _("Figure"),
        _("Value"),
        _("Lower end"),
        _("Upper end"),
        _("Items"),
        _("Why there is none"),
    )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    for about, counted, figures in _all(answer):
        start = [*(harmless(cell) for cell in about), str(counted.works), str(counted.items)]
        writer.writerows([*start, name, *_cells(figure)] for name, figure in figures)
    return text.getvalue().encode("utf-8-sig")


def _all(answer: Answer) -> Iterator[tuple[About, Counted, Iterable[tuple[str, Figure]]]]:
    figures = answer.figures
    yield _together(("programme", answer.programme.slug, answer.programme.name, "", ""), figures.whole)
    for kind, names, rows in (
        ("criterion", answer.criteria, figures.criteria),
        ("achievement", answer.achievements, figures.achievements),
    ):
        for key, together in rows.items():
            yield _together((kind, names[key].code, names[key].title, "", ""), together)
    for pair, pair_together in named_pairs(answer):
        one, other = (answer.people[who] for who in pair)
        yield _together(("pair", "", one, other, ""), pair_together)
    for who, name in sorted(answer.people.items(), key=lambda item: item[1].casefold()):
        yield _alone(("assessor", "", name, "", ""), figures.assessors[who])
    for moment in figures.moments:
        code = moment.period.code
        about = ("programme", answer.programme.slug, answer.programme.name, "", code)
        yield about, moment.counted, (("exact", moment.exact),)
        for who, name in sorted(answer.people.items(), key=lambda item: item[1].casefold()):
            if who in moment.assessors:
                yield _lone(("assessor", "", name, "", code), moment.assessors[who])


def _together(about: About, one: Together) -> tuple[About, Counted, list[tuple[str, Figure]]]:
    figures = [
        ("exact", one.exact),
        ("adjacent", one.adjacent),
        ("kappa-linear", one.linear),
        ("kappa-quadratic", one.quadratic),
    ]
    if one.alpha is not None:
        figures.append(("alpha-ordinal", one.alpha))
    return about, one.counted, figures


def _alone(about: About, one: Alone) -> tuple[About, Counted, list[tuple[str, Figure]]]:
    figures = [
        ("exact", one.exact),
        ("adjacent", one.adjacent),
        ("kappa-linear", one.linear),
        ("severity", one.severity),
    ]
    return about, one.counted, figures


def _lone(about: About, one: Lone) -> tuple[About, Counted, list[tuple[str, Figure]]]:
    return about, one.counted, [("exact", one.exact), ("severity", one.severity)]


def _cells(figure: Figure) -> list[str]:
    ends = (figure.value, figure.low, figure.high)
    return [*("" if end is None else f"{end:.6f}" for end in ends), str(figure.n), figure.reason]
