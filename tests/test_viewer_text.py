"""The viewer's frame and text: who reads it, what stands beside a line, and windows over long files."""

import time

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.explaining.words import Words
from assessments.models import Analysis, Evidence
from assessments.models.evidence import Scan
from assessments.submitting import submit
from assessments.viewing.remarks import Remark, grouped
from tests import factories
from workbench.storage import blob_name

HTMX = {"HX-Request": "true"}


def handed_in(learner, programme, content: bytes = factories.RULES, **fields) -> Evidence:
    draft = factories.make_draft(learner, programme)
    item = factories.make_evidence(draft, content=content, **{"name": "rules.txt"} | fields)
    submit(draft, declaration=True, by=learner)
    return item


def read(item: Evidence, **fields) -> Analysis:
    """What an analyser answered about the item."""
    values = {
        "state": "done",
        "analyser": "firewall-configuration",
        "version": 1,
        "dialect": "iptables-save",
        "finished_at": timezone.now(),
    }
    Analysis.objects.filter(blob=item.blob).update(**(values | fields))
    return Analysis.objects.get(blob=item.blob)


def finding(code: str = "any-any", severity: str = "high", *lines: tuple[int, int]) -> dict:
    places = [["line", first, last] for first, last in lines]
    return {"code": code, "severity": severity, "places": places, "values": {}}


def numbers(response) -> list[int]:
    return [one.number for group in response.context["groups"] for one in group.remarks]


def lines_of(item: Evidence, query: str = "") -> str:
    return reverse("evidence-lines", args=[item.pk]) + query


@pytest.fixture
def item(ada, programme) -> Evidence:
    return handed_in(ada, programme)


@pytest.fixture
def bo_client(client, bo):
    client.force_login(bo)
    return client


# --- The frame ---------------------------------------------------------------------------------------


def test_htmx_gets_the_frame_and_everyone_else_the_page(bo_client, item):
    address = reverse("evidence-view", args=[item.pk])
    page = bo_client.get(address).content.decode()
    part = bo_client.get(address, headers=HTMX).content.decode()
    assert "<html" in page
    assert "<html" not in part
    assert part.lstrip().startswith("<section")
    assert f'id="viewer-{item.pk}"' in page
    assert f'id="viewer-{item.pk}"' in part


def test_beside_the_rubric_the_address_stays_and_lines_have_names_of_their_own(bo_client, item):
    beside = HTMX | {"HX-Current-URL": "http://testserver/reviews/1/"}
    part = bo_client.get(lines_of(item), headers=beside)
    assert part["HX-Push-Url"] == "false"
    assert f'id="v{item.pk.hex[:8]}-L1"' in part.content.decode()
    own = bo_client.get(
        lines_of(item), headers=HTMX | {"HX-Current-URL": f"http://testserver{lines_of(item)}"}
    )
    assert "HX-Push-Url" not in own
    assert 'id="L1"' in own.content.decode()


def test_a_file_that_is_being_read_asks_again_until_it_is(bo_client, item):
    address = reverse("evidence-view", args=[item.pk])
    Analysis.objects.filter(blob=item.blob).update(state="waiting")
    body = bo_client.get(address).content.decode()
    assert 'hx-trigger="every 2s"' in body
    assert f'hx-get="{address}?waiting=1"' in body
    assert bo_client.get(address + "?waiting=1", headers=HTMX).status_code == 204
    read(item)
    answer = bo_client.get(address + "?waiting=1", headers=HTMX)
    assert answer.status_code == 200
    assert "every 2s" not in answer.content.decode()


@pytest.mark.parametrize("failure", ["out-of-time", "out-of-memory", "too-much", "crashed"])
def test_a_file_that_could_not_be_read_says_why_and_shows_its_text(bo_client, item, failure):
    read(item, state="failed", failure=failure)
    body = bo_client.get(reverse("evidence-view", args=[item.pk])).content.decode()
    assert "This file could not be read" in body
    assert Analysis.objects.get().get_failure_display() in body
    assert "-A INPUT" in bo_client.get(lines_of(item)).content.decode().replace(
        '<span class="is-option">', ""
    ).replace("</span>", "").replace('<span class="is-keyword">', "")


def test_what_the_scanner_did_not_clear_is_not_shown(bo_client, item):
    item.blob.scan = Scan.INFECTED
    item.blob.scan_signature = "Eicar-Test"
    item.blob.save()
    for name in ("evidence-view", "evidence-lines"):
        body = bo_client.get(reverse(name, args=[item.pk])).content.decode()
        assert "Eicar-Test" in body
        assert "ctstate" not in body
        assert f'href="{reverse("evidence-file", args=[item.pk])}"' not in body


