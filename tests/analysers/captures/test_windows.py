"""Windows show what a protocol analyser shows, quickly, and never what lets someone in."""

import io
import time

import pytest

from assessments.analysers.captures.windows import (
    BadConversation,
    NoSuchPacket,
    PacketLayers,
    PacketRow,
    flow_packets,
    packet_layers,
    packet_rows,
)
from tests.analysers.captures.building import (
    ADA,
    BO,
    MORNING,
    SYN,
    Talk,
    arp,
    client_hello,
    dns,
    enhanced,
    ethernet,
    gz,
    icmp,
    interface,
    ipv4,
    pcap,
    pcapng,
    section,
    tcp,
    udp,
)
from tests.analysers.captures.cases import CASES, WEB
from tests.analysers.captures.test_cases import analysed

VALUES = ("zebra", "YWRhOnplYnJhLTk", "emVicmEtOQ", "0123456789abcdef", "public", "me@example")


def shown(data: bytes, first=1, count=100):
    return packet_rows(io.BytesIO(data), analysed(data).detail, first, count)


def case(title):
    return next(one for one in CASES if one.title == title)


def test_rows_say_what_packets_say():
    frames = [
        arp(1, (ADA, "10.0.0.11"), (bytes(6), "10.0.0.1")),
        arp(2, (BO, "10.0.0.1"), (ADA, "10.0.0.11"), ADA),
        ethernet(udp("10.0.0.11", "10.0.0.1", (40000, 53), dns("www.example.org", number=0x1234))),
        ethernet(
            udp("10.0.0.1", "10.0.0.11", (53, 40000), dns("www.example.org", answer=WEB, number=0x1234))
        ),
        ethernet(udp("10.0.0.1", "10.0.0.11", (53, 40000), dns("nope.example.org", code=3))),
        ethernet(icmp("10.0.0.11", "10.0.0.1", 8)),
        ethernet(tcp("10.0.0.11", WEB, (50000, 443), SYN)),
        ethernet(tcp("10.0.0.11", WEB, (50000, 443), 24, client_hello("www.example.org"))),
        ethernet(tcp("10.0.0.11", WEB, (50000, 443), 24, b"\x17\3\3\0\1x")),
        ethernet(tcp("10.0.0.11", WEB, (50000, 80), 24, b"GET /news HTTP/1.1\r\nHost: x\r\n\r\n")),
        ethernet(udp("10.0.0.11", "10.0.0.1", (40000, 9999), b"whatever")),
    ]
    assert [(row.protocol, row.line) for row in shown(pcap(frames))] == [
        ("ARP", "Who has 10.0.0.1? Tell 10.0.0.11"),
        ("ARP", "10.0.0.1 is at 00:1b:21:aa:00:02"),
        ("DNS", "Standard query 0x1234 A www.example.org"),
        ("DNS", "Standard query response 0x1234 A www.example.org → A 203.0.113.80"),
        ("DNS", "Standard query response 0x0001 A nope.example.org: No such name"),
        ("ICMP", "Echo request id=0x0001 seq=1"),
        ("TCP", "50000 → 443 [SYN] Seq=1000 Win=64240 Len=0"),
        ("TLS", "Client Hello TLS 1.3 (server name www.example.org)"),
        ("TLS", "Application Data"),
        ("HTTP", "GET /news HTTP/1.1"),
        ("UDP", "40000 → 9999 Len=8"),
    ]


def test_a_row_has_times_ends_and_length():
    row = shown(pcap(case("Web session").frames()))[2]
    assert row == PacketRow(
        3, 0.002, "2025-06-15T15:06:40.002000+00:00", "10.0.0.11", WEB, "TCP", 54,
        "50000 → 80 [SYN] Seq=100 Win=64240 Len=0",
    )  # fmt: skip
    assert PacketRow.from_json(row.to_json()) == row


@pytest.mark.parametrize(
    "make", [pcap, pcapng, lambda frames: gz(pcap(frames)), lambda frames: gz(pcapng(frames))]
)
def test_any_window_holds_the_packets_asked_for(make):
    frames = [ethernet(udp("10.0.0.1", "10.0.0.2", (1000 + number, 9), bytes(40))) for number in range(1000)]
    data = make(frames)
    for first, count in ((1, 3), (256, 3), (257, 2), (513, 500), (999, 10), (1000, 1), (1001, 5), (0, 5)):
        rows = shown(data, first, count)
        wanted = [number for number in range(first, first + count) if 1 <= number <= 1000] if first else []
        assert [row.number for row in rows] == wanted
        assert [row.line for row in rows] == [f"{999 + number} → 9 Len=40" for number in wanted]


def test_windows_know_sections_and_interfaces():
    def part(order):
        frames = [
            enhanced(ethernet(udp("10.0.0.1", "10.0.0.2", (5, 9), bytes(40))), MORNING * 10**6, 0, order),
            enhanced(udp("10.0.0.1", "10.0.0.2", (6, 9), bytes(40)), MORNING * 10**6, 1, order),
        ]
        return (
            section(order) + interface(1, order=order) + interface(101, order=order) + b"".join(frames * 200)
        )

    rows = shown(part("<") + part(">"), 401, 400)
    assert {row.line for row in rows[::2]} == {"5 → 9 Len=40"}
    assert {row.line for row in rows[1::2]} == {"6 → 9 Len=40"}


