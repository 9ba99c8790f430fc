"""The viewer of captures: its summary, windows over its packets, one packet, and who may look at them."""

import re
import time
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from assessments.models import Analysis, Blob, Evidence
from assessments.models.evidence import Scan, Visibility
from assessments.submitting import submit
from assessments.viewing import windows
from assessments.viewing.charts import HEIGHT, share, stacked
from assessments.viewing.naming import duration, protocol
from assessments.viewing.packets import Asked
from tests import factories
from tests.analysers.captures import building
from tests.analysers.captures.building import Talk, client_hello, dns, ethernet, pcap, udp
from tests.test_contrast import CONTROL, THEMES, TOKENS, contrast, read_tokens
from workbench import jobs, limits
from workbench.confining import Crashed, OutOfMemory, OutOfTime, Refused, TooMuchOutput
from workbench.storage import blob_name

HTMX = {"HX-Request": "true"}
PASSWORD = "Wint3r-Tournai"
ADA_PC, SERVER = "10.0.0.5", "192.0.2.10"


def frames() -> list[bytes]:
    """320 packets: names, 30 refused handshakes, an FTP login, TLS, then one long conversation."""
    found = [ethernet(udp(ADA_PC, "10.0.0.1", (50_000 + n, 53), dns(f"host{n}.example"))) for n in range(12)]
    for port in range(1, 31):
        found += Talk(ADA_PC, SERVER, (41_000, 8_000 + port)).refuse().frames
    login = Talk(ADA_PC, SERVER, (42_000, 21)).open().down(b"220 ready\r\n").up(b"USER backup\r\n")
    login.down(b"331 password\r\n").up(f"PASS {PASSWORD}\r\n".encode()).down(b"230 in\r\n").close()
    found += login.frames
    tls = Talk(ADA_PC, "192.0.2.20", (43_000, 443)).open().up(client_hello("news.example")).close()
    found += tls.frames
    long = Talk(ADA_PC, "192.0.2.30", (44_000, 9_999)).open()
    while len(found) + len(long.frames) < 320:
        long.up(b"data")
    return found + long.frames


CAPTURE = pcap(frames(), step=100_000)


def handed_in(learner, programme, content: bytes = CAPTURE, **fields) -> Evidence:
    draft = factories.make_draft(learner, programme)
    values = {"name": "a.pcap", "title": "Morning capture", "visibility": Visibility.PRIVATE}
    item = factories.make_evidence(draft, content=content, **values | fields)
    jobs.run_due()
    submit(draft, declaration=True, by=learner)
    return Evidence.objects.get(pk=item.pk)


@pytest.fixture
def item(ada, programme) -> Evidence:
    return handed_in(ada, programme)


@pytest.fixture
def bo_client(client, bo):
    client.force_login(bo)
    return client


def packets_of(item: Evidence, query: str = "") -> str:
    return reverse("evidence-packets", args=[item.pk]) + query


def summary_of(item: Evidence, query: str = "") -> str:
    return reverse("evidence-summary", args=[item.pk]) + query


def shown(response) -> list[int]:
    return [int(number) for number in re.findall(r'data-packet="(\d+)"', response.content.decode())]


# --- Summary -------------------------------------------------------------------------------------------


def test_bo_sees_what_a_capture_holds_without_a_tool(bo_client, item):
    page = bo_client.get(reverse("evidence-view", args=[item.pk])).content.decode()
    for words in ("host3.example", "news.example", "192.0.2.30:9999", "FTP", "refused"):
        assert words in page
    summary = bo_client.get(summary_of(item)).context["capture"]
    assert summary.facts["packets"] == 320
    assert {row.name: row.count for row in summary.handshakes} == {"refused": 30, "complete": 3}
    assert (summary.conversations[0].b, summary.conversations[0].protocol) == ("192.0.2.30:9999", "TCP")
    assert summary.conversation_count == 12 + 30 + 3
    assert [row.name for row in summary.servers] == ["news.example"]


