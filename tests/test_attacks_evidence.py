"""What somebody tries with a file: to show the world what nobody searched, or to bring a page down."""

import gzip
import io
import json
import struct

import pytest
from django.urls import reverse

from assessments.analysing import detail_of, read_again
from assessments.models import Analysis, Blob, Evidence
from assessments.models.analysis import AnalysisState, Failure
from assessments.models.evidence import Scan, Visibility
from assessments.secrecy import marks, open_marks, refusal_to_show
from assessments.submitting import submit
from reviews.annotating import Anchor, annotate
from reviews.claiming import claim
from reviews.models.annotation import Unit
from tests import factories
from tests.analysers.documents.making import docx, paragraph, zipped
from workbench import jobs
from workbench.confining import Limits, Stopped, run_confined
from workbench.models import Token

PASSWORD = "Tr0ub4dor&3"
FILLER = b"# nothing to see in this line of the rule set, and there are many of them\n"
IOS = b"snmp-server community s3cr3tRW rw\ncrypto isakmp key Pa55w0rd99 address 192.0.2.1\n"


@pytest.fixture
def draft(ada, programme, achievement):
    return factories.make_draft(ada, programme)


def read(draft, content: bytes, name: str = "notes.txt", **fields) -> Evidence:
    """The item once it was read, as the pages load it."""
    item = factories.make_evidence(draft, content=content, name=name, **fields)
    jobs.run_due()
    return Evidence.objects.with_supports().with_reading().get(pk=item.pk)


# --- Nothing that nobody searched becomes public -------------------------------------------------------


def test_a_rule_set_hides_no_secret_of_another_device(draft):
    item = read(draft, factories.RULES + IOS, "rules.v4")
    codes = [mark.secret.code for mark in marks(item)]
    assert codes == ["snmp-community", "pre-shared-key"]
    assert refusal_to_show(item).code == "secrets-open"


def test_the_end_of_a_rule_set_that_is_too_long_hides_no_secret(draft):
    comment = b"# " + b"x" * 10_000 + b"\n"
    content = factories.RULES + comment * 3_400 + f"password: {PASSWORD}\n".encode()
    assert refusal_to_show(read(draft, content, "rules.v4")).code == "not-readable"


def test_a_rule_set_that_goes_on_in_another_encoding_hides_no_secret(draft):
    content = factories.RULES + FILLER * 1000 + f"password: {PASSWORD}\n".encode("utf-16-le")
    assert refusal_to_show(read(draft, content, "rules.v4")).code == "not-readable"


@pytest.mark.parametrize("mark", [b"\xff\xfe", b""])
def test_a_note_in_two_encodings_hides_no_secret(draft, mark):
    """As a console appends to what another one began."""
    begun = "A note that is long enough to be recognised.\n".encode("utf-16-le") * 20
    content = mark + begun + f"password: {PASSWORD}\n".encode()
    assert refusal_to_show(read(draft, content)).code == "not-readable"


def test_an_honest_note_in_utf_16_is_shown_and_its_secrets_are_marked(draft):
    clean = read(draft, "\ufeffJ'ai rangé les règles dans l'ordre.\n".encode("utf-16-le"), "a.txt")
    marked = read(draft, f"\ufeffpassword: {PASSWORD}\n".encode("utf-16-le"), "b.txt")
    assert refusal_to_show(clean) is None
    assert [mark.secret.code for mark in marks(marked)] == ["password"]
    assert refusal_to_show(marked).code == "secrets-open"


SHUT = {
    "an archive": ("a.zip", zipped({"notes.txt": f"password: {PASSWORD}"})),
    "a compressed note": ("a.gz", gzip.compress(f"password: {PASSWORD}".encode())),
    "a capture in a changed form": (
        "capture",
        struct.pack("<IHHiIII", 0xA1B2CD34, 2, 4, 0, 0, 65535, 1) + b"PASS Tr0ub4dor",
    ),
    "a capture that unpacks to too much": (
        "a.pcap.gz",
        gzip.compress(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + bytes(40 << 20)),
    ),
    "a capture of a link that is not taken apart": (
        "a.pcap",
        struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 105)
        + struct.pack("<IIII", 1, 0, 21, 21)
        + b"PASS Tr0ub4dor\r\n12345",
    ),
    "a capture that is damaged in its middle": (
        "a.pcap",
        struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
        + struct.pack("<IIII", 1, 0, 1 << 30, 60)
        + b"PASS Tr0ub4dor\r\n" * 20,
    ),
}


