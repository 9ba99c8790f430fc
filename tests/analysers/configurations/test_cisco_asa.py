"""What an ASA configuration filters is read entry by entry, and what is wrong with it is seen."""

from assessments.analysers.configurations.reading import read
from tests.analysers.configurations.seeing import findings_told, listed, seen
from tests.analysers.configurations.telling import (
    doors_told,
    objects_told,
    rules_told,
    scopes_told,
    unread_told,
    written,
)

OFFICE = """
OUTSIDE_IN #1 : accept ipv4 forward *>* | any → 192.0.2.10-192.0.2.12,192.0.2.64/26 | tcp/80,443
    | uses PUBLIC,WEB-PORTS | logged | “the shop” | lines 58-58
OUTSIDE_IN #2 : accept ipv4 forward *>* | any4 → 192.0.2.25
    | tcp/25 + udp/53 from 1024-2048 + tcp/8081 + ?icmp echo | uses MIXED | lines 59-59
OUTSIDE_IN #3 : accept ipv4 forward *>* | 203.0.113.9 → ?interface outside | esp + ah | uses VPN | lines 60-60
OUTSIDE_IN #4 : accept ipv4 forward *>* | 10.2.0.0/16 → 192.0.2.10 | tcp/22 | uses BRANCH,WEB-1 | lines 61-61
OUTSIDE_IN #5 : accept ipv4 forward *>* | any → 192.0.2.10 | tcp/80 | lines 62-62
OUTSIDE_IN #6 : drop any forward *>* | any → any | tcp/23 | lines 63-63
OUTSIDE_IN #7 : accept ipv4 forward *>* | 10.2.0.0/16 → any | tcp/23 | uses BRANCH | lines 64-64
OUTSIDE_IN #8 : accept ipv4 forward *>* | 10.3.0.10-10.3.0.19 → any | udp/69 | uses POOL | disabled
    | lines 65-65
OUTSIDE_IN #9 : accept any forward *>* | ?UPDATES → any | any | if time-range NIGHT | uses UPDATES
    | lines 66-66
OUTSIDE_IN #10 : drop any forward *>* | any → any | any | logged | lines 67-67
DMZ_IN #1 : accept ipv4 forward *>* | 192.0.2.0/24 → any | udp/123 | lines 68-68
SPLIT #1 : accept ipv4 forward *>* | any4 → 10.1.0.0/16 | any | lines 69-69
OLD #1 : accept any forward *>* | any → any | any | lines 70-70
"""
OFFICE_SCOPES = """
OUTSIDE_IN: drop any forward | at outside in
DMZ_IN: drop any forward | at dmz in
SPLIT: drop any forward | no filter
OLD: drop any forward | not applied
inside (security-level 100): accept any forward | line 16 | at inside in
"""
OFFICE_OBJECTS = """
address WEB-1 24-25 ×3
address WEB-2 26-27 ×1
address BRANCH 28-29 ×2
address POOL 30-31 ×2
address UPDATES 32-33 ×1
address NOBODY 34-35 ×0
group WEB-SERVERS 38-40 ×1
group PUBLIC 41-45 ×1
service ALT-WEB 36-37 ×1
group WEB-PORTS 46-48 ×1
group MIXED 49-53 ×1
group VPN 54-56 ×1
list OUTSIDE_IN 57-67 ×1
list DMZ_IN 68-68 ×1
list SPLIT 69-69 ×1
list OLD 70-70 ×0
"""
OFFICE_DOORS = """
https on inside from 10.1.0.0/16 | 77-77
telnet on inside from any4 | 78-78
ssh on outside from 203.0.113.0/24 | 79-79
snmp on inside from 10.1.0.9 | 81-81
"""
# Line 62 repeats a part of line 58; line 64 opens for the branch what line 63 has denied to all.
OFFICE_FINDINGS = """
info management-port-open 58
info management-port-open 62
low redundant-rule 62 58
medium shadowed-rule 64 63
medium clear-text-service 64
info disabled-rule 65
high any-any-accepts 70
low list-applied-nowhere 70
low security-level-accepts 16
high management-access-open 78
medium clear-text-management 78
medium clear-text-management 81
low unused-object 34-35
"""

