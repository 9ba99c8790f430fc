"""Both formats are read in every form; damage ends the reading and is told exactly."""

import io
import struct
import tracemalloc
import zlib

import pytest

from assessments.analysers.captures.reading import sources
from tests.analysers.captures.building import (
    ADA,
    BO,
    MORNING,
    ROUTER,
    SYN,
    block,
    client_hello,
    dns,
    enhanced,
    ethernet,
    gz,
    icmp6,
    interface,
    ipv4,
    ipv6,
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
    vlan,
)
from tests.analysers.captures.test_cases import analysed, packets_by_path, told

A4, B4 = "10.0.0.11", "10.0.0.12"
A6, B6 = "2001:db8::11", "2001:db8::12"
QUERY4 = udp(A4, B4, (40000, 53), dns("www.example.org"))
QUERY6 = udp(A6, B6, (40000, 53), dns("www.example.org"))
FRAME = ethernet(QUERY4)


def paths(frames, link=1):
    return packets_by_path(analysed(pcap(frames, link=link)).facts["protocols"])


# --- Link types --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "before", "path"),
    [
        (1, ROUTER + ADA + b"\x08\0", "ethernet/ipv4/udp/dns"),
        (1, ROUTER + ADA + b"\x81\0\0\x07\x08\0", "ethernet/vlan/ipv4/udp/dns"),
        (1, ROUTER + ADA + b"\x88\xa8\0\x07\x81\0\0\x08\x08\0", "ethernet/vlan/vlan/ipv4/udp/dns"),
        (101, b"", "raw/ipv4/udp/dns"),
        (12, b"", "raw/ipv4/udp/dns"),
        (228, b"", "raw/ipv4/udp/dns"),
        (0, b"\2\0\0\0", "loopback/ipv4/udp/dns"),
        (0, b"\0\0\0\2", "loopback/ipv4/udp/dns"),
        (108, b"\0\0\0\2", "loopback/ipv4/udp/dns"),
        (113, b"\0\0\0\1\0\6" + ADA + b"\0\0\x08\0", "sll/ipv4/udp/dns"),
        (276, b"\x08\0\0\0\0\0\0\1\0\1\0\6" + ADA + b"\0\0", "sll2/ipv4/udp/dns"),
    ],
)
def test_headers_of_the_link_are_passed(link, before, path):
    found = paths([before + QUERY4], link)
    assert found[path] == 1


@pytest.mark.parametrize(("link", "name"), [(105, "802.11"), (127, "802.11-radiotap"), (9999, "link-9999")])
def test_other_links_are_named_and_counted(link, name):
    analysis = analysed(pcap([b"\x80\0" + bytes(40)] * 3, link=link))
    assert analysis.facts["undecoded"] == {name: 3}
    assert analysis.facts["protocols"] == [{"name": name, "packets": 3, "bytes": 126, "children": []}]
    (skipped,) = analysis.skipped
    assert (skipped.reason, skipped.count, skipped.detail) == ("undecoded-link", 3, name)


def test_ipv6_with_extension_headers():
    hop_by_hop = b"\x11\0" + bytes(6)
    routed = ipv6(A6, B6, 0, hop_by_hop + QUERY6[40:])
    found = paths([ethernet(QUERY6, 0x86DD), ethernet(routed, 0x86DD)])
    assert found["ethernet/ipv6/udp/dns"] == 2


def test_fragments_are_counted_and_only_the_first_has_ports():
    segment = QUERY4[20:]
    first = ipv4(A4, B4, 17, segment[:24], fragment=0x2000)
    second = ipv4(A4, B4, 17, segment[24:], fragment=3)
    analysis = analysed(pcap([ethernet(first), ethernet(second)]))
    assert analysis.facts["fragments"] == 2
    found = packets_by_path(analysis.facts["protocols"])
    assert found["ethernet/ipv4/udp/dns"] == 1
    assert found["ethernet/ipv4/fragment"] == 1