@pytest.mark.parametrize("what", SHUT)
def test_what_nothing_reads_is_held_back(draft, what):
    name, content = SHUT[what]
    item = read(draft, content, name)
    assert marks(item) == []
    assert refusal_to_show(item).code == "not-readable"


def test_a_capture_whose_last_packet_was_cut_may_be_shown(draft):
    """As every capture ends that was stopped in haste."""
    content = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    content += struct.pack("<IIII", 1, 0, 20, 20) + bytes(20) + struct.pack("<IIII", 2, 0, 90, 90) + bytes(8)
    item = read(draft, content, "a.pcap")
    assert [part["reason"] for part in item.blob.analysis.skipped] == ["damaged-tail"]
    assert refusal_to_show(item) is None or refusal_to_show(item).code == "secrets-open"


HIDDEN = {
    "in a deleted sentence": docx(
        "<w:p><w:del><w:r><w:delText>password: Tr0ub4dor3</w:delText></w:r></w:del></w:p>"
    ),
    "in a part of the body that is not shown": docx(
        f"<w:customXml>{paragraph('password: Tr0ub4dor3')}</w:customXml>"
    ),
    "in a property": docx(
        paragraph("Fine"),
        **{
            "docProps/custom.xml": "<Properties><property><t>password: Tr0ub4dor3</t></property></Properties>"
        },
    ),
}


@pytest.mark.parametrize("where", HIDDEN)
def test_a_secret_that_a_document_does_not_show_is_marked(draft, where):
    item = read(draft, HIDDEN[where], "report.docx")
    assert [mark.secret.code for mark in open_marks(item)] == ["password"]


def test_a_secret_that_a_document_shows_is_marked_once(draft):
    item = read(draft, docx(paragraph("password: Tr0ub4dor3")), "report.docx")
    assert [mark.secret.code for mark in open_marks(item)] == ["password"]


def test_a_file_inside_a_document_is_held_back(draft):
    content = docx(paragraph("See inside"), **{"word/embeddings/oleObject1.bin": b"password: Tr0ub4dor3"})
    assert refusal_to_show(read(draft, content, "report.docx")).code == "not-readable"


# --- What no database and no page can hold ---------------------------------------------------------------

REMOTE = '{"DisplayName": "%s", "Name": "%s", "Direction": "Inbound", "Action": "Allow", "Enabled": "True", '
REMOTE += '"Profile": "Any", "Protocol": "TCP", "LocalPort": "3389", "RemoteAddress": "Any"}'
UNKEPT = {
    "no character": ("rules.json", (f"[{REMOTE % (('Remote' + chr(92) + 'u0000desk',) * 2)}]").encode()),
    "half a character": ("rules.json", (f"[{REMOTE % (('Remote' + chr(92) + 'ud800desk',) * 2)}]").encode()),
    "no character in a text": (
        "rules.v4",
        b"\xef\xbb\xbf" + factories.RULES.replace(b"COMMIT", b":LO\0G DROP [0:0]\n-A LO\0G -j DROP\nCOMMIT"),
    ),
}


@pytest.mark.parametrize("what", UNKEPT)
def test_what_a_file_says_can_be_kept_and_shown(draft, client, ada, what):
    name, content = UNKEPT[what]
    item = read(draft, content, name)
    analysis = item.blob.analysis
    assert analysis.is_done and analysis.analyser == "firewall-configuration"
    kept = json.dumps([analysis.facts, analysis.findings, analysis.skipped], ensure_ascii=False)
    assert "\\u0000" not in kept and kept.encode()
    client.force_login(ada)
    for page in ("evidence-view", "evidence-findings", "evidence-rules", "evidence-lines"):
        assert client.get(reverse(page, args=[item.pk])).status_code == 200


def test_the_words_that_mean_no_character_are_left_alone(draft):
    """Two backslashes are one backslash in JSON, and what follows is a word."""
    word = "Remote" + chr(92) * 2 + "u0000desk"
    item = read(draft, f"[{REMOTE % (word, word)}]".encode(), "rules.json")
    detail = detail_of(item.blob.analysis)
    assert "Remote\\u0000desk" in json.dumps(detail).replace(chr(92) * 2, chr(92))


def test_a_note_at_a_line_with_no_character_is_kept(ada, bo, programme, achievement):
    submission = factories.make_draft(ada, programme)
    content = b"\xef\xbb\xbf" + factories.RULES.replace(b"COMMIT", b"# no\0thing\nCOMMIT")
    item = read(submission, content, "rules.v4", visibility=Visibility.PRIVATE)
    line = 1 + content.splitlines().index(b"# no\0thing")
    review = claim(submit(submission, declaration=True, by=ada), by=bo)
    note = annotate(review, item, Anchor(Unit.LINE, line), text="What is this?", by=bo)
    note.refresh_from_db()
    assert note.quote == "# no\ufffdthing"


