"""The agreement page, its table to take away and its API: who reads what, and how it is written."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from assessments.models import Achievement, Programme
from reviews.agreement.charts import course, reach, whisker
from reviews.agreement.figures import Figure
from reviews.agreement.periods import Period
from reviews.templatetags.agreement import figure, leaning, period
from tests import factories
from tests.api.conftest import Caller, refused
from tests.marks import hand_in, mark

pytestmark = pytest.mark.django_db
EARLY = timezone.make_aware(datetime(2026, 2, 3, 12))


@pytest.fixture
def marked(programme, achievement, bo, bea, cy, mo) -> Programme:
    """Twenty-four works of winter and four of now; Bo is stricter on every other one's second criterion."""
    achievement = Achievement.objects.with_rubric().get(pk=achievement.pk)
    works = hand_in(programme, achievement, 24)
    mark(works, bea, [(1 + at % 4, 2 + at % 3) for at in range(24)], at=EARLY)
    mark(works, bo, [(1 + at % 4, 2 + at % 3 - at % 2) for at in range(24)], at=EARLY)
    works = hand_in(programme, achievement, 4)
    mark(works, bea, [2, 3, 4, 2], blind=False)
    mark(works, bo, [2, 3, 4, 2], blind=False)
    return programme


def page(client, person, programme, **query) -> str:
    client.force_login(person)
    response = client.get(reverse("agreement", args=[programme.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


# --- The page ------------------------------------------------------------------------------------------


def test_cy_reads_every_table_with_intervals_and_numbers(client, marked, cy) -> None:
    text = page(client, cy, marked)
    for heading in ("By criterion", "By achievement", "Assessors", "Pairs of assessors", "Over time"):
        assert heading in text
    assert "Bea Lambert · Bo Maes" in text
    assert "28" in text and "56 items" in text
    assert "stricter than the others" in text and "more generous than the others" in text
    assert "On 4 pieces of work the second assessor saw" in text
    assert "nan" not in text.lower().replace("nantes", "")


def test_too_little_in_a_period_is_said_with_its_number(client, marked, cy) -> None:
    text = page(client, cy, marked, since=(EARLY.date() + timedelta(days=1)).isoformat())
    assert text.count("too few works · n = 8") > 5
    assert "100&nbsp;%" not in text and "100 %" not in text.split("How to read")[0]


def test_before_anything_is_marked_twice_the_page_says_what_would_help(client, programme, mo) -> None:
    text = page(client, mo, programme)
    assert "Nothing was marked by two assessors" in text
    assert "CSV" not in text


def test_filters_stay_in_the_address_and_a_senseless_one_is_named(client, marked, cy) -> None:
    text = page(client, cy, marked, span="month", independent="on")
    assert "February 2026" in text
    assert "On 4 pieces of work" not in text
    assert "agreement.csv?span=month&amp;independent=on" in text
    text = page(client, cy, marked, since="2026-05-01", until="2026-04-01")
    assert "This day lies before the first one." in text
    text = page(client, cy, marked, since="yesterday", span="week")
    assert "Enter a valid date." in text
    assert "56 items" in text, "nothing is left out"


def test_bo_reads_his_own_severity_and_no_name_of_another(client, marked, bo) -> None:
    text = page(client, bo, marked)
    assert "How my marks compare" in text
    assert "stricter than the others" in text
    assert "Bea Lambert" not in text
    assert "Pairs of assessors" not in text


def test_an_assessor_without_double_marked_work_reads_why_there_is_nothing(client, marked) -> None:
    ben = factories.make_user("Ben Claes")
    factories.grant(ben, "assessor", marked)
    assert "Nothing of yours was marked by a second assessor" in page(client, ben, marked)


def test_whoever_may_read_it_finds_it_on_the_programme(client, marked, bo, cy, ada) -> None:
    link = reverse("agreement", args=[marked.pk])
    for person, there in ((bo, True), (cy, True), (ada, False)):
        client.force_login(person)
        text = client.get(reverse("programme", args=[marked.pk])).content.decode()
        assert (link in text) is there


def test_the_page_takes_as_many_queries_for_more_assessors(
    client, marked, cy, achievement, django_assert_max_num_queries
) -> None:
    achievement = Achievement.objects.with_rubric().get(pk=achievement.pk)
    people = [factories.make_user(f"Marker{at} Maes") for at in range(6)]
    works = hand_in(marked, achievement, 12)
    for person in people:
        mark(works, person, [1 + at % 4 for at in range(12)])
    client.force_login(cy)
    with django_assert_max_num_queries(14):
        client.get(reverse("agreement", args=[marked.pk]))


def test_a_hostile_name_is_text(client, marked, cy, bo) -> None:
    type(bo).objects.filter(pk=bo.pk).update(name="<script>alert(1)</script>")
    text = page(client, cy, marked)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


# --- The table to take away ----------------------------------------------------------------------------


def test_the_table_holds_each_figure_with_its_interval_and_number(client, marked, mo, bo) -> None:
    type(bo).objects.filter(pk=bo.pk).update(name="=cmd()")
    client.force_login(mo)
    response = client.get(reverse("agreement-sheet", args=[marked.pk]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"] == f'attachment; filename="{marked.slug}-agreement.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["About"] for row in rows} == {"programme", "criterion", "achievement", "pair", "assessor"}
    exact = next(row for row in rows if row["About"] == "programme" and row["Figure"] == "exact")
    assert (exact["Works marked twice"], exact["Items marked twice"], exact["Items"]) == ("28", "56", "56")
    assert exact["Value"] == f"{44 / 56:.6f}"
    severity = next(row for row in rows if row["Figure"] == "severity" and row["Name"] == "'=cmd()")
    assert float(severity["Upper end"]) < 0
    assert {row["Figure"] for row in rows} == {
        "exact",
        "adjacent",
        "kappa-linear",
        "kappa-quadratic",
        "alpha-ordinal",
        "severity",
    }
    few = [row for row in rows if row["Why there is none"] == "few-works"]
    assert few and all(row["Value"] == row["Lower end"] == row["Upper end"] == "" for row in few)
    assert all(row["Items"] for row in rows)


def test_bo_cannot_take_the_table(client, marked, bo) -> None:
    client.force_login(bo)
    assert client.get(reverse("agreement-sheet", args=[marked.pk])).status_code == 403


# --- The API -------------------------------------------------------------------------------------------


def test_the_api_tells_the_same(marked, cy, bo, bea) -> None:
    answer = Caller(cy).get(f"/programmes/{marked.pk}/agreement", span="month").json()
    assert (answer["whole"]["works"], answer["whole"]["items"], answer["open_works"]) == (28, 56, 4)
    assert answer["whole"]["exact"]["value"] == pytest.approx(44 / 56)
    assert (answer["minimum_works"], answer["minimum_works_beyond_chance"]) == (10, 20)
    assert [one["code"] for one in answer["criteria"]] == ["C1", "C2"]
    assert answer["periods"][0]["period"] == "2026-02"
    (pair,) = answer["pairs"]
    assert [one["id"] for one in pair["assessors"]] == [str(bea.pk), str(bo.pk)]
    assert pair["alpha"] is None
    figures = {one["assessor"]["name"]: one for one in answer["assessors"]}
    assert figures["Bo Maes"]["severity"]["high"] < 0 < figures["Bea Lambert"]["severity"]["low"]
    assert answer["periods"][-1]["exact"] == {
        "value": None,
        "low": None,
        "high": None,
        "n": 8,
        "reason": "few-works",
    }


def test_the_api_tells_bo_his_own_alone(marked, bo) -> None:
    api = Caller(bo)
    own = api.get(f"/programmes/{marked.pk}/agreement/own").json()
    assert own["works"] == 28 and own["severity"]["value"] < 0
    assert "Bea" not in str(own) and "assessors" not in own
    refused(api.get(f"/programmes/{marked.pk}/agreement"), 403, "forbidden")


def test_the_api_refuses_a_senseless_question(marked, cy) -> None:
    refused(Caller(cy).get(f"/programmes/{marked.pk}/agreement", since="soon"), 422, "invalid")
    refused(Caller(cy).get(f"/programmes/{marked.pk}/agreement", span="week"), 422, "invalid")


# --- How a figure is written and drawn -----------------------------------------------------------------


def test_a_figure_is_written_in_the_language_of_its_reader() -> None:
    one = Figure(0.5638, 0.4312, 0.6961, 50)
    assert figure(one)["value"] == "0.56"
    assert figure(one)["words"] == "moderate to substantial"
    with translation.override("fr"):
        assert figure(one)["low"] == "0,43"
    assert figure(one, "share")["value"] == "56 %"
    assert figure(one, "share")["high"] == "70 %", "rounded, not cut"
    assert figure(one)["high"] == "0.70"
    assert figure(Figure(-0.25, -0.5, 0.004, 50), "levels") | {"words": ""} == {
        "known": True,
        "value": "−0.25",
        "low": "−0.50",
        "high": "0.00",
        "words": "",
        "instead": "",
        "why": "",
        "n": 50,
    }
    assert figure(Figure(0.25, -0.001, 0.5, 50), "levels")["low"] == "0.00"
    assert figure(Figure(0.25, 0.1, 0.5, 50), "levels")["value"] == "+0.25"


def test_no_word_is_found_for_an_interval_over_half_of_the_scale() -> None:
    assert figure(Figure(0.5, 0.1, 0.9, 20))["words"] == "too uncertain for a word"
    assert figure(Figure(0.95, 0.9, 1, 20))["words"] == "almost perfect"


def test_severity_is_only_called_so_when_its_interval_shows_it() -> None:
    assert leaning(Figure(-0.4, -0.7, -0.1, 30)) == "stricter than the others"
    assert leaning(Figure(-0.4, -0.9, 0.1, 30)) == "no difference shown"
    assert leaning(Figure(None, None, None, 3, "few-works")) == ""


def test_periods_are_written_by_quarter_and_month() -> None:
    assert period(Period(date(2026, 4, 1), "quarter")) == "Q2 2026"
    assert period(Period(date(2026, 4, 1), "month")) == "April 2026"
    with translation.override("nl"):
        assert period(Period(date(2026, 4, 1), "month")) == "april 2026"


def test_whiskers_share_one_scale_with_nought_in_the_middle() -> None:
    wide = Figure(-0.5, -1.2, 0.2, 30)
    unknown = Figure(None, None, None, 3, "few-works")
    assert reach([wide, unknown]) == 2
    assert reach([unknown]) == 1
    drawn = whisker(wide, -2, 2)
    assert drawn is not None
    assert (drawn.low, drawn.value, drawn.high) == ("20.00", "37.50", "55.00")
    assert whisker(unknown, -2, 2) is None


def test_a_course_breaks_where_nothing_is_known() -> None:
    known, unknown = Figure(0.5, 0.25, 0.75, 30), Figure(None, None, None, 3, "few-works")
    drawn = course([known, known, unknown, known], 0, 1)
    assert drawn.lines == ("12.50,50.00 37.50,50.00",)
    assert [(stop.x, stop.top, stop.bottom) for stop in drawn.stops] == [
        ("12.50", "25.00", "75.00"),
        ("37.50", "25.00", "75.00"),
        ("87.50", "25.00", "75.00"),
    ]
    assert drawn.zero is None
    assert course([], -1, 1).zero == "50.00"