def test_neighbour_discovery_names_ethernet_addresses():
    asked = icmp6(A6, "ff02::1:ff00:12", 135, bytes(4) + packed(B6) + b"\1\1" + BO)
    analysis = analysed(pcap([ethernet(asked, 0x86DD, ADA, bytes.fromhex("3333ff000012"))]))
    assert analysis.facts["mac_addresses"] == 2


@pytest.mark.parametrize(
    "frame", [b"", ADA, ethernet(b"E"), ethernet(QUERY4[:24]), ethernet(QUERY6[:39], 0x86DD)]
)
def test_packets_that_end_too_early_are_counted_as_malformed(frame):
    analysis = analysed(pcap([frame, FRAME]))
    assert analysis.facts["packets"] == 2
    assert analysis.facts["malformed"] == 1
    assert told(analysis) == [("low", "malformed-packets", {"packets": 1}, [(1, 1)])]


# --- Time and length ---------------------------------------------------------------------------------


def test_times_are_told_in_utc():
    facts = analysed(pcap([FRAME, FRAME], step=2_500_000)).facts
    assert facts["start"] == "2025-06-15T15:06:40.000000+00:00"
    assert facts["end"] == "2025-06-15T15:06:42.500000+00:00"
    assert facts["seconds"] == 2.5


def test_time_that_goes_backwards_is_a_finding():
    analysis = analysed(pcap([FRAME] * 4, times=[0, 2000, 1000, 3000]))
    assert told(analysis) == [("low", "time-backwards", {"packets": 1}, [(3, 3)])]


def test_packets_that_were_cut_are_a_finding():
    analysis = analysed(pcap([FRAME, FRAME], keep=60, snaplen=60))
    assert told(analysis) == [("low", "packets-cut", {"packets": 2, "snaplen": 60}, [(1, 2)])]
    assert analysis.facts["bytes"] == {"captured": 120, "original": 2 * len(FRAME)}


def test_the_timeline_has_at_most_120_buckets_and_every_packet():
    analysis = analysed(pcap([FRAME] * 1000, step=777_777))
    timeline = analysis.facts["timeline"]
    assert 60 <= timeline["buckets"] <= 120
    assert timeline["protocols"] == ["dns"]
    assert sum(row[0][0] for _bucket, row in timeline["rows"]) == 1000
    assert sum(row[0][1] for _bucket, row in timeline["rows"]) == 1000 * len(FRAME)


# --- pcapng ------------------------------------------------------------------------------------------


def two_interfaces(order="<"):
    """Microseconds on the first; on the second 2**-10 seconds and an hour more."""
    fine = option(9, b"\x8a", order) + option(14, struct.pack(order + "q", 3600), order)
    return [
        section(order),
        interface(1, option(2, b"eth0", order), order=order),
        interface(101, fine, order=order),
        enhanced(FRAME, MORNING * 1_000_000, 0, order),
        enhanced(QUERY4, (MORNING - 3600) * 1024 + 512, 1, order),
    ]


@pytest.mark.parametrize("order", "<>")
def test_each_interface_has_its_own_link_and_clock(order):
    analysis = analysed(b"".join(two_interfaces(order)))
    assert analysis.facts["seconds"] == 0.5
    found = packets_by_path(analysis.facts["protocols"])
    assert (found["ethernet/ipv4/udp/dns"], found["raw/ipv4/udp/dns"]) == (1, 1)
    assert [one["name"] for one in analysis.facts["interfaces"]] == ["eth0", ""]


def test_sections_of_either_byte_order_number_their_interfaces_anew():
    data = b"".join(two_interfaces("<") + two_interfaces(">"))
    analysis = analysed(data)
    assert analysis.facts["packets"] == 4
    assert packets_by_path(analysis.facts["protocols"])["raw/ipv4/udp/dns"] == 2
    assert analysis.skipped == ()