def test_the_summary_leaves_the_file_closed(bo_client, item):
    default_storage.delete(blob_name(item.sha256))
    response = bo_client.get(summary_of(item))
    assert response.status_code == 200
    assert response.context["capture"].facts["packets"] == 320


def test_a_password_in_clear_text_is_told_and_not_shown(bo_client, item):
    page = bo_client.get(summary_of(item))
    login = page.context["capture"].logins[0]
    assert (login.code, login.packets) == ("ftp-password", 1)
    assert f"?packet={login.first}#P{login.first}" in page.content.decode()
    opened = bo_client.get(packets_of(item, f"?packet={login.first}"))
    assert opened.context["packets"].opened.hidden
    everything = page.content + opened.content + bo_client.get(packets_of(item, "?first=1")).content
    assert PASSWORD.encode() not in everything
    assert PASSWORD[:6].encode().hex(" ").encode() not in everything


def test_the_timeline_is_a_picture_with_words_and_a_table(bo_client, item):
    page = bo_client.get(summary_of(item)).content.decode()
    assert '<title id="timeline-name">Packets over time</title>' in page
    assert '<desc id="timeline-told">' in page
    assert "style=" not in page
    timeline = bo_client.get(summary_of(item)).context["capture"].timeline
    assert sum(bucket.total for bucket in timeline.buckets) == 320
    for bucket in timeline.buckets:
        assert sum(amount for _label, amount in bucket.parts) == bucket.total
        if bucket.total:
            assert page.count(f"?second={bucket.second}") == 2  # the bar and the row of the table


def test_the_timeline_counts_bytes_where_that_is_asked(bo_client, item):
    timeline = bo_client.get(summary_of(item, "?by=bytes")).context["capture"].timeline
    assert sum(bucket.total for bucket in timeline.buckets) == sum(map(len, frames()))


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_drawing_has_its_numbers_whatever_the_language(bo_client, bo, item, language):
    bo.language = language
    bo.save(update_fields=["language"])
    page = bo_client.get(summary_of(item)).content.decode()
    lengths = re.findall(r'<rect[^>]* (?:x|y|width|height)="([^"]*)"', page)
    assert len(lengths) > 20
    assert all(re.fullmatch(r"\d+(\.\d+)?", length) for length in lengths)
    assert all(re.fullmatch(r"\d+\.\d+", second) for second in re.findall(r"\?second=([^\"]+)", page))


def test_a_bar_opens_the_list_where_it_begins(bo_client, item):
    timeline = bo_client.get(summary_of(item)).context["capture"].timeline
    bucket = [one for one in timeline.buckets if one.total][20]
    rows = bo_client.get(packets_of(item, f"?second={bucket.second}")).context["packets"].rows
    before = bo_client.get(packets_of(item, f"?packet={rows[0].row.number - 1}")).context["packets"].opened
    assert rows[0].row.seconds >= float(bucket.second) - 1e-6 > before.row.seconds


def test_an_empty_capture_says_so(bo_client, ada, programme):
    item = handed_in(ada, programme, pcap([]))
    response = bo_client.get(summary_of(item))
    assert "No packet could be read" in response.content.decode()
    assert bo_client.get(packets_of(item)).status_code == 404


def test_facts_of_another_version_are_no_error(bo_client, item):
    item.blob.analysis.facts |= {"timeline": [], "credentials": None}
    item.blob.analysis.save(update_fields=["facts"])
    assert "No packet could be read" in bo_client.get(summary_of(item)).content.decode()


# --- The list ------------------------------------------------------------------------------------------


