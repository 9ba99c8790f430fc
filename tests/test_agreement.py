"""How far assessors agree: against published examples, other people's code, and what must always hold."""

import math
import random
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, timedelta

import krippendorff
import numpy
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from reviews.agreement.alpha import ordinal_alpha
from reviews.agreement.bands import band, bands
from reviews.agreement.figures import MINIMUM_BEYOND_CHANCE, MINIMUM_WORKS, Figure
from reviews.agreement.intervals import clustered, student, wilson
from reviews.agreement.items import Comparison, Item, Marking, against_others, compared, double_marked
from reviews.agreement.kappa import linear, quadratic, weighted_kappa
from reviews.agreement.periods import Period, period_of, periods
from reviews.agreement.severity import severity
from reviews.agreement.shares import adjacent_agreement, exact_agreement
from reviews.agreement.tabulating import over_time, tabulate

DAY = date(2026, 3, 2)
Table = Sequence[Sequence[int]]


def comparisons_of(table: Table) -> list[Comparison]:
    """Row and column are the levels of two markers; the cell says how often."""
    pairs = [
        (first, second)
        for first, row in enumerate(table, 1)
        for second, times in enumerate(row, 1)
        for _time in range(times)
    ]
    return [Comparison(work, "C1", first, second) for work, (first, second) in enumerate(pairs)]


def items_of(*markers: Iterable[int | None]) -> list[Item]:
    """One line of levels a marker, one piece of work a column; None where somebody did not mark."""
    names = [f"marker {number}" for number in range(1, 27)]
    found = []
    for work, column in enumerate(zip(*markers, strict=True)):
        marks = [(name, level) for name, level in zip(names, column, strict=False) if level is not None]
        if len(marks) > 1:
            found.append(Item(work, "C1", "A", tuple(marks), DAY))
    return found


def standard_error(figure: Figure) -> float:
    assert figure.low is not None and figure.high is not None
    return (figure.high - figure.low) / (2 * 1.959964)


def nominal(first: int, second: int) -> float:
    return float(first != second)


# --- Published examples --------------------------------------------------------------------------------

# Cohen (1968), Psychological Bulletin 70, 213-220: proportions .44 .07 .09 / .05 .20 .05 / .01 .03 .06 of
# 200 patients, and his own weights for personality disorder, neurosis and psychosis.
COHEN = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
COHENS_WEIGHTS = ((0, 1, 3), (1, 0, 6), (3, 6, 0))
# Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, 323-327, the example for both formulas.
FLEISS_COHEN_EVERITT = ((106, 10, 4), (22, 28, 10), (2, 12, 6))
THEIR_AGREEMENT = ((1, 0, 0.4444), (0, 1, 0.6667), (0.4444, 0.6667, 1))
# Fleiss (1981), Statistical Methods for Rates and Proportions, 2nd edition, page 213.
FLEISS = ((75, 1, 4), (5, 4, 1), (0, 0, 10))
# Altman (1991), Practical Statistics for Medical Research, table 14.2: 85 xeromammograms, two radiologists.
XEROMAMMOGRAMS = ((21, 12, 0, 0), (4, 17, 1, 0), (3, 9, 15, 2), (0, 0, 0, 1))
# Altman (1991), table 14.3: MAST against RAST tests of 363 sera.
ALLERGIES = (
    (86, 3, 14, 0, 2),
    (26, 0, 10, 4, 0),
    (20, 2, 22, 4, 1),
    (11, 1, 37, 16, 14),
    (3, 0, 15, 24, 48),
)
# SAS/STAT User's Guide, the FREQ procedure, "Agreement Study": two dermatologists, 88 patients.
SKIN = ((10, 4, 1, 0), (5, 10, 12, 2), (2, 4, 12, 5), (0, 2, 6, 13))
# The SAS printout that statsmodels tests its cohens_kappa against.
NINETEEN = ((0, 4, 1), (0, 8, 0), (0, 1, 5))


def cohens_own(first: int, second: int) -> float:
    return COHENS_WEIGHTS[first - 1][second - 1]


def theirs(first: int, second: int) -> float:
    return 1 - THEIR_AGREEMENT[first - 1][second - 1]


