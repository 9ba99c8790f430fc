"""Whatever stands in a file, reading, showing and copying it end, and answer."""

import io
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.analysers.analysis import MAX_FINDINGS, Analysis
from assessments.analysers.captures import settling
from assessments.analysers.captures.applications import dhcp, dns, http, logins, tls
from assessments.analysers.captures.counting import count
from assessments.analysers.captures.reading.opening import reader_of
from assessments.analysers.captures.rewriting import redacted
from assessments.analysers.captures.settled import Settled
from assessments.analysers.captures.settling import settle
from assessments.analysers.captures.tallies.tally import Tally
from assessments.analysers.captures.windows import flow_packets, packet_layers, packet_rows
from tests.analysers.captures.building import (
    ACK,
    PSH,
    SYN,
    ethernet,
    gz,
    pcap,
    pcapng,
    tcp,
    udp,
)
from tests.analysers.captures.cases import CASES
from tests.analysers.captures.test_cases import analysed

EVERYTHING = [frame for case in CASES for frame in case.frames()[:40]]
FILES = (pcap(EVERYTHING), pcapng(EVERYTHING), pcap(EVERYTHING, order=">", nano=True), gz(pcapng(EVERYTHING)))
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def use(data: bytes) -> Analysis:
    """Everything that the product does with a capture."""
    analysis = analysed(data)
    assert Analysis.from_json(analysis.to_json()) == analysis
    assert len(analysis.findings) <= MAX_FINDINGS
    if analysis.detail is None:
        return analysis
    content, packets = io.BytesIO(data), analysis.facts["packets"]
    rows = packet_rows(content, analysis.detail, 1, 40)
    assert len(rows) == min(packets, 40)
    for row in rows[:: max(1, len(rows) // 4)]:
        packet_layers(content, analysis.detail, row.number)
    for one in analysis.facts["conversations"]["largest"][:2]:
        assert flow_packets(content, analysis.detail, one["key"], 1, 5)
    out = io.BytesIO()
    assert redacted(content, out, key=bytes(16)).packets == packets
    return analysis


@many
@given(st.integers(0, len(FILES) - 1), st.integers(0), st.integers(1, 60))
def test_flipped_bits_are_survived(number, seed, flips):
    rng = random.Random(seed)
    data = bytearray(FILES[number])
    for _ in range(flips):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    use(bytes(data))


@many
@given(st.integers(0, len(FILES) - 1), st.integers(0), st.binary(min_size=1, max_size=40))
def test_overwritten_parts_are_survived(number, at, part):
    data = FILES[number]
    at %= len(data)
    use(data[:at] + part + data[at + len(part) :])


@many
@given(st.lists(st.binary(max_size=120), max_size=30), st.sampled_from((0, 1, 12, 101, 108, 113, 127, 276)))
def test_packets_of_noise_are_survived(frames, link):
    assert use(pcap(frames, link=link)).facts["packets"] == len(frames)


@many
@given(st.binary(max_size=200), st.sampled_from((21, 23, 25, 53, 80, 110, 143, 161, 389, 443, 5353, 67)))
def test_noise_on_any_port_is_survived(noise, port):
    for up in (
        tcp("10.0.0.1", "10.0.0.2", (50000, port), ACK | PSH, noise),
        udp("10.0.0.1", "10.0.0.2", (50000, port), noise),
    ):
        use(pcap([ethernet(up)] * 3))


@many
@given(st.binary(max_size=300))
def test_readers_of_applications_survive_noise(noise):
    for start in (
        b"",
        b"\x16\3\1\0\xff\1\0\0\xfb\3\3",
        b"GET / HTTP/1.1\r\n",
        b"0\x80",
        b"\0\0\1\0\0\1\0\1\0\0\0\0",
    ):
        text = start + noise
        dns.message_at(text, 0, len(text))
        tls.hello_at(text)
        http.head_of(text)
        for _code, first, last in http.credentials(text):
            assert 0 <= first < last <= len(text)
        dhcp.options_of(text)
        logins.community(text)
        logins.simple_bind(text)
        for application in ("ftp", "telnet", "pop3", "imap", "smtp", "ldap"):
            logins.said_by_client(application, text, "awaited-2")


def test_names_that_point_at_themselves_are_broken():
    head = b"\0\1\x81\x80\0\1\0\2\0\0\0\0"
    for name in (
        b"\xc0\x0c",
        b"\1a\xc0\x0c",
        b"\xc0\x0e\xc0\x0c",
        b"\xff\xff",
        b"\x3fshort",
        b"\1a" * 200 + b"\0",
    ):
        message = head + name + b"\0\1\0\1"
        assert dns.message_at(message, 0, len(message)) is None
        packet = ethernet(udp("10.0.0.2", "10.0.0.1", (53, 50000), message))
        use(pcap([packet]))
    loop = head + b"\1a\0\0\1\0\1" + b"\xc0\x13\0\1\0\1\0\0\0\0\0\4\1\2\3\4"
    assert dns.message_at(loop, 0, len(loop)).answers == ()


def test_answers_that_jump_over_and_over_are_cut_short():
    chain = b"".join(bytes((0xC0, 12 + 2 * number)) for number in range(-1, 60))
    message = b"\0\1\x81\x80\0\1\0\1\0\0\0\0" + b"\0" + chain
    assert dns.name_at(message, 0, len(message) - 2, len(message)) == ("", 0)


@many
@given(st.permutations(EVERYTHING[:200]))
def test_the_fast_path_counts_like_the_slow_one(frames):
    data = pcap(list(frames))
    found = []
    for fast in (True, False):
        tally = Tally()
        settled = Settled(tally.caps)
        reader = reader_of(io.BytesIO(data))
        for batch in reader.batches():
            count(tally, batch, reader.layout.interfaces, fast=fast)
        flows = ({**tally.tcp}, {**tally.udp}, {**tally.other})
        paths = tally.labels.paths
        totals = tally.timeline.totals()
        tree = {path: (totals[0][number], totals[1][number]) for number, path in enumerate(paths)}
        kept = [
            {key: (*flow[:5], paths[flow[5]], paths[flow[6]], *flow[7:]) for key, flow in table.items()}
            for table in flows
        ]
        settle(tally, settled)
        told = (tally.flags, tally.links.macs, tally.disclosures.packets, tally.names.names)
        counted = {path: both for path, both in tree.items() if both[0]}
        found.append((kept, counted, told, settled.endpoints, settled.profiles))
    assert found[0] == found[1]


def test_more_conversations_than_fit_are_counted_all_the_same(monkeypatch):
    monkeypatch.setattr("assessments.analysers.captures.counting.MAX_FLOWS", 500)
    monkeypatch.setattr(settling, "_KEPT", 100)
    monkeypatch.setattr("assessments.analysers.captures.reading.pcap.MAX_RECORDS", 300)
    frames = [
        ethernet(tcp(f"10.{number >> 8 & 255}.{number & 255}.9", "10.0.0.1", (40000, 80), SYN))
        for number in range(3000)
    ]
    steady = [ethernet(tcp("192.0.2.1", "192.0.2.2", (50000, 443), ACK))] * 400
    analysis = analysed(pcap(frames[:1500] + steady + frames[1500:]))
    facts = analysis.facts
    assert facts["conversations"]["tcp"] == 3001
    assert facts["conversations"]["largest"][0]["packets"] == [400, 0]
    assert facts["endpoints"]["count"] == 3003
    assert facts["tcp"]["handshakes"]["unanswered"] == 3000
    assert facts["caps"]["conversations"] > 0
    assert ("table-full", "conversations") in [(one.reason, one.detail) for one in analysis.skipped]
