"""The demo world's evidence is the same for the same seed, and real tools can read it."""

import gzip
import io
import ipaddress
import itertools
import random
import re
import shutil
import struct
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pypdf
import pytest

from assessments.analysers.recognising import Recognised, recognise
from workbench.demo import configurations, documents, packets, people, words
from workbench.demo.captures import Capture, Container, Scenario, as_pcap, as_pcapng, capture
from workbench.demo.policies import make_policy

SCENARIOS = get_args(Scenario)
CONTAINERS = get_args(Container)
QUALITIES = (0, 1, 2, 3)
WRITERS = {
    "iptables-save": configurations.iptables_save,
    "ip6tables-save": configurations.ip6tables_save,
    "nftables": configurations.nftables,
    "cisco-ios": configurations.cisco_acl,
    "fortios": configurations.fortios,
}
DOCUMENTATION = [
    ipaddress.ip_network(network)
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
INSIDE = [ipaddress.ip_network(network) for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
TECHNICAL = [ipaddress.ip_network(network) for network in ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3")]


def seen(data: bytes) -> Recognised:
    return recognise(data[:65536], len(data), data[-65536:])


def frames_of_pcap(data: bytes) -> Iterator[tuple[int, bytes]]:
    magic, major, minor, _, _, limit, link = struct.unpack_from("<IHHiIII", data)
    assert (magic, major, minor, limit, link) == (0xA1B2C3D4, 2, 4, 262_144, 1)
    at = 24
    while at < len(data):
        seconds, micros, kept, length = struct.unpack_from("<IIII", data, at)
        assert kept == length and micros < 1_000_000
        yield seconds * 1_000_000 + micros, data[at + 16 : at + 16 + kept]
        at += 16 + kept
    assert at == len(data)


def frames_of_pcapng(data: bytes) -> Iterator[tuple[int, bytes]]:
    at, kinds = 0, []
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        assert length % 4 == 0 and struct.unpack_from("<I", data, at + length - 4) == (length,)
        kinds.append(kind)
        if kind == 6:
            _, high, low, kept, whole = struct.unpack_from("<IIIII", data, at + 8)
            assert kept == whole
            yield (high << 32) + low, data[at + 28 : at + 28 + kept]
        at += length
    assert at == len(data)
    assert kinds[:2] == [0x0A0D0D0A, 1] and kinds[-1] == 5 and set(kinds[2:-1]) == {6}


READERS: dict[str, Callable[[bytes], Iterator[tuple[int, bytes]]]] = {
    "pcap": frames_of_pcap,
    "pcapng": frames_of_pcapng,
}


def wrong_checksums(frame: bytes) -> list[str]:
    """Sum again what the builder summed: a right checksum makes the whole add up to zero."""
    ethertype = struct.unpack_from("!H", frame, 12)[0]
    if ethertype == 0x0806:
        return []
    if ethertype == 0x0800:
        length, protocol = struct.unpack_from("!H", frame, 16)[0], frame[23]
        header, segment, addresses = frame[14:34], frame[34 : 14 + length], frame[26:34]
        wrong = ["ip"] if packets.checksum(header) else []
        pseudo = b"" if protocol == 1 else addresses + struct.pack("!BBH", 0, protocol, len(segment))
    else:
        assert ethertype == 0x86DD
        length, protocol = struct.unpack_from("!HB", frame, 18)
        segment, wrong = frame[54 : 54 + length], []
        pseudo = frame[22:54] + struct.pack("!II", length, protocol)
    return wrong + ([f"protocol {protocol}"] if packets.checksum(pseudo + segment) else [])


@pytest.mark.parametrize("dialect", WRITERS)
@pytest.mark.parametrize("quality", QUALITIES)
def test_a_configuration_is_the_same_for_the_same_seed_and_another_for_another(
    dialect: str, quality: int
) -> None:
    texts = [WRITERS[dialect](random.Random(seed), quality) for seed in (7, 7, 8)]
    assert texts[0] == texts[1]
    assert texts[1] != texts[2] or (dialect == "ip6tables-save" and quality < 3)


@pytest.mark.parametrize("dialect", WRITERS)
@pytest.mark.parametrize("quality", QUALITIES)
def test_a_configuration_is_recognised_and_of_a_readable_length(dialect: str, quality: int) -> None:
    for seed in range(8):
        text = WRITERS[dialect](random.Random(seed), quality)
        found = seen(text.encode())
        assert (found.kind, found.dialect) == ("firewall-configuration", dialect)
        if dialect != "ip6tables-save":
            assert 60 <= text.count("\n") <= 250


@pytest.mark.parametrize("dialect", WRITERS)
@pytest.mark.parametrize("quality", QUALITIES)
def test_a_configuration_names_only_invented_addresses_and_no_secret(dialect: str, quality: int) -> None:
    text = WRITERS[dialect](random.Random(11), quality)
    masks = re.compile(r"^(?:255\.|0\.0\.0\.|0\.15\.255|15\.255\.255)")
    for written in re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", text):
        address = ipaddress.ip_address(written)
        assert masks.match(written) or any(address in net for net in DOCUMENTATION + INSIDE + TECHNICAL), (
            written
        )
    assert not re.search(r"password|secret|psksecret|community|\bENC\b", text, re.IGNORECASE)


def test_better_work_has_what_the_rubric_asks_for() -> None:
    worst, _, sound, best = (configurations.iptables_save(random.Random(3), quality) for quality in QUALITIES)
    assert ":FORWARD ACCEPT" in worst and "-A FORWARD -j ACCEPT" in worst and "conntrack" not in worst
    assert ":FORWARD DROP" in sound and "RELATED,ESTABLISHED" in sound and "-j LOG " not in sound
    assert ":FORWARD DROP" in best and "INVALID" in best and "-j LOG " in best and "Spoofed" in best
    assert "policy drop" in configurations.nftables(random.Random(3), 3)
    assert "icmpv6" in configurations.nftables(random.Random(3), 3)
    assert "permit ip any any" in configurations.cisco_acl(random.Random(3), 0)
    assert "deny ip any any log" in configurations.cisco_acl(random.Random(3), 3)
    assert 'set srcaddr "all"' in configurations.fortios(random.Random(3), 0)


def test_both_halves_of_iptables_describe_one_network() -> None:
    four, six = (
        write(random.Random(5), 3) for write in (configurations.iptables_save, configurations.ip6tables_save)
    )
    policy = make_policy(random.Random(5), 3)
    assert policy.web_server.v4 in four and policy.web_server.v6 in six
    assert four.count("--comment") == six.count("--comment")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_capture_is_the_same_for_the_same_seed_and_another_for_another(
    scenario: Scenario, container: Container
) -> None:
    first, again, other = (capture(random.Random(seed), scenario, container) for seed in (7, 7, 8))
    assert first == again
    assert first.data != other.data


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("seed", range(3))
def test_a_capture_reads_back_whole_with_right_checksums(
    scenario: Scenario, container: Container, seed: int
) -> None:
    made = capture(random.Random(seed), scenario, container)
    frames = list(READERS[container](made.data))
    assert seen(made.data).dialect == container
    assert len(frames) == made.packets and 300 <= made.packets <= 2000 and len(made.data) <= 300_000
    assert [moment for moment, _ in frames] == sorted(moment for moment, _ in frames)
    assert all(len(frame) >= 60 for _, frame in frames)
    assert [wrong for _, frame in frames for wrong in wrong_checksums(frame)] == []


def test_a_flipped_bit_would_be_noticed_by_that_test() -> None:
    frames = list(frames_of_pcap(capture(random.Random(1), "baseline").data))
    tcp = next(frame for _, frame in frames if frame[23] == packets.TCP and len(frame) > 100)
    assert wrong_checksums(tcp) == []
    assert wrong_checksums(tcp[:90] + bytes([tcp[90] ^ 1]) + tcp[91:]) == ["protocol 6"]
    assert wrong_checksums(tcp[:22] + bytes([tcp[22] ^ 1]) + tcp[23:]) == ["ip"]


def test_both_containers_hold_the_same_packets() -> None:
    frames = list(frames_of_pcap(capture(random.Random(2), "beaconing", "pcap").data))
    assert frames == list(frames_of_pcapng(capture(random.Random(2), "beaconing", "pcapng").data))
    assert as_pcap(frames) == capture(random.Random(2), "beaconing").data
    assert list(frames_of_pcap(as_pcap([]))) == []
    assert seen(gzip.compress(as_pcapng(frames), mtime=0)).label_code == "pcapng-gzip"


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("container", CONTAINERS)
def test_tcpdump_reads_a_capture_without_complaint(
    scenario: Scenario, container: Container, tmp_path: Path
) -> None:
    tcpdump = shutil.which("tcpdump")
    if not tcpdump:
        pytest.skip("tcpdump is not installed")
    made = capture(random.Random(4), scenario, container)
    file = tmp_path / "capture"
    file.write_bytes(made.data)
    told = subprocess.run(
        [tcpdump, "-nn", "-vv", "-r", str(file)], capture_output=True, text=True, check=True
    )
    assert "truncated" not in told.stderr
    assert not re.search(r"\(incorrect|bad (?:ip |udp )?cksum|truncated|\[\||malformed", told.stdout)
    assert (
        len(re.findall(r"^\d\d:\d\d:\d\d\.\d{6} (?:ARP|IP6?)\b", told.stdout, re.MULTILINE)) == made.packets
    )
    for word in (
        "ARP",
        "A? ",
        "NXDomain",
        "ICMP echo request",
        "echo reply",
        "ICMP6",
        "Flags [S]",
        "HTTP/1.1 200 OK",
    ):
        assert word in told.stdout, word


def tcp_openings(made: Capture) -> list[tuple[int, str, str, int]]:
    """Moment, source, target and port of each SYN without ACK over IPv4."""
    found = []
    for moment, frame in frames_of_pcap(made.data):
        if frame[12:14] == b"\x08\x00" and frame[23] == packets.TCP and frame[47] & 0x12 == packets.SYN:
            source, target = (str(ipaddress.ip_address(frame[at : at + 4])) for at in (26, 30))
            found.append((moment, source, target, struct.unpack_from("!H", frame, 36)[0]))
    return found


def test_the_scan_is_in_the_capture_as_its_facts_say() -> None:
    made = capture(random.Random(6), "port-scan")
    tried = {port for _, source, target, port in tcp_openings(made)
             if (source, target) == (made.facts["scanner"], made.facts["victim"])}  # fmt: skip
    assert len(tried) == made.facts["ports_tried"]
    assert {22, 80, 443, 3306, 8080} <= tried


def test_the_calls_home_are_in_the_capture_as_its_facts_say() -> None:
    made = capture(random.Random(6), "beaconing")
    calls = [moment for moment, source, target, _ in tcp_openings(made)
             if (source, target) == (made.facts["infected"], made.facts["server"])]  # fmt: skip
    assert len(calls) == made.facts["calls"]
    gaps = [after - before for before, after in itertools.pairwise(calls)]
    assert all(abs(gap / 1_000_000 - int(made.facts["period_seconds"])) < 1 for gap in gaps)
    assert str(made.facts["server_name"]).encode() in made.data


def test_the_baseline_has_neither() -> None:
    pairs = Counter(
        (source, target) for _, source, target, _ in tcp_openings(capture(random.Random(6), "baseline"))
    )
    assert max(pairs.values()) < 10


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("quality", QUALITIES)
def test_a_report_is_a_real_pdf_and_real_markdown(language: str, quality: int) -> None:
    for made in (
        documents.firewall_report(quality=quality, language=language, author="Emre Yıldız (Charleroi)"),
        documents.traffic_report(
            capture(random.Random(1), "beaconing"), quality=quality, language=language, author="Élodie Dubois"
        ),
    ):
        data = documents.as_pdf(made)
        assert data == documents.as_pdf(made)
        assert (seen(data).label_code, seen(documents.as_markdown(made)).label_code) == ("pdf", "markdown")
        reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
        text = " ".join(page.extract_text() for page in reader.pages)
        assert reader.metadata is not None and reader.metadata.title == made.title
        assert made.title in text and made.byline.replace("ı", "i") in text
        for section in made.sections:
            assert section.heading in text
            assert section.text[:60] in " ".join(text.split())
        assert "%(" not in documents.as_markdown(made).decode()


def test_a_long_report_goes_on_on_the_next_page() -> None:
    sections = tuple(documents.Section(f"Part {n}", "All is well. " * 40) for n in range(12))
    reader = pypdf.PdfReader(io.BytesIO(documents.as_pdf(documents.Report("Long", "x", "en", sections))))
    assert len(reader.pages) > 1
    assert "Part 11" in reader.pages[-1].extract_text()


def test_better_reports_say_more() -> None:
    lengths = [
        len(documents.firewall_report(quality=q, language="nl", author="x").sections) for q in QUALITIES
    ]
    assert lengths == sorted(set(lengths))


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_everyone_finds_words_in_every_language(language: str) -> None:
    rng = random.Random(1)
    said = [words.comment(rng, level, language) for level in QUALITIES]
    said += [words.revocation(rng, language), words.appeal(rng, language)]
    for subject in ("firewall", "traffic"):
        said += [
            words.title(rng, subject, kind, language)
            for kind in ("firewall-configuration", "packet-capture", "image")
        ]
        said += [words.narrative(rng, subject, quality, language) for quality in QUALITIES]
        said += [
            words.feedback(rng, subject, outcome, language) for outcome in ("approve", "return", "reject")
        ]
    said += [words.justification(rng, theme, language) for theme, _ in words.justifications.MARKS]
    said.append(words.justification(rng, "general", language))
    assert all(text.strip() and text[0].isupper() for text in said)
    assert max(map(len, said)) < 2000


def test_the_languages_differ_and_the_seed_decides() -> None:
    told = {
        language: words.narrative(random.Random(3), "firewall", 3, language) for language in words.LANGUAGES
    }
    assert len(set(told.values())) == 3
    assert told["fr"] == words.narrative(random.Random(3), "firewall", 3, "fr")


@pytest.mark.parametrize(
    ("criterion", "theme"),
    [
        ("Least privilege by default", "policy"),
        ("Journalisation des rejets", "logging"),
        ("Filtrage IPv6", "ipv6"),
        ("Suivi de connexion", "state"),
        ("Volgorde van de regels", "rules"),
        ("Anomaly detection", "anomaly"),
        ("Reads protocols layer by layer", "protocols"),
        ("Captures traffic lawfully", "method"),
        ("Verifies the rules", "testing"),
        ("Communiceert de resultaten", "reporting"),
        ("Filters", "method"),
        ("Handling of personal data", "method"),
        ("Stateful handling and IPv6", "ipv6"),
        ("Least privilege of sources and services", "policy"),
        ("Protocol interpretation", "protocols"),
        ("Test evidence", "testing"),
        ("Minimale rechten voor bronnen en diensten", "policy"),
        ("Afwijkingen vaststellen met pakketverwijzingen", "anomaly"),
        ("Documentation and change control", "documentation"),
        ("Cooking", "general"),
    ],
)
def test_a_criterion_finds_its_theme(criterion: str, theme: str) -> None:
    assert words.theme_of(criterion) == theme


def test_learners_and_issuers_are_distinct_and_invented_addresses_lead_nowhere() -> None:
    emails = [learner.email for learner in people.LEARNERS] + [issuer.email for issuer in people.ISSUERS]
    assert len(set(emails)) == len(emails) >= 30
    assert all(re.fullmatch(r"[a-z0-9.-]+@demo\.example", email) for email in emails)
    assert {learner.language for learner in people.LEARNERS} == set(words.LANGUAGES)
    assert all(set(issuer.descriptions) == set(words.LANGUAGES) for issuer in people.ISSUERS)