def test_a_link_has_no_viewer(bo_client, ada, programme):
    draft = factories.make_draft(ada, programme)
    item = Evidence.objects.create(
        submission=draft, form="link", kind="other", title="A page", url="https://example.org/"
    )
    assert bo_client.get(reverse("evidence-view", args=[item.pk])).status_code == 404


def test_findings_are_told_by_weight_and_filtered(bo_client, item):
    read(
        item,
        findings=[finding("a", "info", (1, 1)), finding("b", "high", (7, 7)), finding("c", "high", (2, 3))],
        findings_left_out=4,
    )
    address = reverse("evidence-view", args=[item.pk])
    response = bo_client.get(address)
    assert numbers(response) == [3, 2, 1]
    body = response.content.decode()
    assert f'href="{address}?line=2-3#L2"' in body
    assert "4 more findings are not listed" in body
    filtered = bo_client.get(address + "?severity=info")
    assert numbers(filtered) == [1]
    assert len(numbers(bo_client.get(address + "?severity=nonsense"))) == 3


def test_what_explains_all_of_a_kind_is_said_once():
    def remark(number: int, code: str, why: str) -> Remark:
        return Remark(number, "low", Words(f"Title {number}", why, "Look."), (), code=code)

    same, own = grouped(
        [remark(1, "a", "Why."), remark(2, "b", "At 1."), remark(3, "a", "Why."), remark(4, "b", "At 2.")]
    )
    assert ([one.number for one in same.remarks], same.why, same.advice) == ([1, 3], "Why.", "Look.")
    assert ([one.number for one in own.remarks], own.why, own.advice) == ([2, 4], "", "Look.")


def test_what_was_skipped_is_said_with_its_place(bo_client, item):
    read(
        item, skipped=[{"reason": "unknown-statement", "place": ["line", 4, 4], "count": 1, "detail": "foo"}]
    )
    body = bo_client.get(reverse("evidence-findings", args=[item.pk])).content.decode()
    assert "One part was not read" in body
    assert "?line=4#L4" in body


# --- The text ----------------------------------------------------------------------------------------


def shown(client, item: Evidence, query: str = "") -> list[str]:
    response = client.get(lines_of(item, query))
    assert response.status_code == 200
    return ["".join(run.text for run in one.spans) for one in response.context["source"].lines]


def test_windows_lines_and_utf_16_are_read(bo_client, ada, alan, programme):
    assert shown(bo_client, handed_in(ada, programme, "één\r\ntwee\r\n".encode("utf-16"))) == ["één", "twee"]
    assert shown(bo_client, handed_in(alan, programme, b"caf\xe9 du r\xe9seau\nfin")) == [
        "café du réseau",
        "fin",
    ]


def test_marks_that_turn_the_writing_are_named(bo_client, ada, programme):
    item = handed_in(ada, programme, "permit \u202e22 pct\u202c any\nesc \x1b[2J\tend".encode())
    assert shown(bo_client, item) == ["permit ⟨U+202E⟩22 pct⟨U+202C⟩ any", "esc ⟨U+001B⟩[2J\tend"]


def test_what_stands_in_a_file_is_shown_as_text(bo_client, ada, programme):
    item = handed_in(ada, programme, b'# <img src=x onerror=alert(1)>\nset x "<script>"\n', title="<b>Title")
    for address in (lines_of(item), reverse("evidence-view", args=[item.pk])):
        body = bo_client.get(address).content.decode()
        assert "<img src=x" not in body
        assert "<script>" not in body
        assert "<b>Title" not in body
        assert " style=" not in body


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("screen.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4),
        ("report.pdf", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"),
    ],
)
def test_what_is_no_text_has_none(bo_client, ada, programme, name, content):
    item = handed_in(ada, programme, content, name=name)
    response = bo_client.get(lines_of(item))
    assert response.status_code == 404


def test_a_file_that_is_gone_is_said_to_be_gone(bo_client, item):
    default_storage.delete(blob_name(item.sha256))
    response = bo_client.get(lines_of(item))
    assert response.status_code == 410
    assert "no longer in the storage" in response.content.decode()


