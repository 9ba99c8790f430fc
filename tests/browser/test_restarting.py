"""The web process is killed and started again while Bo writes: no word is lost, none is kept twice."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from reviews.claiming import claim
from reviews.models import Review
from tests import factories
from tests.browser.conftest import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@dataclass
class Web:
    """A web process of its own on the database of the test, on a port that stays the same."""

    environment: dict[str, str]
    port: int
    process: subprocess.Popen | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, *command, "--blocking-threads", "2", "workbench.wsgi:application"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with (
                suppress(urllib.error.URLError, ConnectionError),
                urllib.request.urlopen(self.url + "/healthz"),
            ):
                return
            time.sleep(0.1)
        raise AssertionError("the web process did not start")

    def kill(self) -> None:
        """With all its workers, in the middle of whatever they do."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def web(environment) -> Iterator[Web]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    web = Web(environment | {"WORKBENCH_BASE_URL": url, "WORKBENCH_DEBUG": "1"}, port)
    web.start()
    yield web
    web.kill()


@pytest.fixture
def review(ada, bo, programme) -> Review:
    return claim(factories.make_submission(ada, programme), by=bo)


@pytest.fixture
def desk(browser: Browser, web: Web, bo, review: Review) -> Iterator[Page]:
    context = browser.new_context(base_url=web.url, viewport={"width": 1280, "height": 900})
    sign_in(context, bo, web.url)
    page = context.new_page()
    page.goto(f"/reviews/{review.pk}/")
    expect(page.locator("[data-open-shortcuts]")).to_be_visible()
    yield page
    context.close()


def comment(page: Page, number: int = 0) -> str:
    return page.locator("textarea[name^=comment-]").nth(number).input_value()


def write(page: Page, text: str, number: int = 0) -> None:
    """Key by key, as people write, after what stands there."""
    field = page.locator("textarea[name^=comment-]").nth(number)
    field.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text, delay=5)


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("#save-state")).to_have_attribute("data-state", state, timeout=20_000)


def expect_kept(page: Page, review: Review, expected: list[str]) -> None:
    """Within the patience of a person: the page saves again and again by itself."""
    kept: list[str] = []
    until = time.monotonic() + PATIENCE
    while kept != expected and time.monotonic() < until:
        page.wait_for_timeout(100)
        texts = review.scores.order_by("criterion__position").values_list("comment", flat=True)
        kept = [text for text in texts if text]
    assert kept == expected


def test_bo_writes_on_while_the_server_restarts(desk: Page, web: Web, review: Review) -> None:
    write(desk, "Before the restart.")
    expect_state(desk, "saved")
    write(desk, " While it falls,")
    web.kill()
    write(desk, " while it is away,")
    write(desk, "and on the second criterion.", 1)
    expect_state(desk, "error")
    web.start()
    write(desk, " and after.")
    words = "Before the restart. While it falls, while it is away, and after."
    expect_kept(desk, review, [words, "and on the second criterion."])
    assert comment(desk) == words
    expect(desk.get_by_role("group", name="Two versions")).to_have_count(0)


def test_a_page_that_is_loaded_anew_after_the_crash_offers_the_last_words(
    desk: Page, web: Web, review: Review
) -> None:
    write(desk, "Kept by the server.")
    expect_state(desk, "saved")
    web.kill()
    write(desk, " Kept by the browser.")
    expect_state(desk, "error")
    context = desk.context
    desk.close()
    web.start()
    again = context.new_page()
    again.goto(f"/reviews/{review.pk}/")
    again.locator("[data-draft=restore]").click()
    own = again.locator("[data-keep=own]")
    expect(own).to_be_visible()
    own.click()
    expect_kept(again, review, ["Kept by the server. Kept by the browser."])


def test_the_lease_survives_the_restart(desk: Page, web: Web, review: Review, bea) -> None:
    web.kill()
    web.start()
    review.submission.refresh_from_db()
    assert review.submission.has_live_lease
    assert not review.submission.is_claimable
    write(desk, "Still mine.")
    expect_kept(desk, review, ["Still mine."])