@pytest.mark.parametrize(
    ("table", "disagreement", "kappa"),
    [
        pytest.param(COHEN, nominal, 0.492, id="Cohen 1968, unweighted"),
        pytest.param(COHEN, cohens_own, 0.348, id="Cohen 1968, weighted"),
        pytest.param(FLEISS_COHEN_EVERITT, nominal, 0.429, id="Fleiss Cohen Everitt 1969, unweighted"),
        pytest.param(FLEISS_COHEN_EVERITT, theirs, 0.507, id="Fleiss Cohen Everitt 1969, weighted"),
        pytest.param(FLEISS, nominal, 0.676, id="Fleiss 1981"),
        pytest.param(XEROMAMMOGRAMS, nominal, 0.47, id="Altman 1991 table 14.2, unweighted"),
        pytest.param(XEROMAMMOGRAMS, linear, 0.57, id="Altman 1991 table 14.2, linear"),
        pytest.param(ALLERGIES, nominal, 0.32, id="Altman 1991 table 14.3, unweighted"),
        pytest.param(ALLERGIES, linear, 0.56, id="Altman 1991 table 14.3, linear"),
        pytest.param(SKIN, nominal, 0.3449, id="SAS skin condition, unweighted"),
        pytest.param(SKIN, linear, 0.5082, id="SAS skin condition, linear"),
        pytest.param(NINETEEN, linear, 0.4701, id="SAS in statsmodels, linear"),
    ],
)
def test_kappa_is_the_published_one(
    table: Table, disagreement: Callable[[int, int], float], kappa: float
) -> None:
    figure = weighted_kappa(comparisons_of(table), disagreement=disagreement, at_least=10)
    digits = len(str(kappa).split(".")[1])
    assert figure.value is not None
    assert round(figure.value, digits) == kappa
    assert figure.n == sum(map(sum, table))


@pytest.mark.parametrize(
    ("table", "disagreement", "variance"),
    [
        pytest.param(FLEISS_COHEN_EVERITT, nominal, 0.002885, id="unweighted"),
        pytest.param(FLEISS_COHEN_EVERITT, theirs, 0.003248, id="weighted"),
    ],
)
def test_the_variance_is_that_of_fleiss_cohen_and_everitt(
    table: Table, disagreement: Callable[[int, int], float], variance: float
) -> None:
    figure = weighted_kappa(comparisons_of(table), disagreement=disagreement, at_least=10)
    assert standard_error(figure) ** 2 == pytest.approx(variance, abs=5e-7)


@pytest.mark.parametrize(
    ("table", "disagreement", "low", "high"),
    [
        pytest.param(ALLERGIES, nominal, 0.26, 0.38, id="Altman 1991, section 14.3.2"),
        pytest.param(SKIN, nominal, 0.2030, 0.4868, id="SAS skin condition, unweighted"),
        pytest.param(SKIN, linear, 0.3798, 0.6366, id="SAS skin condition, linear"),
        pytest.param(NINETEEN, linear, 0.1845, 0.7558, id="SAS in statsmodels, linear"),
    ],
)
def test_the_interval_is_the_published_one(
    table: Table, disagreement: Callable[[int, int], float], low: float, high: float
) -> None:
    figure = weighted_kappa(comparisons_of(table), disagreement=disagreement, at_least=10)
    digits = len(str(high).split(".")[1])
    assert figure.low is not None and figure.high is not None
    assert (round(figure.low, digits), round(figure.high, digits)) == (low, high)


