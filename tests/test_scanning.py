"""Where a malware scanner is set up, nobody opens a file before it is cleared."""

import io
import os
import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import analysing, submitting
from assessments.models import Analysis
from assessments.models.evidence import Scan
from assessments.opening import open_evidence
from reviews.deciding import decide
from reviews.models.decision import Outcome
from tests import factories
from workbench import clamd, jobs
from workbench.environment import clamd as configured
from workbench.errors import DomainError
from workbench.models import Event, Job

MALWARE = b"pretend-malware"


class Daemon(socketserver.ThreadingTCPServer):
    """Speaks INSTREAM as clamd does; ``mood`` makes it misbehave."""

    allow_reuse_address = True
    daemon_threads = True
    mood = "well"
    most = 1024 * 1024
    streams = 0


class Handler(socketserver.StreamRequestHandler):
    server: Daemon

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        self.server.streams += 1
        received = b""
        while True:
            (length,) = struct.unpack(">I", self.rfile.read(4))
            if not length:
                break
            received += self.rfile.read(length)
            if self.server.mood == "hangs up" or len(received) > self.server.most:
                break
        self.wfile.write(self.answer(received))

    def answer(self, received: bytes) -> bytes:
        if self.server.mood == "hangs up":
            return b""
        if self.server.mood == "babbles":
            return b"250 hello\0"
        if len(received) > self.server.most:
            return b"INSTREAM size limit exceeded. ERROR\0"
        return b"stream: Test.Malware FOUND\0" if MALWARE in received else b"stream: OK\0"


