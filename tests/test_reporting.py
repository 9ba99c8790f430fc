"""Reports: figures counted by hand, files that open, and nobody who should not reads them."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pypdf import PdfReader

from reviews.models import Report
from reviews.models.decision import Outcome
from reviews.models.report import ReportKind, ReportState
from reviews.reporting import WRITERS, request_report
from reviews.reports.charts import level_bars
from reviews.reports.collecting import collect
from reviews.reports.figures import CriterionResults, LevelCount, middle, slow
from reviews.reports.writing import harmless
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.storage import open_blob


@pytest.fixture
def story(programme, ada, alan, bo, bea, mo):
    """Ada earned the badge in two days, Alan was returned after four; Eve only enrolled."""
    eve = factories.make_user("Eve Noël")
    factories.enrol(programme, eve)
    for learner, assessor, outcome, days in (
        (ada, bo, Outcome.APPROVE, 2),
        (alan, bea, Outcome.RETURN, 4),
    ):
        decision = factories.make_decision(factories.make_submission(learner, programme), assessor, outcome)
        submitted = decision.decided_at - timedelta(days=days)
        type(decision.submission).objects.filter(pk=decision.submission_id).update(submitted_at=submitted)
    jobs.run_due()
    return programme


def test_the_figures_of_the_story(story) -> None:
    figures = collect(story)
    assert (figures.learners, figures.attempts, figures.badges) == (3, 2, 1)
    assert figures.progress[0].states == {"approved": 1, "returned": 1}
    assert figures.turnaround.decided == 2
    assert figures.turnaround.median_days == pytest.approx(3)
    assert figures.turnaround.slow_days is None
    assert [(load.name, load.approved, load.returned) for load in figures.loads] == [
        ("Bea Lambert", 0, 1),
        ("Bo Maes", 1, 0),
    ]
    first = figures.results[0]
    assert [level.count for level in first.levels] == [0, 1, 1, 0]
    assert (first.required, first.judged, first.reached) == (3, 2, 50)
    assert [(row.name, row.state, bool(row.badge)) for row in figures.rows] == [
        ("Ada Delcourt", "approved", True),
        ("Alan Vermeulen", "returned", False),
        ("Eve Noël", "", False),
    ]


def test_an_empty_programme_has_a_report_too(organisation) -> None:
    figures = collect(factories.make_programme(organisation))
    assert (figures.learners, figures.attempts, figures.rows, figures.results) == (0, 0, (), ())
    assert figures.turnaround.median_days is None


def test_collecting_asks_as_many_queries_for_few_as_for_many(
    story, bo, django_assert_max_num_queries
) -> None:
    for number in range(12):
        learner = factories.make_user(f"Learner {number}", email=f"l{number}@example.org")
        factories.enrol(story, learner)
        factories.make_submission(learner, story)
    with django_assert_max_num_queries(24):
        assert len(collect(story).rows) == 15


def test_middle_and_slow_say_nothing_without_enough_data() -> None:
    days = [timedelta(days=number) for number in range(1, 12)]
    assert middle([]) is None
    assert middle(days) == 6
    assert slow(days[:9]) is None
    assert slow(days) == pytest.approx(10)


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_the_pdf_tells_the_story_in_each_language(story, mo, language) -> None:
    report = request_report(story, kind=ReportKind.PROGRAMME, by=mo, language=language)
    assert (report.state, report.progress) == (ReportState.WAITING, 0)
    jobs.run_due()
    report.refresh_from_db()
    assert (report.state, report.progress) == (ReportState.DONE, 100)
    with open_blob(report.sha256) as file:
        reader = PdfReader(io.BytesIO(file.read()))
    text = "\n".join(page.extract_text() for page in reader.pages)
    for name in ("Ada Delcourt", "Alan Vermeulen", "Eve Noël", "Bo Maes", "Université de Lille"):
        assert name in text
    assert reader.metadata.title.startswith(
        {"en": "Cybersecurity pilot", "fr": "Pilote cybersécurité", "nl": "Pilot cyberbeveiliging"}[language]
    )


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(story, mo) -> None:
    villain = factories.make_user('=HYPERLINK("http://evil.example")', email="v@example.org")
    factories.enrol(story, villain)
    report = request_report(story, kind=ReportKind.PROGRAMME_CSV, by=mo)
    jobs.run_due()
    report.refresh_from_db()
    with open_blob(report.sha256) as file:
        content = file.read()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 5
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
    assert next(row for row in rows if "Ada" in row[0])[:2] == ["Ada Delcourt", "ada@example.org"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_formula_is_made_harmless(cell) -> None:
    assert harmless(cell) == "'" + cell
    assert harmless("Ada=1") == "Ada=1"


def test_a_chart_escapes_what_it_shows() -> None:
    result = CriterionResults("A", "<script>", "x & y", 2, (LevelCount("a", 1, 3), LevelCount("b", 2, 1)))
    drawn = level_bars([result, CriterionResults("A", "C2", "none", 2, ())], title='"quoted"')
    assert "<script>" not in drawn
    assert "x &amp; y" in drawn
    assert drawn.count("<rect") == 4


@pytest.mark.parametrize("person", ["ada", "bo", "cy", "dee"])
def test_who_does_not_manage_gets_no_report(story, person, request) -> None:
    with pytest.raises(Forbidden):
        request_report(story, kind=ReportKind.PROGRAMME, by=request.getfixturevalue(person))


def test_an_unknown_kind_is_refused(story, mo) -> None:
    with pytest.raises(DomainError) as refused:
        request_report(story, kind="everything", by=mo)
    assert (refused.value.code, refused.value.status) == ("unknown-report", 422)


def test_mo_asks_watches_and_fetches(story, mo, client) -> None:
    client.force_login(mo)
    assert client.get(reverse("reports")).status_code == 200
    answer = client.post(reverse("request-report"), {"programme": story.pk, "kind": "programme-csv"})
    report = Report.objects.get()
    assert answer.url == reverse("report", args=[report.pk])
    assert "every 2s" in client.get(answer.url).content.decode()
    assert client.get(reverse("report-file", args=[report.pk])).status_code == 302
    jobs.run_due()
    part = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in part
    assert "<html" not in part
    answer = client.get(reverse("report-file", args=[report.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"Ada Delcourt" in b"".join(answer.streaming_content)


@pytest.mark.parametrize("person", ["ada", "bo", "cy", "dee"])
def test_a_report_is_not_there_for_others(story, mo, person, client, request) -> None:
    report = request_report(story, kind=ReportKind.PROGRAMME_CSV, by=mo)
    jobs.run_due()
    client.force_login(request.getfixturevalue(person))
    for name in ("report", "report-file"):
        assert client.get(reverse(name, args=[report.pk])).status_code == 404
    answer = client.post(reverse("request-report"), {"programme": story.pk, "kind": "programme"})
    assert answer.status_code == (404 if person == "dee" else 403)


def test_a_report_that_cannot_be_made_says_so(story, mo, client, monkeypatch) -> None:
    def broken(_figures, *, language):
        raise MemoryError

    monkeypatch.setitem(WRITERS, ReportKind.PROGRAMME, broken)
    monkeypatch.setattr(jobs, "MAX_TRIES", 1)
    report = request_report(story, kind=ReportKind.PROGRAMME, by=mo)
    jobs.run_due()
    report.refresh_from_db()
    assert report.state == ReportState.FAILED
    client.force_login(mo)
    assert reverse("request-report") in client.get(reverse("report", args=[report.pk])).content.decode()


def test_the_command_writes_a_file_and_names_its_errors(story, tmp_path, capsys) -> None:
    target = tmp_path / "report.csv"
    call_command("export_report", "programme-csv", "pilot", out=target)
    assert b"Ada Delcourt" in target.read_bytes()
    call_command("export_report", "programme-csv", str(story.pk), out=target)
    with pytest.raises(CommandError, match="no programme"):
        call_command("export_report", "programme", str(uuid.uuid4()), out=target)
    with pytest.raises(CommandError, match="cannot write"):
        call_command("export_report", "programme-csv", "pilot", out=tmp_path / "no" / "folder.csv")
