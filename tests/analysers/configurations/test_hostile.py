"""Whatever a file holds, it is read as far as it can be, in time, and what was left is named."""

import io
import json
import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.analysers.analysis import Analysis
from assessments.analysers.configurations.analysing import analyse
from assessments.analysers.configurations.findings.table import look
from assessments.analysers.configurations.reading import read
from assessments.analysers.recognising import recognise
from tests.analysers.configurations.telling import FIXTURES

OURS = ("iptables-save", "ip6tables-save", "nftables", "nftables-json", "cisco-ios", "cisco-asa")
FOLDERS = ("iptables-save", "nftables", "nftables-json", "cisco-ios", "cisco-asa")
SAMPLES = {
    "iptables-save": "office.rules",
    "nftables": "dmz.nft",
    "nftables-json": "server.json",
    "cisco-ios": "branch.ios",
    "cisco-asa": "office.asa",
}


def sample(dialect: str) -> str:
    return (FIXTURES / dialect / SAMPLES[dialect]).read_text(encoding="utf-8")


@pytest.mark.parametrize("dialect", OURS)
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=400))
def test_any_text_is_read_without_an_error(dialect: str, text: str) -> None:
    look(read(text, dialect))


@pytest.mark.parametrize("dialect", FOLDERS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_file_cut_anywhere_keeps_what_stands_before(dialect: str, data: st.DataObject) -> None:
    text = sample(dialect)
    whole = {rule.first_line: rule.action for rule in read(text, dialect).rules}
    cut = text[: data.draw(st.integers(0, len(text)))]
    found = read(cut, dialect)
    look(found)
    last = cut.count("\n")
    before = {line for line in whole if line <= last - 1}
    # Objects that follow may be missing; the rules of the lines before are there.
    assert before <= {rule.first_line for rule in found.rules} | {
        line for one in found.unread for line in range(one.first_line, one.last_line + 1)
    }


@pytest.mark.parametrize("dialect", FOLDERS)
def test_flipped_bytes_and_shuffled_words_raise_nothing(dialect: str) -> None:
    chance = random.Random(7)
    original = sample(dialect).encode()
    for _ in range(150):
        data = bytearray(original)
        for _ in range(chance.randrange(1, 30)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        look(read(data.decode("utf-8", errors="replace"), dialect))
        words = original.decode().split(" ")
        for _ in range(20):
            here, there = chance.randrange(len(words)), chance.randrange(len(words))
            words[here], words[there] = words[there], words[here]
        look(read(" ".join(words), dialect))


@pytest.mark.parametrize("dialect", FOLDERS)
@pytest.mark.parametrize("mutation", ["\0", "\r", "{", "}", '"', "!", "( ", "\\\n", "\u2028", "\ud800"])
def test_a_stray_character_in_every_line_raises_nothing(dialect: str, mutation: str) -> None:
    text = sample(dialect)
    look(read(text.replace("\n", f"{mutation}\n"), dialect))
    look(read(text.replace(" ", f" {mutation}"), dialect))


@pytest.mark.parametrize("dialect", FOLDERS)
def test_a_line_of_ten_megabytes_is_left_out_and_named(dialect: str) -> None:
    huge = "-A INPUT " + "-s 10.0.0.1 " * 900_000
    start = time.process_time()
    found = read(f"{huge}\n{sample(dialect)}", dialect)
    assert time.process_time() - start < 20
    assert {"limit", "damaged-tail"} & {one.reason for one in found.unread}


@pytest.mark.parametrize(
    ("dialect", "line"),
    [
        ("iptables-save", "-A INPUT -s 10.0.0.1 -p tcp --dport 22 -j ACCEPT"),
        ("nftables", "add rule inet filter input ip saddr 10.0.0.1 tcp dport 22 accept"),
        ("cisco-ios", "access-list 101 permit tcp host 10.0.0.1 any eq 22"),
        ("cisco-asa", "access-list A extended permit tcp host 10.0.0.1 any eq 22"),
    ],
)
def test_two_hundred_thousand_lines_are_read_up_to_the_limit(dialect: str, line: str) -> None:
    start = time.process_time()
    found = read(f"{line}\n" * 200_000, dialect)
    assert time.process_time() - start < 30
    assert (len(found.rules), found.lines) == (100_000, 200_000)
    assert "limit" in {one.reason for one in found.unread}


@pytest.mark.parametrize("opening", ["{", "table inet x {", "chain a {", "set s {", "define a = {"])
def test_braces_that_never_close_take_no_depth(opening: str) -> None:
    found = read(f"{opening} " * 50_000, "nftables")
    assert {"damaged-tail", "unknown-statement", "bad-value"} & {one.reason for one in found.unread}


def test_json_of_any_depth_ends() -> None:
    deep = '{"nftables": [{"rule": {"expr": [' + "[" * 200_000 + "]" * 200_000 + "]}}]}"
    assert [one.reason for one in read(deep, "nftables-json").unread] == ["damaged-tail"]
    nested = '{"prefix": ' * 90 + '{"addr": "1"}' + "}" * 90
    match = f'{{"match": {{"left": {nested}}}}}'
    rule = f'{{"rule": {{"family": "ip", "table": "t", "chain": "c", "expr": [{match}]}}}}'
    look(read(f'{{"nftables": [{rule}]}}', "nftables-json"))


@pytest.mark.parametrize("dialect", FOLDERS)
def test_the_analysis_survives_its_way_through_json(dialect: str) -> None:
    data = sample(dialect).encode()
    # One sample is cut: what goes on after its head is told apart from what is no JSON.
    found = analyse(io.BytesIO(data), recognise(data, len(data) + 1))
    assert found.dialect == dialect
    assert Analysis.from_json(found.to_json()).facts == found.facts
    assert found.facts["rules"] == len(found.detail["rules"]) > 0
    assert sum(found.facts["findings"].values()) == len(found.findings) > 0
    assert found.facts["lines"] == data.count(b"\n") + (not data.endswith(b"\n"))


def test_the_analysis_tells_where_secrets_stand_and_never_what_they_are() -> None:
    data = sample("cisco-ios").encode()
    found = analyse(io.BytesIO(data), recognise(data, len(data)))
    assert {(one.code, one.place.first) for one in found.secrets} == {
        ("snmp-community", 61),
        ("snmp-community", 62),
    }
    assert "FAKE" not in str(found.to_json())


def test_a_file_that_stops_being_text_is_read_all_the_same() -> None:
    head = sample("cisco-ios").encode()
    data = head + b"\0\xff\xfe" * 50
    recognised = recognise(head, len(head))
    found = analyse(io.BytesIO(data), recognised)
    assert "undecodable" in {one.reason for one in found.skipped}
    assert found.facts["rules"] == 13


MANY, EACH = 5_000, 20_000
HOSTS = [f"10.{n >> 15}.{(n >> 7) & 255}.{2 * (n & 127)}" for n in range(EACH)]


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        (
            "cisco-asa",
            "object-group network BIG\n"
            + "".join(f" network-object host {host}\n" for host in HOSTS)
            + "".join(
                f"access-list A extended permit tcp object-group BIG any eq {n}\n" for n in range(MANY)
            ),
        ),
        (
            "cisco-ios",
            "object-group network BIG\n 2001:db8::/32\n"
            + "".join(f" host {host}\n" for host in HOSTS)
            + "ip access-list extended A\n"
            + "".join(f" permit tcp object-group BIG any eq {n}\n" for n in range(MANY)),
        ),
        (
            "nftables",
            "table inet f {\nset big {\ntype ipv4_addr\nelements = { "
            + ", ".join(HOSTS)
            + " }\n}\nchain i {\ntype filter hook input priority 0\n"
            + "".join(f"ip saddr != @big ip daddr @big tcp dport {n} accept\n" for n in range(MANY))
            + "}\n}\n",
        ),
        (
            "nftables",
            f"define big = {{ {', '.join(HOSTS)} }}\ntable ip f {{\nchain i {{\n"
            "type filter hook input priority 0\n"
            + "".join(f"ip saddr {{ $big, 192.0.2.{n % 256} }} tcp dport {n} drop\n" for n in range(MANY))
            + "}\n}\n",
        ),
    ],
    ids=["asa", "ios", "nft set", "nft define"],
)
def test_a_large_group_in_many_rules_takes_seconds(dialect: str, text: str) -> None:
    data = text.encode()
    recognised = recognise(data[:65_536], len(data))
    start = time.process_time()
    found = analyse(io.BytesIO(data), replace(recognised, dialect=dialect))
    assert time.process_time() - start < 30
    assert found.facts["rules"] == MANY
    assert len(json.dumps(found.detail)) < 8_000_000
    # Ports stay known even where there are too many addresses to tell.
    assert all(service[0][4] for service in found.detail["services"])