def test_a_line_is_marked_and_stands_in_its_window(bo_client, ada, programme):
    item = handed_in(ada, programme, b"".join(b"permit ip any host 10.0.0.%d\n" % n for n in range(2000)))
    response = bo_client.get(lines_of(item, "?line=1200-1202"))
    source = response.context["source"]
    assert (source.total, len(source.lines)) == (2000, 400)
    assert source.first < 1200 < source.last
    assert [one.line.number for one in source.lines if one.is_asked] == [1200, 1201, 1202]
    assert 'id="L1200"' in response.content.decode()
    assert (source.earlier, source.later) == (source.first - 400, source.last + 1)


@pytest.mark.parametrize("query", ["?line=99999", "?from=99999", "?line=999999999"])
def test_beyond_the_end_stands_the_end(bo_client, ada, programme, query):
    item = handed_in(ada, programme, b"permit\n" * 900)
    source = bo_client.get(lines_of(item, query)).context["source"]
    assert (source.first, source.last) == (501, 900)


@pytest.mark.parametrize(
    "query",
    [
        "?line=x",
        "?line=-3",
        "?line=0",
        "?from=",
        "?from=-1",
        "?line=" + "9" * 40,
        "?from=²",
        "?character=x&line=1",
        "?line=5-2",
    ],
)
def test_what_makes_no_sense_shows_the_beginning(bo_client, ada, programme, query):
    item = handed_in(ada, programme, b"permit\n" * 900)
    assert bo_client.get(lines_of(item, query)).context["source"].first == 1


def test_an_empty_text_says_so(bo_client, ada, programme):
    item = handed_in(ada, programme, b"\n")
    assert shown(bo_client, item) == [""]


def test_one_line_of_ten_megabytes_is_shown_part_by_part(bo_client, ada, programme):
    item = handed_in(ada, programme, b"permit ip any any " * 555_556)
    response = bo_client.get(lines_of(item))
    line = response.context["source"].lines[0].line
    assert (line.length, line.start, len(line.text)) == (10_000_008, 0, 2000)
    assert len(response.content) < 60_000
    assert f"{lines_of(item)}?line=1&amp;character=2000#L1" in response.content.decode()
    later = bo_client.get(lines_of(item, "?line=1&character=9999990")).context["source"].lines[0].line
    assert (later.start, later.left_out) == (9_999_990, 0)
    assert later.text == ("permit ip any any " * 2)[-18:]


def test_findings_stand_beside_their_lines(bo_client, item):
    read(item, findings=[finding("a", "low", (5, 7)), finding("b", "high", (6, 6))])
    source = bo_client.get(lines_of(item)).context["source"]
    severities = {one.line.number: one.margin.severity for one in source.lines if one.margin}
    assert severities == {5: "low", 6: "high", 7: "low"}
    begins = {one.line.number: len(one.margin.begins) for one in source.lines if one.margin}
    assert begins == {5: 1, 6: 1, 7: 0}
    assert (source.remark_before, source.remark_after) == (None, 5)
    source = bo_client.get(lines_of(item, "?line=5")).context["source"]
    assert (source.remark_before, source.remark_after) == (None, 6)


def test_the_learner_sees_where_the_secrets_stand(client, ada, programme):
    item = handed_in(ada, programme, b"hostname r1\nusername bob password 7 0822455D0A16\n")
    read(item, secrets=[["cisco-type-7", ["line", 2, 2], 24, 36]])
    client.force_login(ada)
    response = client.get(lines_of(item))
    one = response.context["source"].lines[1]
    assert [run.text for run in one.spans if run.is_marked] == ["0822455D0A16"]
    assert "Marked secret" in response.content.decode()


def test_fifty_thousand_lines_open_within_a_second(bo_client, ada, programme):
    line = b"-A INPUT -s 192.0.2.1/32 -p tcp -m tcp --dport 443 -m comment --comment web -j ACCEPT\n"
    item = handed_in(ada, programme, line * 50_000)
    bo_client.get(lines_of(item))
    begun = time.process_time()
    response = bo_client.get(lines_of(item, "?line=49990"))
    assert time.process_time() - begun < 1
    assert (response.context["source"].total, len(response.context["source"].lines)) == (50_000, 51)


def test_the_text_asks_few_questions_whatever_its_length(bo_client, ada, alan, programme):
    short = handed_in(ada, programme, b"permit\n")
    long = handed_in(alan, programme, b"deny ip any any\n" * 50_000)
    read(long, findings=[finding("a", "low", (n, n + 1)) for n in range(1, 81)])
    bo_client.get(lines_of(short))

    def queries(item: Evidence) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert bo_client.get(lines_of(item)).status_code == 200
        return len(captured)

    assert queries(long) == queries(short) <= 12