GLOBAL6 = """
EDGE #1 : accept ipv6 forward *>* | any6 → 2001:db8:5::10 | tcp/443 | uses HOST6 | lines 16-16
EDGE #2 : accept any forward *>* | any → 10.5.0.10,2001:db8:5::10,2001:db8:6::/64 | tcp/8000-8003 | uses BOTH
    | lines 17-17
EDGE #3 : accept ipv6 forward *>* | any6 → any6 | ipv6-icmp | if icmp-type echo-request | lines 18-18
EDGE #4 : accept ipv4 forward *>* | any → 10.5.0.10 | tcp/3389 | if object-group-user ADMINS | lines 19-19
EDGE #5 : accept any forward *>* | any → any | udp/514 | lines 20-20
ALL #1 : drop any forward *>* | any → any | tcp/0-1023 | logged | lines 21-21
ALL #2 : accept any forward *>* | any → any | any | lines 22-22
"""
# What the list of an interface leaves undecided goes on to the global one: it has no default of its own.
GLOBAL6_SCOPES = """
EDGE: none any forward | at outside in
ALL: drop any forward | at global
GONE: accept any forward | line 25 | at inside in
"""
GLOBAL6_FINDINGS = """
info management-port-open 16
info rule-never-hit 19
high any-any-accepts 22
high empty-list-accepts 25
"""

MESSY_RULES = """
A #1 : accept any forward *>* | any → any | ?tcp eq http2 | lines 2-2
A #2 : accept ipv4 forward *>* | any → 10.0.0.1 | ?udp gt 65535 | lines 7-7
A #3 : drop any forward *>* | ?L1 → any | any | uses L1 | logged | lines 15-15
A #4 : accept any forward *>* | ?MISSING → any | any | uses MISSING | lines 16-16
"""
MESSY_UNREAD = [
    "6-6 access-list unknown-statement",
    "9-9 hostt unknown-statement",
    "17-17 object-group unknown-statement",
    "19-19 frobnicate unknown-statement",
    "3-5 access-list bad-value",
]


def test_an_office_is_read_with_its_groups_of_groups_places_and_doors() -> None:
    found = seen("cisco-asa/office.asa", "cisco-asa")
    assert rules_told(found) == written(OFFICE)
    assert scopes_told(found) == written(OFFICE_SCOPES)
    assert objects_told(found) == written(OFFICE_OBJECTS)
    assert doors_told(found) == written(OFFICE_DOORS)
    assert unread_told(found) == []
    assert (found.hostname, found.ipv6) == ("OFFICE-FW", "unseen")
    assert findings_told(found) == listed(OFFICE_FINDINGS)


def test_a_global_list_and_both_families_are_read() -> None:
    found = seen("cisco-asa/global6.asa", "cisco-asa")
    assert rules_told(found) == written(GLOBAL6)
    assert scopes_told(found) == written(GLOBAL6_SCOPES)
    assert [rule.hits for rule in found.rules] == [None, None, None, 0, 12, None, None]
    assert (found.ipv6, found.ipv6_line) == ("filtered", 6)
    assert findings_told(found) == listed(GLOBAL6_FINDINGS)


def test_what_cannot_be_read_is_named_and_the_rest_is_read() -> None:
    found = seen("cisco-asa/messy.asa", "cisco-asa")
    assert rules_told(found) == written(MESSY_RULES)
    assert unread_told(found) == MESSY_UNREAD


def test_a_bomb_of_groups_does_not_explode() -> None:
    text = "object-group network G0\n network-object host 10.0.0.1\n network-object host 10.0.0.3\n"
    for level in range(1, 60):
        text += f"object-group network G{level}\n" + f" group-object G{level - 1}\n" * 9
    text += "access-list A extended permit ip object-group G59 any\n"
    (rule,) = read(text, "cisco-asa").rules
    assert rule.sources.v4 == ((0x0A000001, 0x0A000001), (0x0A000003, 0x0A000003))


def test_a_group_beyond_the_limit_is_unknown_and_told_of() -> None:
    hosts = "".join(
        f" network-object host 10.{n >> 15}.{(n >> 7) & 255}.{2 * (n & 127)}\n" for n in range(60_000)
    )
    text = f"object-group network BIG\n{hosts}access-list A extended permit ip object-group BIG any\n"
    found = read(text, "cisco-asa")
    assert [rule.sources.known for rule in found.rules] == [False]
    assert [one.reason for one in found.unread] == ["limit"]
