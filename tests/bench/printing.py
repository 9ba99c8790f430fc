"""Certificate and programme report as PDF, the report also as Chromium prints it where it is installed."""

import io
import os
import resource
import shutil
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from pypdf import PdfReader

from badges.certificates import certificate
from badges.models import Credential
from reviews.reports import writing
from reviews.reports.figures import (
    CriterionResults,
    LearnerRow,
    LevelCount,
    Load,
    ProgrammeFigures,
    Progress,
    Turnaround,
)
from tests import factories
from tests.bench.measuring import Row, interleaved, milliseconds, timed
from workbench import jobs

ROUNDS = 7
PEOPLE = ("Ada Delcourt", "Alan Vermeulen", "Eve Noël", "Zoé Van den Broeck")


def run_certificate() -> list[Row]:
    """In a new and empty database, with a badge that the worker issued."""
    call_command("migrate", verbosity=0)
    organisation = factories.make_organisation("lille", name="Université de Lille")
    achievement = factories.make_achievement(organisation)
    programme = factories.make_programme(organisation, achievement)
    ada, bo = factories.make_user("Ada Delcourt"), factories.make_user("Bo Maes")
    factories.enrol(programme, ada)
    factories.grant(bo, "assessor", programme)
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    credential = Credential.objects.get()
    assert credential.is_published
    certificate(credential)
    seconds = interleaved({"ours": timed(lambda: certificate(credential))}, rounds=ROUNDS)["ours"]
    return [Row("Certificate, warm", milliseconds(seconds), target="≤ 0.15 s")]


def run_report(learners: int) -> tuple[float, int, float]:
    """Seconds of CPU, pages, and the peak of this process in MB, which must have made nothing else."""
    writing.write_pdf(figures(4), language="fr")
    start = time.process_time()
    pdf = writing.write_pdf(figures(learners), language="fr")
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds, len(PdfReader(io.BytesIO(pdf)).pages), peak


def run_chromium(learners: int) -> float | None:
    """Seconds of CPU in which Chromium prints the same page; None where it is not installed."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return None
    sheet = "workbench/css/report.css"
    drawn = figures(learners)
    html = render_to_string(
        "reports/programme.html",
        {"figures": drawn, "charts": [], "totals": writing.totals(drawn.progress), "language": "fr"},
    ).replace(static(sheet), Path(str(finders.find(sheet))).as_uri())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(html, encoding="utf-8")
        command = [
            program, "--headless", "--disable-gpu", f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={folder}/report.pdf", page.as_uri(),
        ]  # fmt: skip
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode or not (Path(folder) / "report.pdf").is_file():
            return None
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def figures(learners: int) -> ProgrammeFigures:
    """A programme of one achievement with six criteria, five assessors and so many learners."""
    now = timezone.localtime()
    decided = learners * 3 // 4
    return ProgrammeFigures(
        name="Pilote cybersécurité",
        organisation="Université de Lille",
        description="",
        starts_on=date(2026, 1, 5),
        ends_on=None,
        made_at=now,
        learners=learners,
        progress=(
            Progress(
                "Gestion de pare-feu",
                {"approved": decided, "submitted": learners - decided},
                learners,
                decided,
                0,
            ),
        ),
        results=tuple(_criterion(number, decided) for number in range(1, 7)),
        turnaround=Turnaround(decided, 2.5, 6.0, learners - decided, now.date()),
        loads=tuple(Load(name, 3, decided // 4, 0, 0, 1.5) for name in PEOPLE),
        rows=tuple(_row(number, now) for number in range(learners)),
    )


def _criterion(number: int, decided: int) -> CriterionResults:
    levels = tuple(LevelCount(f"Niveau {place}", place, decided // 4) for place in range(1, 5))
    return CriterionResults("Gestion de pare-feu", f"C{number}", f"Critère {number}", 3, levels)


def _row(number: int, now: object) -> LearnerRow:
    approved = number % 4 != 0
    return LearnerRow(
        name=f"{PEOPLE[number % len(PEOPLE)]} {number}",
        email=f"learner{number}@example.org",
        achievement="Gestion de pare-feu",
        attempt=1 + number % 2,
        state="approved" if approved else "submitted",
        state_label="approuvé" if approved else "en attente",
        submitted=now,
        decided=now if approved else None,
        total="83 %" if approved else "",
        badge=f"https://badges.example/badges/{number}" if approved else "",
        badge_state="délivré" if approved else "",
    )
