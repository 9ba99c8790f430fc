"""Watch a page for what a visitor should never meet: script errors, refused resources, lost requests."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# Chromium says this of every answer from 400 on; ``Watch`` looks at the answers themselves.
ANSWER = "Failed to load resource"


class Watch:
    """What went wrong on some pages. Answers from 400 on are wrong unless the story says ``expecting``."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._expected: set[int] = set()
        self._connected = True

    def over(self, page: Page) -> Page:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._lost)
        page.on("response", self._answered)
        return page

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Within, answers of these statuses are what the story is about."""
        self._expected |= set(statuses)
        yield
        self._expected -= set(statuses)

    @contextmanager
    def offline(self, context: BrowserContext) -> Iterator[None]:
        """Within, this browser has no connection, and requests are lost without complaint."""
        self._connected = False
        context.set_offline(True)
        yield
        context.set_offline(False)
        self._connected = True

    def _said(self, message: ConsoleMessage) -> None:
        """A breach of the content security policy is told here too."""
        if not self._connected and message.text.startswith("htmx:"):
            return  # it says of each request that it was lost
        if message.type in ("error", "warning") and not message.text.startswith(ANSWER):
            self.complaints.append(f"{message.location['url']}: {message.text}")

    def _lost(self, request: Request) -> None:
        # A download or a page that is left ends a request on purpose.
        if self._connected and request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.complaints.append(f"{response.request.method} {response.url}: {response.status}")
