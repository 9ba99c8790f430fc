"""Put together what a learner hands in, as good as the learner is."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from workbench.demo import configurations, documents, words
from workbench.demo.captures import Capture, Container, Scenario, capture
from workbench.demo.policies import Quality
from workbench.demo.words import Kind, Subject

Visibility = Literal["public", "summary", "private"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who hands in; ``handle`` is the name in addresses."""

    name: str
    handle: str
    language: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of evidence: bytes with a file name, bytes without one (a typed text), or an address.

    ``themes`` are those of the criteria that it supports (see ``words.theme_of``).
    """

    kind: Kind
    title: str
    narrative: str
    visibility: Visibility
    themes: frozenset[str]
    content: bytes = b""
    filename: str = ""
    url: str = ""


THEMES: Final[dict[tuple[Subject, Kind], frozenset[str]]] = {
    ("firewall", "firewall-configuration"): frozenset({"policy", "rules", "state", "ipv6", "logging"}),
    ("firewall", "packet-capture"): frozenset({"testing", "logging"}),
    ("firewall", "document"): frozenset({"documentation", "testing"}),
    ("firewall", "other"): frozenset({"documentation"}),
    ("traffic", "packet-capture"): frozenset({"method", "protocols", "anomaly"}),
    ("traffic", "firewall-configuration"): frozenset({"reporting"}),
    ("traffic", "document"): frozenset({"protocols", "anomaly", "reporting"}),
    ("traffic", "other"): frozenset({"reporting"}),
}

# What a learner may call such a file, and who writes it.
DIALECTS: Final[dict[str, Callable[[random.Random, Quality], str]]] = {
    "rules.v4": configurations.iptables_save,
    "nftables.conf": configurations.nftables,
    "running-config.txt": configurations.cisco_acl,
    "backup.conf": configurations.fortios,
}
REPORT_NAMES: Final = {"en": "report", "fr": "rapport", "nl": "verslag"}
LINK_TITLES: Final = {
    "en": "History of my changes",
    "fr": "Historique de mes changements",
    "nl": "Geschiedenis van mijn wijzigingen",
}


class Portfolio:
    """Collects the pieces of one attempt; the same ``rng`` state gives the same pieces."""

    def __init__(
        self, rng: random.Random, subject: Subject, quality: Quality, author: Author, filename: str
    ) -> None:
        self.rng, self.subject, self.quality = rng, subject, quality
        self.author, self.language, self.filename = author, author.language, filename
        self.pieces: list[Piece] = []

    def configuration(self) -> None:
        """A configuration of one firewall, with its IPv6 half where that is another file."""
        seed = self.rng.random()
        drawn = self.rng.choice(list(DIALECTS))
        filename = self.filename or drawn
        write = DIALECTS[filename]
        self._file("firewall-configuration", filename, write(random.Random(seed), self.quality).encode())
        if filename == "rules.v4" and self.quality >= 2:
            other = configurations.ip6tables_save(random.Random(seed), self.quality)
            first = self.pieces[-1]
            self._add(
                replace(
                    first,
                    title=f"{first.title} (IPv6)",
                    narrative="",
                    themes=first.themes & {"ipv6"} or first.themes,
                    content=other.encode(),
                    filename="rules.v6",
                )
            )

    def capture(self, *scenarios: Scenario) -> Capture:
        container: Container = self.rng.choice(("pcap", "pcapng"))
        made = capture(self.rng, self.rng.choice(scenarios), container)
        self._file("packet-capture", f"capture.{container}", made.data)
        return made

    def report(self, report: documents.Report) -> None:
        name = REPORT_NAMES[self.language]
        if self.quality >= 2:
            self._file("document", f"{name}.pdf", documents.as_pdf(report))
        else:
            self._file("document", f"{name}.md", documents.as_markdown(report))

    def text(self) -> None:
        told = words.narrative(self.rng, self.subject, self.quality, self.language)
        title = words.title(self.rng, self.subject, "document", self.language)
        self._add(Piece("document", title, "", self._visibility(), self._themes("other"), told.encode()))

    def link(self) -> None:
        url = f"https://git.demo.example/{self.author.handle}/{self.subject}"
        title, narrative = LINK_TITLES[self.language], self._narrative()
        self._add(Piece("other", title, narrative, self._visibility(), self._themes("other"), url=url))

    def _file(self, kind: Kind, filename: str, content: bytes) -> None:
        title = words.title(self.rng, self.subject, kind, self.language)
        self._add(
            Piece(kind, title, self._narrative(), self._visibility(), self._themes(kind), content, filename)
        )

    def _add(self, piece: Piece) -> None:
        self.pieces.append(piece)

    def _narrative(self) -> str:
        """Told once, with the first piece: the others go with it."""
        if self.pieces:
            return ""
        return words.narrative(self.rng, self.subject, self.quality, self.language)

    def _visibility(self) -> Visibility:
        choices: tuple[Visibility, ...] = ("public", "summary", "private")
        # The work itself is shown more often than what goes with it.
        return self.rng.choices(choices, weights=(6, 3, 1) if self.pieces else (4, 1, 0))[0]

    def _themes(self, kind: Kind) -> frozenset[str]:
        return THEMES[self.subject, kind]


def portfolio(
    rng: random.Random, *, subject: Subject, quality: Quality, author: Author, filename: str = ""
) -> tuple[Piece, ...]:
    """Everything for one attempt: better work brings more, and proves more of it.

    ``filename`` chooses the firewall (a key of ``DIALECTS``); without it the author has any of them.
    """
    made = Portfolio(rng, subject, quality, author, filename)
    {"firewall": _firewall, "traffic": _traffic}[subject](made)
    return tuple(made.pieces)


def _firewall(made: Portfolio) -> None:
    made.configuration()
    if made.quality == 0:
        made.text()
        return
    made.report(
        documents.firewall_report(quality=made.quality, language=made.language, author=made.author.name)
    )
    if made.quality == 1:
        made.text()
    if made.quality >= 2:
        made.capture("port-scan")
    if made.quality == 3:
        made.link()


def _traffic(made: Portfolio) -> None:
    captured = made.capture("beaconing", "port-scan")
    if made.quality == 0:  # the report of somebody else's capture
        captured = capture(made.rng, "baseline")
    made.report(
        documents.traffic_report(
            captured, quality=made.quality, language=made.language, author=made.author.name
        )
    )
    if made.quality == 1:
        made.text()
    if made.quality == 3:
        made.configuration()