@pytest.fixture
def daemon(settings):
    with Daemon(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


@pytest.fixture
def draft(ada, programme, achievement):
    return submitting.start(programme, achievement, by=ada)


def hand_over(draft, content: bytes = b"*filter\n:INPUT DROP [0:0]\nCOMMIT\n"):
    return factories.make_evidence(draft, content=content, name="rules.txt")


def test_nobody_opens_a_file_before_the_scanner_has_spoken(daemon, client, draft, ada):
    item = hand_over(draft)
    client.force_login(ada)
    response = client.get(reverse("evidence-file", args=[item.pk]))
    assert response.status_code == 409
    with pytest.raises(DomainError) as refusal:
        open_evidence(item)
    assert refusal.value.code == "not-scanned"
    jobs.run_due()
    assert client.get(reverse("evidence-file", args=[item.pk])).status_code == 200
    item.blob.refresh_from_db()
    assert item.blob.scan == Scan.CLEAN and item.blob.scanned_at <= timezone.now()


def test_malware_is_never_opened_read_or_handed_in(daemon, client, draft, ada):
    item = hand_over(draft, b"nothing to see\n" + MALWARE)
    jobs.run_due()
    analysis = Analysis.objects.get(blob=item.blob)
    assert (analysis.state, analysis.failure) == ("failed", "quarantined")
    client.force_login(ada)
    assert client.get(reverse("evidence-file", args=[item.pk])).status_code == 409
    with pytest.raises(DomainError) as refusal:
        submitting.submit(draft, declaration=True, by=ada)
    assert refusal.value.code == "infected"
    event = Event.objects.get(verb="evidence-quarantined")
    assert event.subject_id == str(item.pk) and event.data["signature"] == "Test.Malware"


def test_nobody_approves_what_nobody_could_open(daemon, ada, bo, programme):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    submission = submitting.submit(draft, declaration=True, by=ada)
    review = factories.make_review(submission, bo)
    with pytest.raises(DomainError) as refusal:
        decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    assert refusal.value.code == "not-scanned"
    jobs.run_due()
    assert decide(review, outcome=Outcome.APPROVE, feedback="", by=bo).outcome == Outcome.APPROVE


def test_a_scanner_that_is_taken_away_does_not_free_what_it_found(daemon, settings, draft):
    item = hand_over(draft, MALWARE)
    jobs.run_due()
    settings.CLAMD_URL = ""
    item.blob.refresh_from_db()
    assert item.blob.is_quarantined


@pytest.mark.parametrize("mood", ["hangs up", "babbles"])
def test_an_answer_that_is_none_leaves_the_file_closed_and_is_asked_again(daemon, mood, draft):
    daemon.mood = mood
    item = hand_over(draft)
    jobs.run_due(limit=1)
    item.blob.refresh_from_db()
    assert item.blob.is_quarantined and item.blob.scan == Scan.NONE
    assert Job.objects.get(kind="examine").error == "ScannerAway"
    daemon.mood = "well"
    Job.objects.update(available_at=timezone.now() - timedelta(seconds=5))
    jobs.run_due()
    item.blob.refresh_from_db()
    assert not item.blob.is_quarantined


def test_while_the_scanner_is_away_for_long_the_file_goes_on_waiting(settings, draft):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    settings.CLAMD_URL = f"tcp://127.0.0.1:{port}"
    item = hand_over(draft)
    analysis = Analysis.objects.get(blob=item.blob)
    analysing.give_up(analysis.pk)
    analysis.refresh_from_db()
    assert analysis.is_waiting and item.blob.is_quarantined


def test_a_file_too_large_for_the_scanner_stays_closed_and_says_so(daemon, draft):
    daemon.most = 10
    item = hand_over(draft, b"-" * 2_000_000)
    jobs.run_due()
    item.blob.refresh_from_db()
    with pytest.raises(DomainError) as refusal:
        open_evidence(item)
    assert refusal.value.code == "unscannable"


def test_a_file_is_sent_once_however_often_it_is_handed_in(daemon, draft):
    hand_over(draft)
    hand_over(draft)
    jobs.run_due()
    assert daemon.streams == 1


def test_what_was_handed_in_before_there_was_a_scanner_is_scanned_by_the_next_sweep(settings, draft, request):
    item = hand_over(draft)
    jobs.run_due()
    assert not item.blob.is_quarantined
    daemon = request.getfixturevalue("daemon")
    assert item.blob.is_quarantined
    assert analysing.read_again() == 1
    jobs.run_due()
    item.blob.refresh_from_db()
    assert daemon.streams == 1 and not item.blob.is_quarantined


def test_the_address_of_the_scanner_is_checked_at_the_start(monkeypatch):
    for good in ("", "tcp://clamd:3310", "unix:///run/clamav/clamd.ctl"):
        monkeypatch.setenv("WORKBENCH_CLAMD_URL", good)
        assert configured("WORKBENCH_CLAMD_URL") == good
    monkeypatch.setenv("WORKBENCH_CLAMD_URL", "http://clamd")
    with pytest.raises(Exception, match="tcp://host:port"):
        configured("WORKBENCH_CLAMD_URL")


@pytest.mark.skipif(not shutil.which("clamd"), reason="clamd is not installed")
def test_the_real_daemon_finds_what_its_database_knows(tmp_path):
    """With a signature of our own, so that nothing has to be fetched."""
    (tmp_path / "own.ndb").write_text(f"Own.Malware:0:*:{MALWARE.hex()}\n")
    control = tmp_path / "clamd.ctl"
    (tmp_path / "clamd.conf").write_text(
        f"LocalSocket {control}\nDatabaseDirectory {tmp_path}\nForeground yes\nStreamMaxLength 1M\n"
        f"User {os.environ.get('USER', 'root')}\nTemporaryDirectory {tmp_path}\n"
    )
    process = subprocess.Popen(
        ["clamd", "--config-file", str(tmp_path / "clamd.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"unix://{control}"
        deadline = time.monotonic() + 60
        while not control.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert clamd.scan(address, io.BytesIO(b"a clean configuration")).clean
        assert clamd.scan(address, io.BytesIO(b"x" * 300_000 + MALWARE)).signature.startswith("Own.Malware")
        with pytest.raises(clamd.TooLargeToScan):
            clamd.scan(address, io.BytesIO(b"x" * 8_000_000))
    finally:
        process.terminate()
        process.wait()
