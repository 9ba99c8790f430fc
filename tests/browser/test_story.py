"""The whole story in a browser, from an enrolment to a badge that is taken back."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Download, Page, Response, expect

from tests import factories
from tests.browser.watching import Watch
from workbench import jobs
from workbench.demo.captures import capture
from workbench.demo.configurations import iptables_save
from workbench.models import User

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "seven green firewalls"
RULES = iptables_save(random.Random(1), 3)
PROGRAM = b"MZ" + bytes(200)

Visit = Callable[..., Page]


@pytest.fixture
def eve(db) -> User:
    return factories.make_user("Eve Rousseau")


@pytest.fixture
def people(mo, eve, bo) -> dict[str, User]:
    mo.set_password(PASSWORD)
    mo.save()
    EmailAddress.objects.create(user=mo, email=mo.email, verified=True, primary=True)
    return {"mo": mo, "eve": eve, "bo": bo}


def test_from_an_enrolment_to_a_badge_that_is_taken_back(
    visit: Visit, watch: Watch, people, tmp_path: Path
) -> None:
    mo, eve, bo = visit(), visit(people["eve"]), visit(people["bo"])
    mo_signs_in_with_the_form(mo, people["mo"])
    mo_enrols(mo, people["eve"])
    eve_reads_what_is_asked_and_opens_a_draft(eve)
    eve_is_refused_a_program_and_keeps_what_she_typed(eve, watch)
    eve_adds_the_rest_and_hands_in(eve)
    bo_claims_and_scores_by_keyboard(bo)
    bo_approves_by_keyboard(bo)
    assert jobs.run_due() >= 1
    badge = eve_takes_her_badge_along(eve, tmp_path)
    stranger = visit()
    a_stranger_verifies_the_file_and_the_address(stranger, badge)
    a_changed_badge_is_refused(stranger, badge)
    mo_fetches_the_report(mo)
    mo_takes_the_badge_back(mo, badge)
    a_stranger_learns_it_at_once(stranger, badge)


# --- Mo enrols -------------------------------------------------------------------------------------


def mo_signs_in_with_the_form(page: Page, mo: User) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_label("Email").fill(mo.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Programmes you look after")).to_be_visible()


def mo_enrols(page: Page, eve: User) -> None:
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_label("Email addresses").fill(f"{eve.email}\nnobody@example.org")
    page.get_by_role("button", name="Enrol", exact=True).click()
    result = page.get_by_role("region", name="What became of the addresses")
    expect(result.get_by_role("listitem").filter(has_text=eve.email)).to_contain_text("Enrolled")
    expect(result.get_by_role("listitem").filter(has_text="nobody@example.org")).to_contain_text("No account")


# --- Eve hands in ------------------------------------------------------------------------------------


def eve_reads_what_is_asked_and_opens_a_draft(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Start “Firewall management”").click()
    page.get_by_role("link", name="Read the rubric").click()
    expect(page.get_by_role("heading", name="How it is judged")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("Least privilege")
    page.go_back()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Firewall management", level=1)).to_be_visible()


def eve_is_refused_a_program_and_keeps_what_she_typed(page: Page, watch: Watch) -> None:
    page.get_by_role("link", name="Add evidence").click()
    choose_file(page, "rules.v4", PROGRAM)
    describe(
        page, "Rules of the branch", visibility="public", supports={"FW-1": "Lines 9 to 31 end in DROP."}
    )
    with watch.expecting(422):
        page.get_by_role("button", name="Add evidence").click()
        expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Rules of the branch")
    expect(page.get_by_label("Justification: FW-1")).to_have_value("Lines 9 to 31 end in DROP.")
    expect(page.locator("[name=visibility][value=public]")).to_be_checked()
    choose_file(page, "rules.v4", RULES.encode())
    page.get_by_role("button", name="Add, then another").click()
    expect(page.get_by_text("“Rules of the branch” is added.")).to_be_visible()


def eve_adds_the_rest_and_hands_in(page: Page) -> None:
    choose_file(page, "scan.pcap", capture(random.Random(2), "port-scan").data)
    describe(page, "What a scan sees", visibility="summary", supports={"FW-6": "Packets 1 to 40."})
    page.get_by_role("button", name="Add evidence").click()
    page.get_by_role("link", name="Add evidence").click()
    page.get_by_role("link", name="Text").click()
    page.locator("#id_text").fill("I ordered the rules by how often they match.")
    describe(page, "Why in this order", visibility="private", supports={"FW-5": "The second half."})
    page.get_by_role("button", name="Add evidence").click()
    expect(page.get_by_role("article")).to_have_count(3)
    jobs.run_due()
    # The card asks by itself until the worker has read the file.
    expect(page.get_by_text("Packet capture of")).to_be_visible()
    page.get_by_label("I declare").check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Handed in. You see here when an assessor takes it up.")).to_be_visible()


def choose_file(page: Page, name: str, content: bytes) -> None:
    page.locator("#id_file").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def describe(page: Page, title: str, *, visibility: str, supports: dict[str, str]) -> None:
    page.get_by_role("textbox", name="Title").fill(title)
    for code, reason in supports.items():
        page.get_by_role("checkbox", name=code).check()
        page.get_by_label(f"Justification: {code}").fill(reason)
    page.locator(f"[name=visibility][value={visibility}]").check()


# --- Bo judges, without a mouse ----------------------------------------------------------------------


def bo_claims_and_scores_by_keyboard(page: Page) -> None:
    page.goto("/queue/")
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    for number in range(6):
        page.keyboard.press("j")
        page.keyboard.press("4" if number == 1 else "3")
    page.keyboard.press("c")
    page.keyboard.type("Dated runs, before and after.")
    with page.expect_response(lambda answer: "Dated+runs%2C+before+and+after." in sent_with(answer)):
        page.keyboard.press("Escape")
    expect(page.locator("#save-state [data-when=saved]")).to_be_visible()
    expect(page.get_by_text("Weighted total so far:")).to_be_visible()
    page.reload()
    assert page.locator("[data-criterion] input:checked").count() == 6
    chosen = page.locator("[data-criterion]").nth(1).locator("input:checked")
    expect(chosen).to_have_id(chosen.get_attribute("name") + "_3")
    expect(page.get_by_role("textbox", name="Comment").last).to_have_value("Dated runs, before and after.")


def sent_with(answer: Response) -> str:
    return answer.request.post_data or ""


def bo_approves_by_keyboard(page: Page) -> None:
    page.keyboard.press("d")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog", name="Decide now?")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Approved. The badge is being made and signed.").first).to_be_visible()


# --- The badge -----------------------------------------------------------------------------------------


def eve_takes_her_badge_along(page: Page, folder: Path) -> "Badge":
    page.goto("/my-badges/")
    page.get_by_role("main").get_by_role("link", name="Firewall management").click()
    expect(page.locator(".verdict")).to_have_attribute("data-tone", "success")
    evidence = page.get_by_role("region", name="The evidence")
    expect(evidence).to_contain_text("Rules of the branch")
    expect(evidence).to_contain_text("What a scan sees")
    expect(evidence).not_to_contain_text("Why in this order")
    address = page.locator("link[rel=canonical]").get_attribute("href") or ""
    assert page.url == address
    files = {name: saved(page, name, folder) for name in ("PNG", "JSON", "PDF")}
    assert files["PDF"].read_bytes().startswith(b"%PDF-")
    return Badge(address, files["PNG"], json.loads(files["JSON"].read_text()))


class Badge:
    def __init__(self, address: str, image: Path, document: dict) -> None:
        self.address, self.image, self.document = address, image, document


def saved(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as started:
        page.locator(".downloads").get_by_role("link", name=name).click()
    download: Download = started.value
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def a_stranger_verifies_the_file_and_the_address(page: Page, badge: Badge) -> None:
    page.goto("/verify")
    page.locator("#id_file").set_input_files(badge.image)
    verify(page)
    expect(page.locator(".verdict")).to_have_attribute("data-tone", "success")
    expect(page.get_by_role("region", name="What was checked").locator("[data-tone=danger]")).to_have_count(0)
    page.locator("#id_credential").fill(badge.address)
    verify(page)
    expect(page.locator(".verdict")).to_have_attribute("data-tone", "success")
    page.get_by_role("link", name="What was asked, what was reached, and the evidence").click()
    assert page.url == badge.address
    page.get_by_role("link", name="Rules of the branch").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the file").click()
    assert Path(started.value.path()).read_text() == RULES


def a_changed_badge_is_refused(page: Page, badge: Badge) -> None:
    changed = json.loads(json.dumps(badge.document))
    changed["credentialSubject"]["achievement"]["name"] = "Firewall mastery"
    page.goto("/verify")
    page.locator("#id_credential").fill(json.dumps(changed))
    verify(page)
    expect(page.locator(".verdict")).to_have_attribute("data-tone", "danger")
    failed = page.get_by_role("listitem").filter(has_text="Nothing was changed since it was signed")
    expect(failed).to_contain_text("Failed")
    expect(failed).to_contain_text("The badge was changed after it was signed")


def verify(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Verify").click()


# --- Mo reports and takes back ---------------------------------------------------------------------------


def mo_fetches_the_report(page: Page) -> None:
    page.goto("/reports/")
    page.get_by_label("Report", exact=True).select_option(label="Programme report (PDF)")
    page.get_by_role("button", name="Make the report").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    jobs.run_due()
    ready = page.get_by_role("link", name="Download")
    expect(ready).to_be_visible()
    with page.expect_download() as started:
        ready.click()
    assert Path(started.value.path()).read_bytes().startswith(b"%PDF-")


def mo_takes_the_badge_back(page: Page, badge: Badge) -> None:
    page.goto(badge.address)
    page.get_by_role("link", name="Revoke this badge").click()
    page.get_by_label("Reason").fill("Handed in twice, by two people.")
    page.get_by_role("button", name="Revoke the badge").click()
    expect(page.get_by_text("The badge is revoked.")).to_be_visible()


def a_stranger_learns_it_at_once(page: Page, badge: Badge) -> None:
    page.goto(badge.address)
    expect(page.locator(".verdict")).to_contain_text("Revoked on")
    expect(page.locator(".verdict")).to_contain_text("Handed in twice, by two people.")
    page.get_by_role("link", name="Verify now").click()
    expect(page.locator(".verdict")).to_have_attribute("data-tone", "danger")
    expect(page.get_by_role("listitem").filter(has_text="It is not revoked")).to_contain_text("Failed")