def test_simple_and_obsolete_packet_blocks_are_read():
    data = section() + interface() + obsolete(FRAME, MORNING * 1_000_000) + simple(FRAME)
    facts = analysed(data).facts
    assert (facts["packets"], facts["untimed"]) == (2, 1)
    assert facts["start"] == facts["end"] == "2025-06-15T15:06:40.000000+00:00"


def test_keys_of_tls_are_a_secret_and_a_finding():
    data = (
        section()
        + interface()
        + enhanced(FRAME, 0)
        + tls_key_log(b"CLIENT_RANDOM 00 00\n")
        + enhanced(FRAME, 1)
    )
    analysis = analysed(data)
    assert (analysis.secrets[0].code, analysis.secrets[0].place.first) == ("tls-secrets", 1)
    assert told(analysis) == [("high", "tls-keys-included", {"count": 1}, [])]


def test_blocks_of_other_kinds_are_passed_over_and_told():
    long = block(0xBAD, bytes(3 << 20))
    data = section() + interface() + enhanced(FRAME, 0) + long + block(4, bytes(8)) + block(5, bytes(12))
    analysis = analysed(data + enhanced(FRAME, 1))
    assert analysis.facts["packets"] == 2
    assert [(one.reason, one.count) for one in analysis.skipped] == [
        ("unknown-blocks", 1),
        ("name-blocks", 1),
    ]


# --- Damage ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [pcap, pcapng])
def test_a_file_cut_anywhere_is_read_up_to_the_cut(make):
    frames = [FRAME, ethernet(tcp(A4, B4, (50000, 443), SYN)), FRAME]
    ends = [len(make(frames[:count])) for count in range(4)]
    data = make(frames)
    for size in range(ends[0], len(data)):
        analysis = analysed(data[:size])
        whole = max(count for count in range(4) if ends[count] <= size)
        assert analysis.facts["packets"] == whole
        if size in ends:
            assert analysis.skipped == ()
        else:
            (skipped,) = analysis.skipped
            assert (skipped.reason, skipped.place.first) == ("damaged-tail", whole + 1)


@pytest.mark.parametrize("make", [pcap, pcapng])
def test_gzip_cut_anywhere_is_read_as_far_as_it_goes(make):
    data = gz(make([FRAME] * 5))
    for size in range(40, len(data)):
        analysis = analysed(data[:size])
        assert analysis.facts["packets"] <= 5
        assert analysis.skipped


def test_a_length_of_four_gigabytes_is_damage():
    record = struct.pack("<IIII", MORNING, 0, 0xFFFFFFFF, 0xFFFFFFFF)
    analysis = analysed(pcap([FRAME, FRAME]) + record + FRAME * 100)
    assert analysis.facts["packets"] == 2
    assert [(one.reason, one.place.first, one.detail) for one in analysis.skipped] == [
        ("damaged-middle", 3, "length 4294967295")
    ]


@pytest.mark.parametrize("length", [0, 4, 8, 0xFFFFFFFC])
def test_a_block_of_impossible_length_is_damage(length):
    good = section() + interface() + enhanced(FRAME, 0)
    for kind in (6, 0xBAD):
        analysis = analysed(good + struct.pack("<II", kind, length) + bytes(64))
        assert analysis.facts["packets"] == 1
        [where] = [(one.reason, one.place.first) for one in analysis.skipped if one.place]
        assert where in {("damaged-middle", 2), ("damaged-tail", 2)}


def test_a_packet_of_an_interface_that_was_not_described_is_damage():
    analysis = analysed(section() + interface() + enhanced(FRAME, 0) + enhanced(FRAME, 0, number=7))
    assert [(one.reason, one.place.first) for one in analysis.skipped] == [("damaged-middle", 2)]


def test_interfaces_without_end_are_damage():
    analysis = analysed(section() + interface() * 5000 + enhanced(FRAME, 0))
    assert [(one.reason, one.detail) for one in analysis.skipped] == [("damaged-middle", "interface block")]


