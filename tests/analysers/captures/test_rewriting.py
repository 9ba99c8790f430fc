"""A redacted copy holds no secret, and is otherwise the capture it was made from."""

import io
import shutil
import subprocess

import pytest

from assessments.analysers.captures.reading.opening import reader_of
from assessments.analysers.captures.rewriting import redacted
from assessments.analysers.captures.windows import packet_layers, packet_rows
from tests.analysers.captures.building import (
    ADA,
    BROADCAST,
    MORNING,
    ROUTER,
    TCP,
    Talk,
    block,
    client_hello,
    enhanced,
    ethernet,
    gz,
    icmp6,
    interface,
    ipv4,
    obsolete,
    option,
    packed,
    pcap,
    pcapng,
    section,
    simple,
    tcp,
    tls_key_log,
    udp,
)
from tests.analysers.captures.cases import CASES
from tests.analysers.captures.test_cases import analysed, told
from tests.analysers.captures.test_windows import VALUES

KEY = b"sixteen bytes or"


def copied(data: bytes, key: bytes | None = KEY) -> bytes:
    out = io.BytesIO()
    redacted(io.BytesIO(data), out, key=key)
    return out.getvalue()


def frames_of(data: bytes) -> list[bytes]:
    reader = reader_of(io.BytesIO(data))
    return [
        batch.data[start:end] for batch in reader.batches() for _when, start, end, *_rest in batch.records
    ]


@pytest.mark.parametrize(
    "make", [pcap, pcapng, lambda frames: gz(pcap(frames)), lambda frames: pcapng(frames, order=">")]
)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_copy_holds_no_secret_and_the_same_traffic(case, make):
    data = make(case.frames())
    copy = copied(data)
    before, after = analysed(data), analysed(copy)
    assert after.secrets == ()
    assert after.skipped == ()
    for value in VALUES:
        assert value.encode() not in copy
    same = (
        "packets",
        "bytes",
        "start",
        "end",
        "protocols",
        "tcp",
        "endpoints",
        "ports",
        "conversations",
        "timeline",
    )
    if case.title != "SNMP version 2c":
        assert {name: after.facts[name] for name in same} == {name: before.facts[name] for name in same}
    gone = ("clear-text-credentials",)
    assert told(after) == [one for one in told(before) if one[1] not in gone]


def test_addresses_are_replaced_alike_and_groups_stay():
    frames = [ethernet(b"\x45", source=ADA, target=ROUTER), ethernet(b"\x45", source=ROUTER, target=ADA),
              ethernet(b"\x45", source=ADA, target=BROADCAST)]  # fmt: skip
    one, two, three = frames_of(copied(pcap(frames)))
    assert one[:6] == two[6:12]
    assert one[6:12] == two[:6] == three[6:12]
    assert three[:6] == BROADCAST
    assert one[6] & 3 == 2
    assert ADA not in copied(pcap(frames))


def test_each_copy_has_addresses_of_its_own():
    data = pcap([ethernet(b"\x45")])
    assert copied(data, KEY) == copied(data, KEY)
    assert len({copied(data, None) for _ in range(5)}) == 5


@pytest.mark.parametrize("key", [b"", b"short", bytes(65)])
def test_a_key_that_can_be_guessed_is_refused(key):
    with pytest.raises(ValueError, match="16 to 64"):
        copied(pcap([]), key)


def test_addresses_made_from_ethernet_addresses_are_replaced_too():
    made = "fe80::21b:21ff:feaa:1"  # from ADA, 00:1b:21:aa:00:01
    asked = icmp6(made, "ff02::1:ffaa:1", 135, bytes(4) + packed(made) + b"\1\1" + ADA)
    data = pcap([ethernet(asked, 0x86DD, ADA, bytes.fromhex("3333ffaa0001"))])
    copy = copied(data)
    for part in (ADA, packed(made)[8:], bytes.fromhex("ffaa0001")):
        assert part in data
        assert part not in copy


def test_dhcp_names_the_same_addresses():
    message = b"\1\1\6\0" + bytes(24) + ADA + bytes(202) + b"\x63\x82\x53\x63\x35\1\3\x3d\7\1" + ADA + b"\xff"
    data = pcap([ethernet(udp("0.0.0.0", "255.255.255.255", (68, 67), message), target=BROADCAST)])
    frame = frames_of(copied(data))[0]
    assert ADA not in frame
    assert frame.count(frame[6:12]) == 3


def test_keys_comments_and_unknown_blocks_are_left_out():
    comment = option(1, b"the password is zebra-9")
    packet = enhanced(ethernet(b"\x45"), 0)
    data = section() + interface(1, option(2, b"eth0"), option(6, ADA), comment) + packet
    data += (
        tls_key_log(b"CLIENT_RANDOM zebra-9")
        + block(0xBAD, b"zebra-9")
        + block(4, b"zebra-9")
        + simple(ethernet(b"\x45"))
    )
    data += obsolete(ethernet(b"\x45"), MORNING)
    copy = copied(data)
    assert b"zebra" not in copy
    assert ADA not in copy
    assert b"eth0" in copy
    assert analysed(copy).facts["packets"] == 3
    assert analysed(copy).secrets == ()


def test_clocks_and_sections_stay():
    def part(order, power):
        found = (
            section(order) + interface(1, option(9, power, order), order=order) + interface(101, order=order)
        )
        return found + enhanced(ethernet(b"\x45"), 5 << 40, 0, order) + enhanced(b"\x45", 77, 1, order)

    data = part("<", b"\x09") + part(">", b"\x94")
    before, after = analysed(data), analysed(copied(data))
    assert after.detail["moments"] == before.detail["moments"]
    assert after.facts["interfaces"] == before.facts["interfaces"]
    assert len(after.detail["sections"]) == 2