def test_layers_name_fields_and_their_bytes():
    data = pcap(case("Web session").frames())
    found = packet_layers(io.BytesIO(data), analysed(data).detail, 6)
    assert [(layer.name, layer.first, layer.last) for layer in found.layers] == [
        ("ethernet", 0, 14), ("ipv4", 14, 34), ("tcp", 34, 54), ("http", 54, found.captured),
    ]  # fmt: skip
    fields = {
        field.name: (field.value, field.first, field.last) for layer in found.layers for field in layer.fields
    }
    assert fields["Time to live"] == ("64", 22, 23)
    assert fields["Destination port"] == ("80", 36, 38)
    assert fields["Flags"] == ("0x18 ACK, PSH", 47, 48)
    assert fields["First line"] == ("GET /news HTTP/1.1", 54, 72)
    assert fields["Host"] == ("www.example.org", 74, 95)
    assert found.dump[3].text.endswith("GET /news ")
    assert PacketLayers.from_json(found.to_json()) == found


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.title)
def test_no_window_shows_a_credential(one):
    data = one.data
    detail = analysed(data).detail
    rows = packet_rows(io.BytesIO(data), detail, 1, 500)
    parts = [packet_layers(io.BytesIO(data), detail, row.number) for row in rows[:60]]
    text = repr(rows) + repr([part.layers for part in parts])
    dumps = ["".join(line.text for line in part.dump) for part in parts]
    for value in VALUES:
        assert value not in text
        assert not any(value in dump for dump in dumps)
        codes = " ".join(f"{byte:02x}" for byte in value.encode())
        assert not any(codes in " ".join(line.codes for line in part.dump) for part in parts)


def test_a_hidden_login_still_says_what_was_done():
    lines = [row.line for row in shown(pcap(case("FTP login").frames()))]
    assert lines[3:8] == [
        "Response: 220 ready",
        "Request: USER•••",
        "Response: 331 go on",
        "Request: PASS•••",
        "Response: 230 in",
    ]
    lines = [row.line for row in shown(pcap(case("SMTP login").frames()))]
    assert lines[7:9] == ["Response: 334 VXNlcm5hbWU6", "Request: •••"]


def test_a_tunnel_and_a_fragment_are_not_dumped():
    inner = tcp("10.0.0.1", "10.0.0.2", (5, 23), 24, b"zebra-9")
    frames = [ethernet(ipv4("10.0.0.1", "10.0.0.2", 4, inner)),
              ethernet(ipv4("10.0.0.1", "10.0.0.2", 6, b"zebra-9", fragment=9))]  # fmt: skip
    data = pcap(frames)
    for number in (1, 2):
        found = packet_layers(io.BytesIO(data), analysed(data).detail, number)
        assert "zebra" not in "".join(line.text for line in found.dump)


def test_an_error_message_does_not_bring_a_community_back():
    quoted = udp("10.0.0.1", "10.0.0.2", (5000, 161), bytes.fromhex("300c020101040670756272616c"))
    data = pcap([ethernet(icmp("10.0.0.2", "10.0.0.1", 3, 3, bytes(4) + quoted))])
    found = packet_layers(io.BytesIO(data), analysed(data).detail, 1)
    assert "pubral" not in "".join(line.text for line in found.dump)


def test_packets_that_do_not_exist_are_refused():
    data = pcap(case("Web session").frames())
    detail = analysed(data).detail
    for number in (0, -1, 11, 10**9):
        with pytest.raises(NoSuchPacket):
            packet_layers(io.BytesIO(data), detail, number)


def test_a_conversation_is_shown_alone():
    frames = []
    for number in range(300):
        frames += Talk("10.0.0.1", "10.0.0.2", (40000 + number, 443)).open().up(b"x").frames
    data = pcap(frames)
    detail = analysed(data).detail
    rows = flow_packets(io.BytesIO(data), detail, "6|10.0.0.2|10.0.0.1|443|40123", 1, 10)
    assert [row.number for row in rows] == [493, 494, 495, 496]
    assert [
        row.number for row in flow_packets(io.BytesIO(data), detail, "6|10.0.0.1|10.0.0.2|40123|443", 495, 1)
    ] == [495]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "6",
        "6|a|b",
        "6|10.0.0.1|10.0.0.2|5|99999",
        "6|10.0.0.1|::1",
        "x|10.0.0.1|10.0.0.2",
        "999|10.0.0.1|10.0.0.2",
    ],
)
def test_what_names_no_conversation_is_refused(key):
    data = pcap(case("Web session").frames())
    with pytest.raises(BadConversation):
        flow_packets(io.BytesIO(data), analysed(data).detail, key, 1, 10)


def test_windows_of_many_packets_stay_quick():
    frame = ethernet(udp("10.0.0.1", "10.0.0.2", (1000, 9), bytes(40)))
    other = ethernet(udp("10.0.0.3", "10.0.0.4", (1000, 9), bytes(40)))
    head, body = pcap([])[:24], pcap([frame] * 1000)[24:]
    data = head + body * 200 + pcap([other])[24:] + body * 100
    begun = time.process_time()
    content, detail = io.BytesIO(data), analysed(data).detail
    whole = time.process_time() - begun
    assert len(detail["marks"]) == 300_001 // 256 + 1
    for share, action in (
        (10, lambda: packet_rows(content, detail, 299_000, 100)),
        (10, lambda: packet_layers(content, detail, 250_000)),
        # Looked for in all bytes, since one packet alone belongs to it.
        (1, lambda: flow_packets(content, detail, "17|10.0.0.3|10.0.0.4|1000|9", 1, 10)),
    ):
        begun = time.process_time()
        assert action()
        assert time.process_time() - begun < whole / share
