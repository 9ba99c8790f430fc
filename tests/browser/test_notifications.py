"""Ada hears the bell and goes where it leads; Bo chooses how he is told; a mail's link ends the mails."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from reviews.models.decision import Outcome
from tests import factories
from tests.browser.accessibility import spills_over, violations
from workbench.models import User
from workbench.notifying import deliveries, mark_read
from workbench.unsubscribing import link_to_end

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Visit = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def returned(ada, bo, programme):
    submission = factories.make_submission(ada, programme)
    factories.make_decision(submission, bo, Outcome.RETURN, "No log.")
    return submission


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_ada_hears_the_bell_and_goes_where_it_leads(visit: Visit, ada, returned, scripts: bool) -> None:
    page = visit(ada, java_script_enabled=scripts)
    page.goto("/")
    page.get_by_role("link", name="Notifications: 2 unread").click()
    page.get_by_role("button", name="came back with feedback").click()
    expect(page).to_have_url(f"{page.url.split('/submissions')[0]}/submissions/{returned.pk}/")
    page.get_by_role("link", name="Notifications: 1 unread").click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    assert not ada.notifications.unread().exists()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_bo_chooses_with_the_keyboard_how_he_is_told(visit: Visit, bo, scripts: bool) -> None:
    page = visit(bo, java_script_enabled=scripts)
    page.goto("/account/")
    page.get_by_role("radio", name="Work to assess: Daily summary by email").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Work to assess: Only on the page")).to_be_checked()
    page.get_by_role("radio", name="Work waits long: Email at once").check()
    page.get_by_role("button", name="Save the choices").click()
    expect(page.get_by_text("Your notifications are saved.")).to_be_visible()
    expect(page.get_by_role("radio", name="Work to assess: Only on the page")).to_be_checked()
    chosen = deliveries(bo)
    assert (chosen["submitted"], chosen["overdue"]) == ("page", "at-once")


def test_a_stranger_with_the_link_of_a_mail_ends_its_kind(visit: Visit, ada, live_server) -> None:
    page = visit()
    page.goto(link_to_end(ada, ["decided"]))
    page.get_by_role("button", name="End these emails").click()
    expect(page.get_by_role("heading", name="No more emails about this")).to_be_visible()
    assert deliveries(ada)["decided"] == "page"


def test_every_page_is_accessible_and_fits_a_phone(visit: Visit, ada, bo, returned) -> None:
    page = visit(ada, viewport=PHONE, reduced_motion="reduce")
    for address in ("/", "/account/notifications/", "/account/", link_to_end(ada, ["decided", "claimed"])):
        page.goto(address)
        assert violations(page) == [], address
        assert not spills_over(page), address
    mark_read(bo)
    User.objects.filter(pk=bo.pk).update(language="nl")
    dark = visit(bo, viewport=PHONE, color_scheme="dark", reduced_motion="reduce")
    for address in ("/account/notifications/", "/account/"):
        dark.goto(address)
        assert violations(dark) == [], address
        assert not spills_over(dark), address