def test_alpha_is_that_of_krippendorffs_four_observers_and_twelve_units() -> None:
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section D: ordinal alpha = .815."""
    n = None
    items = items_of(
        (1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3),
        (n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n),
    )
    figure = ordinal_alpha(items, at_least=10)
    assert figure.value == pytest.approx(0.815, abs=0.0005)
    assert figure.n == 11, "the twelfth unit was marked once, which says nothing about agreement"


def test_alpha_is_that_of_krippendorffs_two_observers_and_two_values() -> None:
    """Krippendorff (2011), section A: alpha = .095; two values are as nominal as they are ordinal."""
    items = items_of((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0))
    assert ordinal_alpha(items, at_least=10).value == pytest.approx(0.095, abs=0.0005)


@pytest.mark.parametrize(
    ("good", "of", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_wilsons(good: int, of: int, low: float, high: float) -> None:
    assert wilson(good / of, of) == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("freedom", "point"), [(9, 2.262), (12, 2.179), (20, 2.086), (30, 2.042), (60, 2.000), (120, 1.980)]
)
def test_students_point_is_that_of_the_printed_tables(freedom: int, point: float) -> None:
    assert student(freedom) == pytest.approx(point, abs=0.0005)


# --- Other people's code -------------------------------------------------------------------------------

LEVELS = st.integers(min_value=1, max_value=5)
PAIRS = st.lists(st.tuples(LEVELS, LEVELS), min_size=MINIMUM_BEYOND_CHANCE, max_size=60)
GRID = st.integers(min_value=2, max_value=4).flatmap(
    lambda markers: st.lists(
        st.lists(st.none() | LEVELS, min_size=markers, max_size=markers), min_size=30, max_size=50
    )
)


def comparisons(pairs: Iterable[tuple[int, int]]) -> list[Comparison]:
    return [Comparison(work, "C1", first, second) for work, (first, second) in enumerate(pairs)]


@given(PAIRS, st.sampled_from((linear, quadratic)))
def test_kappa_equals_that_of_nltk(
    pairs: list[tuple[int, int]], disagreement: Callable[[int, int], float]
) -> None:
    figure = weighted_kappa(comparisons(pairs), disagreement=disagreement)
    assume(figure.value is not None)
    triples = [(who, work, pair[place]) for work, pair in enumerate(pairs) for place, who in enumerate("ab")]
    task = AnnotationTask(triples, distance=disagreement)
    assert figure.value == pytest.approx(task.weighted_kappa(), abs=1e-9)


@given(GRID)
def test_alpha_equals_that_of_fast_krippendorff(grid: list[list[int | None]]) -> None:
    lines = list(zip(*grid, strict=True))
    figure = ordinal_alpha(items_of(*lines))
    assume(figure.value is not None)
    data = [[math.nan if level is None else level for level in line] for line in lines]
    paired = [column for column in zip(*data, strict=True) if sum(not math.isnan(one) for one in column) > 1]
    theirs = krippendorff.alpha(numpy.array(paired).T, level_of_measurement="ordinal")
    assert figure.value == pytest.approx(theirs, abs=1e-9)


# --- What must always hold -----------------------------------------------------------------------------


def everything(pairs: Sequence[tuple[int, int]]) -> list[Figure]:
    together = comparisons(pairs)
    items = items_of(*zip(*pairs, strict=True))
    return [
        exact_agreement(together),
        adjacent_agreement(together),
        weighted_kappa(together, disagreement=linear),
        weighted_kappa(together, disagreement=quadratic),
        weighted_kappa(together, disagreement=linear, either_order=True),
        ordinal_alpha(items),
    ]


@given(PAIRS)
@settings(deadline=None)
def test_a_figure_lies_in_its_interval_and_both_within_bounds(pairs: list[tuple[int, int]]) -> None:
    for figure in everything(pairs):
        assert figure.n == len(pairs)
        if figure.reason:
            assert (figure.value, figure.low, figure.high) == (None, None, None)
            continue
        assert figure.value is not None and figure.low is not None and figure.high is not None
        assert -1 <= figure.low <= figure.value + 1e-9
        assert figure.value - 1e-9 <= figure.high <= 1


@given(PAIRS)
@settings(deadline=None)
def test_it_does_not_matter_who_is_called_first(pairs: list[tuple[int, int]]) -> None:
    turned = [(second, first) for first, second in pairs]
    for figure, other in zip(everything(pairs), everything(turned), strict=True):
        same(figure, other)


@given(PAIRS, st.randoms())
@settings(deadline=None)
def test_it_does_not_matter_in_which_order_work_comes(
    pairs: list[tuple[int, int]], chance: random.Random
) -> None:
    shuffled = list(pairs)
    chance.shuffle(shuffled)
    for figure, other in zip(everything(pairs), everything(shuffled), strict=True):
        same(figure, other)


@given(PAIRS, st.lists(st.integers(1, 9), min_size=5, max_size=5))
@settings(deadline=None)
def test_alpha_only_sees_the_order_of_levels(pairs: list[tuple[int, int]], steps: list[int]) -> None:
    scale = [sum(steps[: place + 1]) for place in range(5)]
    stretched = [(scale[first - 1], scale[second - 1]) for first, second in pairs]
    same(
        ordinal_alpha(items_of(*zip(*pairs, strict=True))),
        ordinal_alpha(items_of(*zip(*stretched, strict=True))),
    )


@given(PAIRS, st.integers(-3, 40))
def test_kappa_only_sees_the_distance_of_levels(pairs: list[tuple[int, int]], shift: int) -> None:
    moved = [(first + shift, second + shift) for first, second in pairs]
    same(weighted_kappa(comparisons(pairs)), weighted_kappa(comparisons(moved)))


@given(st.lists(LEVELS, min_size=MINIMUM_BEYOND_CHANCE, max_size=60))
@settings(deadline=None)
def test_perfect_agreement_is_one_and_still_uncertain(levels: list[int]) -> None:
    assume(len(set(levels)) > 1)
    for figure in everything([(level, level) for level in levels]):
        assert figure.value == 1
        assert figure.high == 1
        assert figure.low is not None and figure.low < 1


@given(PAIRS)
@settings(deadline=None)
def test_the_severities_of_two_markers_are_opposite(pairs: list[tuple[int, int]]) -> None:
    items = items_of(*zip(*pairs, strict=True))
    one, other = severity(items, "marker 1"), severity(items, "marker 2")
    assert one.value is not None and other.value is not None
    assert one.value == pytest.approx(-other.value)
    assert one.low == pytest.approx(-other.high)


@given(PAIRS)
@settings(deadline=None)
def test_many_criteria_of_the_same_work_make_nobody_surer(pairs: list[tuple[int, int]]) -> None:
    """Ten criteria on which work gets the same levels tell no more than one; only n grows."""
    once = comparisons(pairs)
    tenfold = [one._replace(criterion=f"C{number}") for one in once for number in range(10)]
    for figure in (exact_agreement, adjacent_agreement, weighted_kappa):
        alone, many = figure(once), figure(tenfold)
        assert many.n == 10 * alone.n
        assert many.value == pytest.approx(alone.value)
        assert many.low == pytest.approx(alone.low, abs=1e-6)
        assert many.high == pytest.approx(alone.high, abs=1e-6)


def same(figure: Figure, other: Figure) -> None:
    assert (figure.n, figure.reason) == (other.n, other.reason)
    assert figure.value == pytest.approx(other.value, abs=1e-9)
    assert figure.low == pytest.approx(other.low, abs=1e-9)
    assert figure.high == pytest.approx(other.high, abs=1e-9)


# --- Not enough data -----------------------------------------------------------------------------------


def test_nine_pieces_of_work_say_nothing_and_ten_a_little() -> None:
    nine = [(1, 1), (2, 2), (3, 3)] * 3
    assert MINIMUM_WORKS == 10
    for figure in everything(nine):
        assert figure == Figure(None, None, None, 9, "few-works")
    exact, adjacent, *beyond_chance = everything([*nine, (4, 4)])
    assert (exact.value, exact.n, adjacent.value) == (1, 10, 1)
    assert {figure.reason for figure in beyond_chance} == {"few-works"}
    assert severity(items_of(*zip(*nine, strict=True)), "marker 1").reason == "few-works"
    assert severity(items_of(*zip(*[*nine, (4, 4)], strict=True)), "marker 1").value == 0


def test_agreement_beyond_chance_is_told_from_twenty_pieces_of_work_on() -> None:
    nineteen = [(1, 1), *[(2, 2), (3, 3)] * 9]
    assert MINIMUM_BEYOND_CHANCE == 20
    assert {figure.reason for figure in everything(nineteen)[2:]} == {"few-works"}
    assert {figure.value for figure in everything([*nineteen, (4, 4)])} == {1}


def test_ten_criteria_of_one_piece_of_work_are_one_piece_of_work() -> None:
    once = [Comparison("one work", f"C{number}", 2, 2) for number in range(10)]
    assert exact_agreement(once) == Figure(None, None, None, 10, "few-works")


def test_one_marker_alone_has_nobody_to_agree_with() -> None:
    assert exact_agreement([]) == Figure(None, None, None, 0, "one-marker")
    assert weighted_kappa([]) == Figure(None, None, None, 0, "one-marker")
    assert ordinal_alpha([]) == Figure(None, None, None, 0, "one-marker")
    assert severity([], "Bo") == Figure(None, None, None, 0, "one-marker")


def test_where_all_get_the_same_level_chance_explains_everything() -> None:
    figures = everything([(3, 3)] * 40)
    assert [figure.reason for figure in figures] == ["", "", *["no-variation"] * 4]
    exact = figures[0]
    assert exact.value == 1 and exact.low == pytest.approx(0.912, abs=0.001)


def test_a_marker_who_gives_one_level_throughout_has_no_kappa() -> None:
    assert weighted_kappa(comparisons([(2, level) for level in (1, 2, 3, 4) * 5])).reason == "no-variation"


def test_one_odd_mark_among_many_is_no_ground_for_an_interval() -> None:
    """A third of all resamples miss the only mark that varies and have no alpha at all."""
    figure = ordinal_alpha(items_of((3,) * 39 + (2,), (3,) * 40))
    assert figure == Figure(None, None, None, 40, "no-variation")


# --- Marks, items, comparisons -------------------------------------------------------------------------


def mark(work: Hashable, who: str, level: int, *, criterion: str = "C1", on: date = DAY) -> Marking:
    return Marking(work, criterion, "A", who, level, on)


def test_only_what_two_marked_is_an_item() -> None:
    items = double_marked([mark(1, "Bo", 3), mark(1, "Bea", 2), mark(2, "Bo", 3), mark(3, "Bea", 1)])
    assert items == [Item(1, "C1", "A", (("Bea", 2), ("Bo", 3)), DAY)]


def test_the_last_mark_of_an_assessor_counts_and_never_compares_with_an_earlier_one() -> None:
    later = DAY + timedelta(days=3)
    marks = [mark(1, "Bo", 4, on=later), mark(1, "Bo", 1)]
    assert double_marked(marks) == []
    items = double_marked([*marks, mark(1, "Bea", 2)])
    assert items == [Item(1, "C1", "A", (("Bea", 2), ("Bo", 4)), later)]


def test_three_markers_of_one_item_weigh_as_much_as_two() -> None:
    (item,) = double_marked([mark(1, "Bo", 3), mark(1, "Bea", 3), mark(1, "Ben", 1)])
    found = compared([item])
    assert len(found) == 3
    assert sum(one.weight for one in found) == pytest.approx(1)
    assert [(one.first, one.second, one.weight) for one in against_others([item], "Ben")] == [
        (1, 3, 0.5),
        (1, 3, 0.5),
    ]
    assert severity([item], "Ben").n == 1


@pytest.mark.parametrize("markers", range(2, 27))
def test_any_number_of_markers_agree_wholly_or_not_at_all(markers: int) -> None:
    alike = compared(items_of(*[(3, 2, 4, 1) * 3] * markers))
    exact = exact_agreement(alike)
    assert (exact.value, exact.high, exact.n) == (1, 1, 12)
    assert exact.low == pytest.approx(wilson(1, 12)[0])
    apart = compared(items_of(*[tuple(3 * marker + at for at in range(12)) for marker in range(markers)]))
    assert adjacent_agreement(apart).value == 0


def test_severity_says_by_how_many_levels_somebody_is_stricter() -> None:
    """Differences of -1, -1, -1, 0 … have mean -0.6, s = 0.516 and t(9) = 2.262: ± 0.369."""
    items = items_of((2, 1, 3, 2, 3, 2, 2, 3, 1, 2), (3, 2, 4, 3, 4, 3, 2, 3, 1, 2))
    figure = severity(items, "marker 1")
    assert figure.value == pytest.approx(-0.6)
    assert figure.high == pytest.approx(-0.6 + 2.262 * 0.5164 / math.sqrt(10), abs=0.001)


def test_always_one_level_stricter_is_not_certainty() -> None:
    items = items_of((2, 1, 3) * 5, (3, 2, 4) * 5)
    figure = severity(items, "marker 1")
    assert figure.value == -1
    assert figure.low is not None and figure.low < -1.1
    assert figure.high is not None and -0.9 < figure.high < 0


def test_a_mean_over_clusters_is_the_usual_one_where_each_holds_one_value() -> None:
    found = clustered(enumerate((1.0, 2.0, 4.0, 5.0)))
    assert (found.mean, found.clusters, found.n) == (3.0, 4, 4)
    assert found.variance == pytest.approx((10 / 3) / 4)


# --- Time ----------------------------------------------------------------------------------------------


def test_quarters_and_months_follow_the_calendar() -> None:
    assert period_of(date(2026, 3, 31), "quarter").code == "2026-Q1"
    assert period_of(date(2026, 4, 1), "quarter").code == "2026-Q2"
    assert period_of(date(2026, 12, 31), "month").code == "2026-12"
    assert period_of(date(2026, 12, 31), "month").following == Period(date(2027, 1, 1), "month")


def test_a_period_in_which_nothing_was_marked_is_shown_empty() -> None:
    found = periods([date(2025, 11, 3), date(2026, 5, 2)], "quarter")
    assert [one.code for one in found] == ["2025-Q4", "2026-Q1", "2026-Q2"]
    assert periods([], "month") == []


def test_drift_shows_when_an_assessor_became_strict() -> None:
    spring = [Item(work, "C1", "A", (("Bea", 3), ("Bo", 3)), date(2026, 2, 1)) for work in range(12)]
    autumn = [Item(work, "C1", "A", (("Bea", 3), ("Bo", 2)), date(2026, 10, 1)) for work in range(12, 24)]
    moments = over_time([*autumn, *spring], "quarter")
    assert [moment.period.code for moment in moments] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert [moment.exact.value for moment in moments] == [1, None, None, 0]
    assert [moment.counted.works for moment in moments] == [12, 0, 0, 12]
    assert moments[0].assessors["Bo"].severity.value == 0
    assert moments[3].assessors["Bo"].severity.value == -1
    assert moments[3].assessors["Bea"].severity.value == 1


# --- All figures together, and their words -------------------------------------------------------------


def test_the_table_has_a_row_for_each_criterion_pair_and_assessor() -> None:
    marks = []
    for work in range(30):
        both = ("Bo", "Bea") if work % 2 else ("Bo", "Ben")
        marks += [
            Marking(work, criterion, f"A{work % 3}", who, 1 + (work + place) % 4, DAY)
            for place, criterion in enumerate(("C1", "C2"))
            for who in both
        ]
    found = tabulate(double_marked(marks))
    assert set(found.criteria) == {"C1", "C2"}
    assert set(found.achievements) == {"A0", "A1", "A2"}
    assert set(found.pairs) == {("Bea", "Bo"), ("Ben", "Bo")}
    assert set(found.assessors) == {"Bo", "Bea", "Ben"}
    assert (found.whole.counted.works, found.whole.counted.items) == (30, 60)
    assert found.assessors["Bea"].counted.works == 15
    assert found.pairs["Bea", "Bo"].alpha is None
    assert found.whole.alpha is not None and found.whole.alpha.value == 1


def test_nothing_marked_twice_is_a_table_without_rows() -> None:
    found = tabulate([])
    assert found.whole.exact.reason == "one-marker"
    assert (found.criteria, found.pairs, found.assessors, found.moments) == ({}, {}, {}, ())


@pytest.mark.parametrize(
    ("value", "word"),
    # Landis and Koch (1977), Biometrics 33, page 165.
    [
        (-0.01, "poor"),
        (0.0, "slight"),
        (0.20, "slight"),
        (0.21, "fair"),
        (0.40, "fair"),
        (0.41, "moderate"),
        (0.60, "moderate"),
        (0.61, "substantial"),
        (0.80, "substantial"),
        (0.81, "almost-perfect"),
        (1.0, "almost-perfect"),
    ],
)
def test_the_words_are_those_of_landis_and_koch(value: float, word: str) -> None:
    assert band(value) == word


def test_a_word_is_given_to_an_interval_and_to_nothing_less() -> None:
    assert bands(Figure(0.7, 0.45, 0.83, 50)) == ("moderate", "almost-perfect")
    assert bands(Figure(None, None, None, 3, "few-works")) is None
