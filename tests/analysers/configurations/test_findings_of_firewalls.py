"""What an assessor is shown of firewalls with zones, tabs and profiles."""

import pytest

from assessments.analysers.configurations.dialects import fortios, junos, panos_set, windows_json
from tests.analysers.configurations.seeing import findings_told, listed, seen

JUNOS_BRANCH = """
    high default-accepts 183
    medium management-access-open 190
    medium management-access-open 190
    medium management-access-open 207
    medium broad-port-range 285-294
    medium any-any-accepts 295-297
    low drop-not-logged 124-133
    low unused-object 80
    info disabled-rule 114-123
    info management-port-open 136-153
"""
JUNOS_MESSY = """
    high management-access-open 18
    high management-access-open 18
    medium clear-text-management 18
    medium clear-text-management 18
    medium management-port-open 26
    low drop-not-logged
    low drop-not-logged
"""
FORTIOS_OFFICE = """
    high management-access-open 20
    medium clear-text-management 15
    medium clear-text-management 20
    medium clear-text-management 20
    low unused-object 72-74
    info disabled-rule 161-172
"""
FORTIOS_DOMAINS = """
    high management-access-open 19
    high management-access-open 19
    medium clear-text-management 19
    medium clear-text-management 19
    medium any-any-accepts 27-36
    medium management-port-open 39-47
    medium clear-text-service 39-47
    low drop-not-logged
    low drop-not-logged
"""
PANOS_DMZ = """
    high management-access-open 9
    medium management-access-open 7
    medium clear-text-management 4
    medium clear-text-management 9
    low unused-object 11
    low unused-object 25
    info management-port-open 36-48
    info disabled-rule 65-75
"""
PANORAMA = """
    high any-any-accepts 20-28
    low unused-object 2
    low unused-object 3
"""
PFSENSE_OFFICE = """
    low unused-object 75-79
    info management-port-open 82-99
    info disabled-rule 100-111
"""
# A rule for one port stands behind one for everything on the same tab.
PFSENSE_TUNNEL = """
    medium any-any-accepts 30-37
    medium clear-text-management 6
    medium clear-text-service 38-45
    low redundant-rule 38-45 30-37
"""
OPNSENSE_BRANCH = """
    medium clear-text-management 7
    info management-port-open 118-135
    info disabled-rule 61-74
    info disabled-rule 149-162
"""
NETSH = """
    medium management-port-open 2-20
    info disabled-rule 41-58
"""
POWERSHELL_5 = """
    medium management-port-open 2-23
    info disabled-rule 49-61
"""


@pytest.mark.parametrize(
    ("dialect", "name", "expected"),
    [
        ("junos", "branch.conf", JUNOS_BRANCH),
        ("junos", "dmz_messy.conf", JUNOS_MESSY),
        ("fortios", "office.conf", FORTIOS_OFFICE),
        ("fortios", "domains.conf", FORTIOS_DOMAINS),
        ("panos-set", "dmz.txt", PANOS_DMZ),
        ("panos-set", "panorama.txt", PANORAMA),
        ("panos-xml", "two_systems.xml", "low drop-not-logged\nlow drop-not-logged"),
        ("pfsense", "office.xml", PFSENSE_OFFICE),
        ("pfsense", "tunnel.xml", PFSENSE_TUNNEL),
        ("opnsense", "branch.xml", OPNSENSE_BRANCH),
        ("windows-netsh", "english.txt", NETSH),
        ("windows-netsh", "french.txt", NETSH),
        ("windows-netsh", "dutch.txt", NETSH),
        ("windows-json", "powershell5.json", POWERSHELL_5),
    ],
)
def test_a_firewall_shows_its_findings_with_their_lines(dialect: str, name: str, expected: str) -> None:
    assert findings_told(seen(f"{dialect}/{name}", dialect)) == listed(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("junos", "branch.conf"), ("junos-set", "branch.conf")),
        (("panos-set", "dmz.txt"), ("panos-xml", "dmz.xml")),
        (("windows-json", "powershell5.json"), ("windows-json", "powershell7.json")),
        (("windows-json", "powershell5.json"), ("windows-netsh", "english.txt")),
    ],
)
def test_both_forms_of_one_firewall_show_the_same_findings(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    def codes(dialect: str, name: str) -> list[str]:
        return sorted(
            " ".join(told.split()[:2]) for told in findings_told(seen(f"{dialect}/{name}", dialect))
        )

    assert codes(*one) == codes(*other)


def policies(*texts: str) -> str:
    start = "set security policies from-zone lan to-zone wan policy"
    return "".join(f"{start} p{at} {text}\n" for at, told in enumerate(texts, 1) for text in told.split("; "))


def test_a_policy_behind_a_wider_one_of_its_zones_is_shadowed() -> None:
    text = policies(
        "match source-address any; match destination-address any; match application any; then deny; "
        "then log session-init",
        "match source-address any; match destination-address any; match application junos-https; then permit",
    )
    found = findings_told(junos.read(text, "junos-set"))
    assert found == ["info management-port-open 6-9", "medium shadowed-rule 6-9 1-5"]


def test_a_policy_that_inspects_is_not_needless_before_one_that_does_not() -> None:
    entry = (
        'edit {0}\nset srcintf "a"\nset dstintf "b"\nset srcaddr "all"\nset dstaddr "all"\n'
        'set action accept\nset schedule "always"\nset service "{1}"\nset logtraffic all\n{2}next\n'
    )
    for profile, codes in (
        ('set av-profile "strict"\n', ["medium any-any-accepts 13-22"]),
        ("", ["low redundant-before 2-11 12-21", "medium any-any-accepts 12-21"]),
    ):
        text = (
            "config firewall policy\n"
            + entry.format(1, "SMTPS", profile)
            + entry.format(2, "ALL", "")
            + "end\n"
        )
        found = [told for told in findings_told(fortios.read(text, "fortios")) if "drop" not in told]
        assert found == codes


def test_an_application_does_not_hide_that_a_port_is_open_to_anyone() -> None:
    rule = "set rulebase security rules r"
    text = "".join(
        f"{rule} {word}\n"
        for word in (
            *("from any", "to any", "source any", "destination any", "application telnet"),
            *("service application-default", "action allow"),
        )
    )
    found = findings_told(panos_set.read(text, "panos-set"))
    assert found == [
        "low drop-not-logged",
        "medium clear-text-service 1-7",
        "medium management-port-open 1-7",
    ]


def test_a_block_is_no_shadow_of_a_rule_that_stands_before_it() -> None:
    rule = '{{"DisplayName": "{0}", "Enabled": 1, "Direction": 1, "Action": {1}, "Protocol": "TCP", {2}}}'
    ports = '"LocalPort": "22", "RemoteAddress": "10.0.0.0/8"'
    text = f"[{rule.format('a', 2, ports)},\n{rule.format('b', 4, ports)}]"
    found = windows_json.read(text, "windows-json")
    assert [(one.name, one.order) for one in found.rules] == [("a", 2), ("b", 1)]