def test_what_is_not_understood_is_blanked():
    hidden = b"zebra-9 in a place nobody looks"
    inner = tcp("10.0.0.1", "10.0.0.2", (5, 23), 24, hidden)
    frames = [
        ethernet(hidden, 0x88CC),
        ethernet(hidden, 0x0100),
        ethernet(ipv4("10.0.0.1", "10.0.0.2", 4, inner)),
        ethernet(ipv4("10.0.0.1", "10.0.0.2", 47, b"\0\0\x08\0" + inner)),
        ethernet(ipv4("10.0.0.1", "10.0.0.2", 89, hidden)),
        ethernet(ipv4("10.0.0.1", "10.0.0.2", TCP, hidden, fragment=5)),
        ethernet(udp("10.0.0.1", "10.0.0.2", (5000, 6000), b"plain")) + hidden,
    ]
    for data in (pcap(frames), pcap([hidden], link=127), pcap([hidden], link=147)):
        copy = copied(data)
        assert len(copy) == len(data)
        assert b"zebra" not in copy
    assert b"plain" in copied(pcap(frames))


def test_a_login_that_is_spread_over_segments_is_blanked_whole():
    get = b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic YWRh"
    frames = [ethernet(tcp("10.0.0.1", "10.0.0.2", (5000, 12345), 24, get)),
              ethernet(tcp("10.0.0.1", "10.0.0.2", (5000, 12345), 24, b"OnplYnJhLTk=\r\n\r\n"))]  # fmt: skip
    copy = copied(pcap(frames))
    assert b"YWRh" not in copy
    assert b"OnplYnJhLTk" not in copy
    assert b"GET / HTTP/1.1" in copy


def test_names_and_commands_of_logins_are_blanked_too():
    for title in ("FTP login", "Telnet login", "POP3 login", "IMAP login", "SMTP login"):
        case = next(one for one in CASES if one.title == title)
        copy = copied(pcap(case.frames()))
        for word in (b"ada", b"YWRh", b"USER", b"login", b"AUTH"):
            assert word not in copy


def test_what_is_encrypted_after_starttls_stays():
    hello = client_hello("mail.example.org")
    frames = (
        Talk("10.0.0.1", "10.0.0.2", (5000, 25)).open().up(b"STARTTLS\r\n").down(b"220\r\n").up(hello).frames
    )
    copy = copied(pcap(frames))
    assert hello in copy
    assert b"STARTTLS" not in copy
    assert told(analysed(copy)) == told(analysed(pcap(frames))) == []


@pytest.mark.parametrize(
    ("request_head", "code"),
    [
        (b"GET /in?user=ada&password=zebra-9 HTTP/1.1\r\n\r\n", "http-password"),
        (b"GET http://ada:zebra-9@intra.example/ HTTP/1.1\r\n\r\n", "http-basic"),
        (b"GET / HTTP/1.1\r\nAuthorization: Bearer zebra-9\r\n\r\n", "http-authorization"),
        (b"GET / HTTP/1.1\r\nauthorization:zebra-9\r\n\r\n", "http-authorization"),
        (b"GET / HTTP/1.1\r\nCookie: id=zebra-9\r\n\r\n", "http-cookie"),
        (b'POST / HTTP/1.1\r\nHost: x\r\n\r\n{"user": "ada", "password": "zebra-9"}', "http-password"),
    ],
)
def test_a_login_anywhere_in_a_request_is_named_masked_and_blanked(request_head, code):
    data = pcap([ethernet(tcp("10.0.0.1", "10.0.0.2", (5000, 80), 24, request_head))])
    analysis = analysed(data)
    assert [one.code for one in analysis.secrets][:1] == [code]
    assert "zebra" not in repr(packet_rows(io.BytesIO(data), analysis.detail, 1, 1))
    assert "zebra" not in repr(packet_layers(io.BytesIO(data), analysis.detail, 1).layers)
    copy = copied(data)
    assert b"zebra" not in copy
    assert analysed(copy).secrets == ()


def test_what_follows_damage_is_not_copied():
    data = pcapng([ethernet(b"\x45")] * 3)
    copy = copied(data[:-10] + b"zebra-9")
    assert analysed(copy).facts["packets"] == 2
    assert b"zebra" not in copy


@pytest.mark.skipif(not shutil.which("tshark"), reason="tshark is not installed")
def test_another_program_finds_every_checksum_right(tmp_path):
    file = tmp_path / "copy.pcap"
    file.write_bytes(copied(pcap([frame for case in CASES for frame in case.frames()])))
    wrong = (
        "tcp.checksum.status==0 or udp.checksum.status==0 or ip.checksum.status==0 or icmp.checksum.status==0"
    )
    checks = [f"-o{name}.check_checksum:TRUE" for name in ("tcp", "udp", "ip")]
    done = subprocess.run(
        ["tshark", "-r", file, *checks, "-Y", wrong], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""


def test_a_wrong_checksum_stays_wrong():
    segment = bytearray(tcp("10.0.0.1", "10.0.0.2", (5000, 21), 24, b"PASS zebra-9\r\n"))
    segment[36:38] = b"\x12\x34"
    frame = frames_of(copied(pcap([ethernet(bytes(segment))])))[0]
    assert frame[50:52] == b"\x12\x34"
    assert b"zebra" not in frame