def test_the_list_is_read_a_hundred_packets_at_a_time(bo_client, item):
    first = bo_client.get(packets_of(item))
    assert shown(first) == list(range(1, 101))
    window = first.context["packets"]
    assert (window.earlier, window.later) == ("", "?first=101")
    assert f'href="{packets_of(item)}?first=101"' in first.content.decode()
    last = bo_client.get(packets_of(item, "?first=301"))
    assert shown(last) == list(range(301, 321))
    assert (last.context["packets"].earlier, last.context["packets"].later) == ("?first=201", "")


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("?first=9999999", 320, 320),
        ("?first=0", 1, 100),
        ("?first=-5", 1, 100),
        ("?first=99999999999999999999", 1, 100),
        ("?first=٣", 1, 100),
        ("?packet=9999999", 310, 320),
        ("?packet=x", 1, 100),
        ("?second=1e9", 1, 100),
        ("?second=nan", 1, 100),
        ("?second=-1", 1, 100),
        ("?flow=nonsense", 1, 100),
        ("?flow=6|::|zz|1|1", 1, 100),
        ("?flow=6|1.2.3.4|5.6.7.8|" + "9" * 300, 1, 100),
    ],
)
def test_a_place_that_makes_no_sense_opens_the_nearest(bo_client, item, query, first, last):
    response = bo_client.get(packets_of(item, query))
    assert response.status_code == 200
    assert (shown(response)[0], shown(response)[-1]) == (first, last)


def test_a_time_after_the_end_opens_the_end(bo_client, item):
    response = bo_client.get(packets_of(item, "?second=999999"))
    assert response.status_code == 200
    assert shown(response)[0] == 257  # the last place that was noted


def test_a_packet_opens_in_its_place_with_its_layers_and_bytes(bo_client, item):
    response = bo_client.get(packets_of(item, "?packet=150"))
    assert shown(response)[0] == 140
    page = response.content.decode()
    assert '<tr id="P150" data-packet="150" class="is-asked" aria-current="true">' in page
    packet = response.context["packets"].opened
    assert [layer.name for layer in packet.layers][:3] == ["Ethernet", "IPv4", "TCP"]
    frame = frames()[149]
    assert " ".join(f"{byte:02x}" for byte in frame[:16]) in page
    assert packet.row.length == len(frame)


def test_one_packet_has_an_address_that_lasts(bo_client, item):
    response = bo_client.get(reverse("evidence-packet", args=[item.pk, 150]))
    assert response["Location"] == packets_of(item, "?packet=150#P150")
    for number in (0, 321):
        assert bo_client.get(reverse("evidence-packet", args=[item.pk, number])).status_code == 404


def test_a_place_of_a_finding_opens_the_list_in_the_viewer(bo_client, item):
    response = bo_client.get(reverse("evidence-view", args=[item.pk]) + "?packet=150")
    assert response.context["tab"].code == "packets"
    assert response.context["packets"].opened.row.number == 150


def test_findings_and_secrets_stand_at_their_packets(bo_client, item):
    login = bo_client.get(summary_of(item)).context["capture"].logins[0].first
    response = bo_client.get(packets_of(item, f"?packet={login}"))
    row = next(one for one in response.context["packets"].rows if one.is_open)
    assert row.secrets == ("ftp-password",)
    assert [remark.severity for remark in row.remarks] == ["high"]
    assert str(row.remarks[0].words.title) in response.content.decode()
    firsts = sorted({place.first for one in response.context["opened"].remarks for place in one.places})
    assert firsts.index(login) > 0
    before, after = response.context["remark_before"], response.context["remark_after"]
    assert before == max(first for first in firsts if first < login)
    assert after == min((first for first in firsts if first > login), default=None)
    assert f'?packet={before}#P{before}"' in response.content.decode()


def test_what_did_not_fit_a_table_is_told_in_words(bo_client, item):
    full = {"reason": "table-full", "place": None, "count": 4321, "detail": "dns-names"}
    Analysis.objects.filter(blob=item.blob).update(skipped=[full])
    assert "4321" in bo_client.get(summary_of(item)).content.decode()


def test_a_conversation_is_shown_alone(bo_client, item):
    largest = bo_client.get(summary_of(item)).context["capture"].conversations
    login = next(one for one in largest if one.b == f"{SERVER}:21")
    response = bo_client.get(packets_of(item, f"?flow={login.number}"))
    assert len(shown(response)) == login.packets == 11
    assert {one.row.source for one in response.context["packets"].rows} == {ADA_PC, SERVER}
    assert response.context["packets"].later == ""
    by_key = bo_client.get(packets_of(item, f"?flow=6|{ADA_PC}|{SERVER}|42000|21"))
    assert shown(by_key) == shown(response)