# --- What a child process says ---------------------------------------------------------------------------


@pytest.mark.parametrize("refusing", [True, False])
def test_what_libraries_complain_of_reaches_no_log(caplog, refusing):
    limits = Limits(memory=256 << 20, cpu=5, wall=20, output=1 << 20)
    with pytest.raises(Stopped) as stopped:
        run_confined(
            "tests.confined.misbehaving:complain", io.BytesIO(b"hunter2"), {"refusing": refusing}, limits
        )
    assert "hunter2" not in str(stopped.value) + caplog.text
    assert not refusing or stopped.value.code == "dtd-refused"


# --- What the scanner holds back -------------------------------------------------------------------------


def test_the_rules_of_a_file_in_quarantine_are_not_told(draft, client, ada, settings):
    """Read before there was a scanner; held back since."""
    item = read(draft, factories.RULES, "rules.v4")
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    token = Token.issue(ada, label="script")[1]
    address = f"/api/v1/submissions/{draft.pk}/evidence/{item.pk}/analysis"
    told = client.get(address, HTTP_AUTHORIZATION=f"Bearer {token}").json()
    assert told["state"] == "quarantined"
    assert (told["facts"], told["rules"], told["findings"], told["summary"]) == ({}, None, [], None)


def test_what_a_scanner_held_back_is_read_once_there_is_none(draft, settings):
    item = read(draft, factories.RULES, "rules.v4")
    Blob.objects.filter(pk=item.blob_id).update(scan=Scan.UNSCANNABLE)
    Analysis.objects.filter(pk=item.blob.analysis.pk).update(
        state=AnalysisState.FAILED, failure=Failure.QUARANTINED
    )
    assert not settings.CLAMD_URL and read_again() == 1
    jobs.run_due()
    assert Analysis.objects.get(pk=item.blob.analysis.pk).is_done
    assert read_again() == 0


def test_malware_is_not_read_for_want_of_a_scanner(draft, settings):
    item = read(draft, factories.RULES, "rules.v4")
    Blob.objects.filter(pk=item.blob_id).update(scan=Scan.INFECTED)
    Analysis.objects.filter(pk=item.blob.analysis.pk).update(
        state=AnalysisState.FAILED, failure=Failure.QUARANTINED
    )
    assert not settings.CLAMD_URL and read_again() == 0


# --- Times that no calendar has ----------------------------------------------------------------------------


def block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length


def moments(*ticks: int, offset: int = 0) -> bytes:
    """A pcapng whose packets were taken so many microseconds after 1970, and ``offset`` seconds more."""
    found = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    found += block(1, struct.pack("<HHIHHqHH", 1, 0, 0, 14, 8, offset, 0, 0))
    for tick in ticks:
        found += block(6, struct.pack("<IIIII", 0, tick >> 32, tick & 0xFFFFFFFF, 60, 60) + bytes(60))
    return found


LAST_SECOND = 253_402_300_799 * 1_000_000
TIMES = {
    "the end of the calendar": moments(LAST_SECOND, LAST_SECOND + 999_999),
    "from the beginning to the end": moments(0, LAST_SECOND),
    "beyond the end": moments(0, 2**64 - 1),
    "before the beginning": moments(0, 1, offset=-62_135_596_800),
    "in no year at all": moments(5, 10**15, offset=2**62),
}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("when", TIMES)
def test_a_capture_of_any_time_has_its_pages(draft, client, ada, settings, when, zone):
    settings.TIME_ZONE = zone
    item = read(draft, TIMES[when], "a.pcapng")
    assert item.blob.analysis.facts["packets"] == 2
    client.force_login(ada)
    for page in ("evidence-summary", "evidence-packets", "evidence-view"):
        assert client.get(reverse(page, args=[item.pk]), {"second": "1"}).status_code == 200


def test_a_file_in_quarantine_is_not_told_by_what_changed_since(draft, client, ada):
    before = read(draft, factories.RULES, "rules.v4")
    item = read(draft, factories.RULES.replace(b"COMMIT", b"-A INPUT -j DROP\nCOMMIT"), "rules.v4")
    Evidence.objects.filter(pk=item.pk).update(replaces=before)
    client.force_login(ada)
    address = reverse("evidence-changes", args=[item.pk])
    assert client.get(address).status_code == 200
    Blob.objects.filter(pk=before.blob_id).update(scan=Scan.INFECTED)
    assert client.get(address).status_code == 409
