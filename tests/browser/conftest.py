"""A real browser for the tests of this folder: the system's Chromium, walked by Playwright."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as configured
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from assessments.importing.saving import import_files
from assessments.models import Achievement, Rubric
from tests import factories
from tests.browser.watching import Watch
from workbench.demo.stage import OFFERS, PILOT_FILE
from workbench.models import User

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        missing = "Chromium is not installed: no chromium, chromium-browser or google-chrome on the path"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.complaints == []


@pytest.fixture
def answered() -> Iterator[Callable[[], None]]:
    """Wait until the server has answered everything: what a closing page still sends must not meet the
    clean-up of the database.
    """
    asked: set[int] = set()

    def begin(environ: dict, **_: object) -> None:
        asked.add(threading.get_ident())

    def end(**_: object) -> None:
        asked.discard(threading.get_ident())

    def wait() -> None:
        until = time.monotonic() + 10
        quiet_since = time.monotonic()
        while time.monotonic() < until and time.monotonic() - quiet_since < 0.3:
            time.sleep(0.02)
            if asked:
                quiet_since = time.monotonic()

    request_started.connect(begin, weak=False)
    request_finished.connect(end, weak=False)
    yield wait
    request_started.disconnect(begin)
    request_finished.disconnect(end)


@pytest.fixture
def visit(
    browser: Browser, live_server, settings, watch: Watch, answered: Callable[[], None]
) -> Iterator[Callable[..., Page]]:
    """Open a page of somebody's own browser: ``visit(ada)``, or ``visit()`` for a stranger.

    Further names are options of the browser's context: ``java_script_enabled``, ``viewport``, ``locale``.
    """
    settings.BASE_URL = live_server.url
    opened: list[BrowserContext] = []

    def open_page(person: User | None = None, **options: object) -> Page:
        context = browser.new_context(
            **({"base_url": live_server.url, "viewport": {"width": 1280, "height": 800}} | options)
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        if person:
            sign_in(context, person, live_server.url)
        return watch.over(context.new_page())

    yield open_page
    for context in opened:
        context.close()
    answered()


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """A stranger's page."""
    return visit()


def sign_in(context: BrowserContext, person: User, url: str) -> None:
    """Without the form, which ``test_story`` walks."""
    client = Client()
    client.force_login(person)
    name = configured.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


@pytest.fixture
def achievement(organisation) -> Achievement:
    """Firewall management, as the pilot's referential asks it in three languages."""
    files = {PILOT_FILE.name: PILOT_FILE.read_bytes()}
    referential = import_files(files, organisation=organisation, by=None)
    offer = OFFERS["firewall"]
    rubric = Rubric.objects.filter(referential=referential, criteria__code__startswith=offer.prefix).first()
    return factories.make_achievement(organisation, rubric, code=offer.code, names=offer.names)
