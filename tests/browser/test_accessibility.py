"""The pages of the story for everybody: axe finds nothing, on a desk and a phone, in three languages."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from badges.revoking import revoke
from reviews.claiming import claim
from reviews.models import Report
from reviews.models.decision import Outcome
from reviews.models.report import ReportKind
from reviews.reporting import request_report
from tests import factories
from tests.browser.accessibility import spills_over, violations
from tests.browser.watching import Watch
from workbench import jobs
from workbench.languages import CODES
from workbench.models import User

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Visit = Callable[..., Page]
Pages = dict[str, list[str]]

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def cast(ada, alan, bo, bea, mo, root) -> dict[str, User]:
    return {"ada": ada, "alan": alan, "bo": bo, "bea": bea, "mo": mo, "root": root}


@pytest.fixture
def story(cast, programme, settings, live_server) -> SimpleNamespace:
    """A world in which each page of the story has something to show."""
    settings.BASE_URL = live_server.url
    names = ("Eve Rousseau", "Gil Janssens", "Fay Michel")
    eve, gil, fay = (factories.make_user(name) for name in names)
    factories.enrol(programme, eve, gil, fay)
    cast["fay"] = fay
    waiting = factories.make_submission(fay, programme)
    earned, taken_back = (factories.make_submission(learner, programme) for learner in (cast["ada"], gil))
    for submission in (earned, taken_back):
        factories.make_decision(submission, cast["bea"])
    returned = factories.make_submission(cast["alan"], programme)
    factories.make_decision(returned, cast["bo"], Outcome.RETURN, "Show the tests of the refused flows too.")
    draft = factories.make_draft(cast["alan"], programme)
    review = claim(factories.make_submission(eve, programme), by=cast["bo"])
    jobs.run_due()
    revoke(gil.credentials.get(), reason="Handed in twice.", by=cast["mo"])
    report = request_report(programme, kind=ReportKind.PROGRAMME, by=cast["mo"])
    Report.objects.filter(pk=report.pk).update(state="running", progress=40)
    return SimpleNamespace(
        waiting=waiting,
        earned=earned,
        returned=returned,
        draft=draft,
        review=review,
        badge=cast["ada"].credentials.get(),
        revoked=gil.credentials.get(),
        report=report,
    )


@pytest.fixture
def pages(story: SimpleNamespace, organisation, programme, achievement) -> Pages:
    """The addresses of the story's pages by who opens them; nobody's name for a stranger."""
    draft, badge = story.draft, story.badge
    evidence = draft.evidence.get()
    add = reverse("add-evidence", args=[draft.pk])
    return {
        "": [
            "/",
            reverse("account_login"),
            reverse("account_signup"),
            reverse("account_reset_password"),
            reverse("verify"),
            f"{reverse('verify')}?url={badge.url}",
            badge.get_absolute_url(),
            story.revoked.get_absolute_url(),
            reverse("public-evidence", args=[story.earned.evidence.get().pk]),
            reverse("achievement", args=[achievement.pk]),
            reverse("issuer", args=[organisation.slug]),
            reverse("referential", args=[achievement.rubric.referential_id]),
        ],
        "ada": [
            "/",
            reverse("my-badges"),
            reverse("submission", args=[story.earned.pk]),
            reverse("account"),
            reverse("notifications"),
        ],
        "alan": [
            "/",
            reverse("submissions"),
            reverse("submission", args=[draft.pk]),
            reverse("submission", args=[story.returned.pk]),
            *[f"{add}?form={form}" for form in ("file", "link", "text")],
            reverse("edit-evidence", args=[draft.pk, evidence.pk]),
            reverse("remove-evidence", args=[draft.pk, evidence.pk]),
        ],
        "fay": [reverse("submission", args=[story.waiting.pk]), reverse("withdraw", args=[story.waiting.pk])],
        "bo": [
            "/",
            reverse("queue"),
            reverse("review", args=[story.review.pk]),
            reverse("review", args=[story.returned.reviews.get().pk]),
        ],
        "mo": [
            "/",
            reverse("programmes"),
            reverse("programme", args=[programme.pk]),
            reverse("programme-people", args=[programme.pk]),
            reverse("queue"),
            reverse("reports"),
            reverse("report", args=[story.report.pk]),
            reverse("revoke-badge", args=[badge.pk]),
        ],
        "root": [
            "/",
            reverse("referentials"),
            reverse("import-referential"),
            reverse("new-programme"),
            reverse("offer", args=[programme.pk]),
            reverse("define-achievement", args=[achievement.rubric_id]),
            reverse("partners", args=[organisation.slug]),
            reverse("keys", args=[organisation.slug]),
            reverse("rotate-key", args=[organisation.slug]),
        ],
    }


@pytest.mark.parametrize("language", CODES)
def test_axe_finds_nothing_and_nothing_spills_over(visit: Visit, cast, pages: Pages, language: str) -> None:
    User.objects.update(language=language)
    found: list[Any] = []
    for name, addresses in pages.items():
        page = visit(cast.get(name), locale=language, reduced_motion="reduce")
        for address in addresses:
            found += [(name, address, wrong) for wrong in wrong_with(page, address, language)]
    assert not found, told(found)


def told(found: list[Any]) -> str:
    return "\n".join(map(str, found))


def wrong_with(page: Page, address: str, language: str) -> list[Any]:
    page.set_viewport_size(DESK)
    page.goto(address)
    head = page.evaluate(
        "[document.documentElement.lang, document.querySelectorAll('h1').length, document.title.trim()]"
    )
    wrong: list[Any] = []
    if head[:2] != [language, 1] or not head[2].split(" · ")[0]:
        wrong.append(head)
    wrong += violations(page)
    page.set_viewport_size(PHONE)
    if spills_over(page):
        wrong.append("spills over")
    return wrong + violations(page)


SAMPLE = {"": [4, 5, 6, 7, 8], "alan": [0, 2, 4], "bo": [1, 2, 3], "mo": [2, 3, 6]}


def test_the_dark_theme_has_contrast_too(visit: Visit, cast, pages: Pages) -> None:
    found: list[Any] = []
    for name, numbers in SAMPLE.items():
        page = visit(cast.get(name), color_scheme="dark", reduced_motion="reduce")
        for address in (pages[name][number] for number in numbers):
            page.goto(address)
            found += [(name, address, wrong) for wrong in violations(page)]
    assert not found, told(found)


def test_a_page_that_is_not_there_is_a_page_all_the_same(page: Page, watch: Watch) -> None:
    with watch.expecting(404):
        assert wrong_with(page, "/nothing/here", "en") == []