@pytest.mark.parametrize("magic", [b"\x34\xcd\xb2\xa1", b"\xa1\xb2\xcd\x34"])
def test_the_modified_format_is_refused_by_name(magic):
    analysis = analysed(magic + bytes(100))
    assert analysis.facts == {"packets": 0}
    assert [one.reason for one in analysis.skipped] == ["modified-pcap"]


@pytest.mark.parametrize(
    "data", [b"", b"\xd4\xc3\xb2\xa1", b"no capture at all, but some text", gz(b""), b"\x1f\x8b"]
)
def test_what_is_no_capture_is_refused(data):
    assert [one.reason for one in analysed(data).skipped] == ["no-header"]


def test_a_capture_without_packets_is_one():
    for data in (pcap([]), pcapng([])):
        facts = analysed(data).facts
        assert (facts["packets"], facts["start"], facts["seconds"]) == (0, None, 0)


# --- Bounds ------------------------------------------------------------------------------------------


def test_a_hundred_thousand_empty_packets_take_little_memory():
    data = pcap([b""] * 100_000)
    tracemalloc.start()
    analysis = analysed(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert analysis.facts["packets"] == 100_000
    assert peak < 12_000_000


def test_a_bomb_is_left_alone_after_the_free_megabytes():
    packer = zlib.compressobj(9, wbits=31)
    packet = struct.pack("<IIII", 0, 0, 65_535, 65_535) + bytes(65_535)
    parts = [packer.compress(pcap([]))] + [packer.compress(packet) for _ in range(1000)] + [packer.flush()]
    analysis = analysed(b"".join(parts))
    assert [one.reason for one in analysis.skipped] == ["ratio-limit"]
    read = analysis.facts["bytes"]["captured"]
    assert sources.RATIO_FREE - sources.CHUNK < read < sources.RATIO_FREE + sources.CHUNK


def test_a_capture_that_inflates_to_too_much_is_read_up_to_the_bound(monkeypatch):
    monkeypatch.setattr(sources, "MAX_INFLATED", 4 << 20)
    frames = [
        ethernet(udp(A4, B4, (9999, 9999), number.to_bytes(4, "big") * 200)) for number in range(10_000)
    ]
    analysis = analysed(gz(pcap(frames)))
    assert [one.reason for one in analysis.skipped] == ["size-limit"]
    assert 4000 < analysis.facts["packets"] < 7500


def test_several_gzip_members_are_one_capture():
    data = pcap([FRAME] * 4)
    analysis = analysed(gz(data[:70]) + gz(data[70:]) + bytes(100))
    assert (analysis.facts["packets"], analysis.skipped) == (4, ())


def test_hostile_times_do_not_stop_the_reading():
    data = section() + interface(1, option(9, b"\x00"))
    data += b"".join(enhanced(FRAME, ticks) for ticks in (0, 2**64 - 1, 5, 2**63, 1 << 40))
    facts = analysed(data).facts
    assert facts["packets"] == 5
    assert facts["end"] is None
    assert facts["timeline"]["buckets"] <= 120


def test_tls_names_and_versions_are_counted():
    hello = ethernet(tcp(A4, B4, (50000, 8443), 24, client_hello("shop.example.org")))
    tls = analysed(pcap([hello, hello])).facts["tls"]
    assert tls["servers"] == [{"name": "shop.example.org", "count": 2, "first": 1}]
    assert tls["offered"] == {"TLS 1.3": 2}


def test_the_source_reads_exactly_what_is_asked_for():
    for content in (io.BytesIO(b"capture"), io.BytesIO(gz(b"capture"))):
        source = sources.source_of(content)
        assert source.read(3) == b"cap"
        assert source.skip(2) == 2
        assert (source.read(9), source.read(9)) == (b"re", b"")


def test_a_tag_without_anything_behind_it_is_cut():
    found = paths([ethernet(vlan(b"", 3)[:2], 0x8100)])
    assert found["ethernet/vlan/cut"] == 1