def test_a_long_conversation_is_shown_in_windows(bo_client, item):
    first = bo_client.get(packets_of(item, "?flow=1"))
    assert len(shown(first)) == 100
    second = bo_client.get(packets_of(item, first.context["packets"].later))
    assert shown(second)[0] == shown(first)[-1] + 1
    opened = bo_client.get(packets_of(item, f"?flow=1&packet={shown(second)[0]}"))
    assert shown(opened)[0] == shown(second)[0]
    assert opened.context["packets"].earlier == "?flow=1"


def test_a_conversation_that_is_not_in_the_capture_has_no_packets(bo_client, item):
    response = bo_client.get(packets_of(item, "?flow=6|10.9.9.9|10.8.8.8|1|2"))
    assert response.status_code == 200
    assert shown(response) == []
    assert "10.9.9.9:1 → 10.8.8.8:2" in response.content.decode()


def test_names_from_the_wire_are_text_and_nothing_else(bo_client, ada, programme):
    hostile = "<script>alert(1)</script>"
    talk = Talk(ADA_PC, SERVER, (43_000, 443)).open().up(client_hello(hostile)).close()
    item = handed_in(ada, programme, pcap(talk.frames))
    for address in (summary_of(item), packets_of(item, "?packet=4")):
        page = bo_client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    ("name", "capture"), [("a.pcapng", building.pcapng(frames())), ("a.pcap.gz", building.gz(CAPTURE))]
)
def test_every_container_opens(bo_client, ada, programme, name, capture):
    item = handed_in(ada, programme, capture, name=name)
    assert shown(bo_client.get(packets_of(item, "?first=201"))) == list(range(201, 301))


# --- Who, and what goes wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 200), ("bo", 200), ("cy", 200), ("mo", 200), ("alan", 404), ("dee", 404)]
)
def test_packets_are_for_those_who_may_read_the_evidence(client, request, item, who, status):
    client.force_login(request.getfixturevalue(who))
    for address in (summary_of(item), packets_of(item), packets_of(item, "?packet=3")):
        assert client.get(address).status_code == status


def test_nobody_reads_the_packets_of_a_draft_but_its_learner(client, ada, bo, programme):
    item = factories.make_evidence(factories.make_draft(ada, programme), content=CAPTURE, name="a.pcap")
    jobs.run_due()
    client.force_login(bo)
    assert client.get(packets_of(item)).status_code == 404
    client.force_login(ada)
    assert client.get(packets_of(item)).status_code == 200


@pytest.mark.parametrize(
    ("stopped", "words"),
    [
        (OutOfTime(), "takes longer"),
        (OutOfMemory(), "too large"),
        (TooMuchOutput(), "too large"),
        (Crashed("ValueError at reader.py:1"), "damaged or unusual"),
        (Refused("no-packet"), "damaged or unusual"),
    ],
)
def test_a_child_that_stops_is_a_sentence_and_a_download(bo_client, item, monkeypatch, stopped, words):
    def stop(*args, **kwargs):
        raise stopped

    monkeypatch.setattr(windows, "run_confined", stop)
    response = bo_client.get(packets_of(item))
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert f'href="{reverse("evidence-file", args=[item.pk])}"' in page
    assert "reader.py" not in page
    part = bo_client.get(packets_of(item), headers=HTMX)
    assert (part.status_code, words in part.content.decode()) == (200, True)


def test_an_answer_of_the_child_that_is_none_is_a_sentence(bo_client, item, monkeypatch):
    monkeypatch.setattr(windows, "run_confined", lambda *args, **kwargs: b"no JSON")
    assert bo_client.get(packets_of(item)).status_code == 422


def test_a_file_that_is_gone_is_told(bo_client, item):
    default_storage.delete(blob_name(item.sha256))
    response = bo_client.get(packets_of(item))
    assert response.status_code == 410
    assert "no longer in the storage" in response.content.decode()


