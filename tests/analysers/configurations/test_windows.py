"""The Windows firewall gives the same rules in JSON and in netsh's output of three languages."""

import pytest

from assessments.analysers.configurations.dialects import windows_json, windows_netsh
from assessments.analysers.configurations.rules import Ruleset
from tests.analysers.configurations.telling import fixture, rules_told, scopes_told, unread_told, written

# A block beats an allow wherever it stands, so that it comes first in the order of evaluation.
COMPUTER = r"""
Inbound #2 Remote desktop: accept any in *>* | any → any | tcp/3389
    | if profile Domain, Private; program C:\Windows\system32\svchost.exe; service TermService
    | “Administrators come in here”
Inbound #1 No file sharing: drop any in *>* | 10.9.0.0/16,192.0.2.1-192.0.2.9,2001:db8:9::/48 → any
    | tcp/139,445 from 1024-65535 | if interface type LAN
Inbound #3 Echo: accept any in *>* | ?LocalSubnet → 10.1.1.1 | icmp | target edge traversal | if icmp-type 8
    | disabled
Outbound #2 Everything out: accept any out *>* | any → any | any
Outbound #1 Mail out: drop any out *>* | any → 203.0.113.0/24 | udp/25
    | if profile Public; program C:\Tools\AnyMail\anymail.exe
Inbound #4 RPC: accept any in *>* | any → any | ?TCP RPC
"""
SCOPES = ["Inbound: drop any in", "Outbound: accept any out"]


def netsh(name: str) -> Ruleset:
    return windows_netsh.read(fixture(f"windows-netsh/{name}.txt"), "windows-netsh")


def exported(name: str) -> Ruleset:
    return windows_json.read(fixture(f"windows-json/{name}.json"), "windows-json")


@pytest.mark.parametrize("language", ["english", "french", "dutch"])
def test_netsh_gives_the_rules_of_a_computer_in_every_language(language: str) -> None:
    found = netsh(language)
    assert rules_told(found, lines=False) == written(COMPUTER)
    assert scopes_told(found) == SCOPES
    assert found.unread == ()
    assert [(rule.first_line, rule.last_line) for rule in found.rules] == [
        (2, 20),
        (22, 39),
        (41, 58),
        (60, 75),
        (77, 94),
        (96, 113),
    ]


@pytest.mark.parametrize(
    ("shell", "lines"),
    [
        ("powershell5", [(2, 23), (24, 48), (49, 61), (62, 72), (73, 86), (87, 99)]),
        ("powershell7", [(2, 14), (15, 24), (25, 34), (35, 39), (40, 46), (47, 52)]),
    ],
)
def test_json_gives_the_same_rules_from_either_powershell(shell: str, lines: list[tuple[int, int]]) -> None:
    found = exported(shell)
    assert rules_told(found, lines=False) == written(COMPUTER)
    assert scopes_told(found) == SCOPES
    assert found.unread == ()
    assert [(rule.first_line, rule.last_line) for rule in found.rules] == lines


def test_an_export_without_the_filters_says_what_it_does_not_know() -> None:
    found = exported("plain")
    assert rules_told(found) == written(
        """
Outbound #1 Core Networking - DNS (UDP-Out): accept any out *>*
    | ?not in the file → ?not in the file | ?not in the file | lines 3-10
Inbound #1 Tunnel: accept any in *>* | ?not in the file → ?not in the file | ?not in the file
    | if profile Public; authenticated bypass | lines 16-22
"""
    )
    assert unread_told(found) == ["11-15 rule bad-value"]


def test_one_object_alone_is_one_rule() -> None:
    text = (
        '{"DisplayName": "a", "Enabled": 1, "Direction": 1, "Action": 4, "Protocol": 6, '
        '"LocalPort": 23, "RemoteAddress": "Any"}'
    )
    assert rules_told(windows_json.read(text, "windows-json")) == [
        "Inbound #1 a: drop any in *>* | any → any | tcp/23 | lines 1-1"
    ]


@pytest.mark.parametrize("cut", [400, 1500, 2000])
def test_a_list_that_is_cut_off_keeps_the_rules_before(cut: int) -> None:
    text = fixture("windows-json/powershell5.json")
    found = windows_json.read(text[:cut], "windows-json")
    assert len(found.rules) == text[:cut].count("\n    }")
    assert [(one.reason, one.last_line) for one in found.unread] == [
        ("damaged-tail", text[:cut].count("\n") + 1)
    ]


def test_a_list_that_lacks_only_its_end_says_so() -> None:
    text = fixture("windows-json/powershell5.json").rstrip().removesuffix("]")
    found = windows_json.read(text, "windows-json")
    assert len(found.rules) == 6
    assert [one.reason for one in found.unread] == ["damaged-tail"]


def test_a_rule_of_netsh_that_lacks_its_end_is_left_out() -> None:
    text = fixture("windows-netsh/english.txt")
    found = windows_netsh.read(text[: text.index("Program:                              C:\\Tools")], "x")
    assert [rule.name for rule in found.rules] == [
        "Remote desktop",
        "No file sharing",
        "Echo",
        "Everything out",
    ]
    assert [one.reason for one in found.unread] == ["damaged-tail"]


@pytest.mark.parametrize("code_page", ["cp850", "cp437"])
def test_a_console_with_another_code_page_is_still_understood(code_page: str) -> None:
    told = fixture("windows-netsh/french.txt").replace("’", "'").encode(code_page).decode("cp1252", "replace")
    assert rules_told(windows_netsh.read(told, "windows-netsh"), lines=False) == written(COMPUTER)


def test_a_label_in_an_unknown_language_is_named_once_and_told_by_its_value() -> None:
    text = (
        fixture("windows-netsh/english.txt")
        .replace("Action:  ", "Handeln: ")
        .replace("Grouping:", "Gruppe:  ")
    )
    found = windows_netsh.read(text, "windows-netsh")
    assert rules_told(found, lines=False) == written(COMPUTER)
    assert unread_told(found) == ["8-8 Gruppe unknown-statement"]