def test_nothing_is_shown_of_a_file_in_quarantine(bo_client, item):
    Blob.objects.filter(pk=item.blob_id).update(scan=Scan.INFECTED, scan_signature="Eicar")
    for address in (summary_of(item), packets_of(item, "?packet=3")):
        page = bo_client.get(address).content.decode()
        assert "Eicar" in page
        assert ADA_PC not in page


def test_leafing_without_end_is_refused_for_one_person_alone(client, bo, bea, item, monkeypatch):
    monkeypatch.setattr(windows, "run_confined", lambda *args, **kwargs: b'{"rows": [], "opened": null}')
    # However slow the machine: all of it is asked in one minute.
    now = time.time()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: now))
    client.force_login(bo)
    answers = [client.get(packets_of(item)).status_code for _ in range(121)]
    assert (set(answers[:120]), answers[120]) == ({200}, 429)
    assert client.get(summary_of(item)).status_code == 200
    client.force_login(bea)
    assert client.get(packets_of(item)).status_code == 200


def test_more_evidence_and_more_packets_cost_no_more_queries(bo_client, ada, alan, programme):
    small = handed_in(ada, programme, pcap(frames()[:5]))
    large = handed_in(alan, programme)
    counted = []
    for address in (packets_of(small), packets_of(large), summary_of(small), summary_of(large)):
        bo_client.get(address)
        with CaptureQueriesContext(connection) as queries:
            bo_client.get(address)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[2] == counted[3]
    assert max(counted) <= 15


# --- Charts and names ----------------------------------------------------------------------------------


def test_columns_stand_on_the_ground_and_the_highest_fills_the_drawing():
    drawing = stacked([{"a": 3, "b": 1}, {}, {"b": 2}], ["a", "b"])
    assert drawing.highest == 4
    tall, empty, low = drawing.columns
    assert [(one.series, float(one.y), float(one.height)) for one in tall.segments] == [
        ("a", HEIGHT / 4, HEIGHT * 3 / 4),
        ("b", 0.0, HEIGHT / 4),
    ]
    assert empty.segments == ()
    assert float(low.segments[0].y) + float(low.segments[0].height) == HEIGHT


def test_what_is_there_is_seen_however_little_it_is():
    drawing = stacked([{"a": 1_000_000}, {"a": 1}], ["a"])
    assert float(drawing.columns[1].segments[0].height) == 2
    assert (share(0, 10), share(5, 10), share(1, 10**9), share(20, 10)) == ("0", "50", "0.6", "100")
    assert stacked([], ["a"]).columns == stacked([{"a": 0}], ["a"]).columns == ()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.25, "0.25 s"),
        (59.9, "59.9 s"),
        (60, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3661, "1 h 1 min"),
        (200_000, "2 days"),
    ],
)
def test_a_duration_is_told_in_two_units(seconds, words):
    assert duration(seconds) == words


def test_a_duration_has_the_decimal_comma_of_its_reader():
    with override("nl"):
        assert duration(0.25) == "0,25 s"


def test_protocols_are_written_as_people_write_them():
    written = {"tls": "TLS", "wireguard": "WireGuard", "ipv4": "IPv4", "other": "other", "x": "X"}
    assert {name: protocol(name) for name in written} == written


def test_a_query_is_parsed_once():
    assert Asked.parse({"first": "12", "packet": "7", "second": "1.5", "flow": "3"}) == Asked(12, 7, 1.5, "3")
    assert Asked.parse({}) == Asked()


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_of_a_chart_is_told_from_the_ground(theme):
    written = TOKENS.with_name("capture.css").read_text() + TOKENS.read_text()
    colours = read_tokens(theme, written)
    series = {name for name in colours if name.startswith("series-")} | {"brand"}
    assert series == {"brand", "series-2", "series-3", "series-4", "series-5", "series-rest"}
    for name in series:
        assert contrast(colours[name], colours["surface"]) >= CONTROL, name
