"""What an IOS configuration filters is read entry by entry, and what is wrong with it is seen."""

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

BRANCH = """
OUTSIDE-IN #1 10: accept ipv4 forward *>* | any4 → any4 | tcp | state established | “answers” | lines 45-45
OUTSIDE-IN #2 20: accept ipv4 forward *>* | any4 → 192.0.2.10,192.0.2.16/28,192.0.2.40-192.0.2.49
    | tcp/80 + tcp/443 + udp/4000-4010 | uses WEB,SERVERS | lines 46-46
OUTSIDE-IN #3 30: accept ipv4 forward *>* | any4 → 198.51.100.2 | udp/1024-65535 from 53 | lines 47-47
OUTSIDE-IN #4 40: accept ipv4 forward *>* | any4 → any4 | icmp | if icmp-type echo-reply | lines 48-48
OUTSIDE-IN #5 50: accept ipv4 forward *>* | 203.0.113.0/24 → 198.51.100.2 | tcp/22 | logged | lines 49-49
OUTSIDE-IN #6 60: accept ipv4 forward *>* | any4 → 192.0.2.10 | tcp/80 | lines 50-50
OUTSIDE-IN #7 70: drop ipv4 forward *>* | any4 → any4 | any | logged | lines 51-51
INSIDE-IN #1 : accept ipv4 forward *>* | 10.1.0.0/16 → any4 | any | lines 53-53
INSIDE-IN #2 : accept ipv4 forward *>* | 10.1.9.0/24 → any4 | tcp/23 | lines 54-54
INSIDE-IN #3 : drop ipv4 forward *>* | ?10.1.0.0 0.0.254.255 → any4 | any | lines 55-55
10 #1 : accept ipv4 forward *>* | 10.1.2.0/24 → any4 | any | “staff only” | lines 57-57
20 #1 : accept ipv4 forward *>* | 10.1.0.0/16 → any4 | any | lines 58-58
120 #1 : accept ipv4 forward *>* | any4 → any4 | gre | lines 59-59
"""
BRANCH_SCOPES = """
OUTSIDE-IN: drop ipv4 forward | at GigabitEthernet0/0 in
INSIDE-IN: drop ipv4 forward | at GigabitEthernet0/1 in
10: drop ipv4 forward | at http in, vty 0 4 in
20: drop ipv4 forward | no filter
120: drop ipv4 forward | not applied
"""
BRANCH_OBJECTS = """
group SERVERS 11-14 ×2
group OFFICE 16-18 ×0
group FORGOTTEN 25-26 ×0
group WEB 20-23 ×1
list OUTSIDE-IN 43-51 ×1
list INSIDE-IN 52-55 ×1
list 10 56-57 ×3
list 20 58-58 ×1
list 120 59-59 ×0
"""
BRANCH_DOORS = """
snmp on - from 10.1.2.0/24 | 61-61
snmp on - from any | 62-62
http on - from 10.1.2.0/24 | 39-39
ssh on vty 0 4 from 10.1.2.0/24 | 67-67
telnet on vty 5 15 from any | 69-69
ssh on vty 5 15 from any | 69-69
"""
# Entry 60 repeats a part of 20. Telnet from 10.1.9.0 is in the entry before it, though still clear text;
# an entry with a mask of holes may be anything, so that it is compared with none. The lists INSIDE-IN and 10
# end in the deny that nobody wrote and nobody logs.
BRANCH_FINDINGS = """
high ipv6-open 37
info management-port-open 46
info management-port-open 50
low redundant-rule 50 46
low redundant-rule 54 53
medium clear-text-service 54
high management-access-open 62
high management-access-open 69
medium management-access-open 69
medium clear-text-management 39
medium clear-text-management 61
medium clear-text-management 62
medium clear-text-management 69
low drop-not-logged
low drop-not-logged
low unused-object 16-18
low unused-object 25-26
low list-applied-nowhere 59
"""

DATACENTRE = """
DC6-IN #1 : accept ipv6 forward *>* | any6 → any6 | ipv6-icmp | if icmp-type nd-na | lines 11-11
DC6-IN #2 : accept ipv6 forward *>* | any6 → any6 | ipv6-icmp | if icmp-type nd-ns | lines 12-12
DC6-IN #3 30: accept ipv6 forward *>* | 2001:db8:5::/48 → 2001:db8:100::10 | tcp/443 | lines 13-13
DC6-IN #4 40: accept ipv6 forward *>* | any6 → 2001:db8:100::11 | tcp/8443 | lines 14-14
DC6-IN #5 : drop ipv6 forward *>* | any6 → any6 | any | lines 15-15
150 #1 : accept ipv4 forward *>* | 10.0.0.0/8 → any4 | tcp/1024-65535 | lines 16-16
150 #2 : accept ipv4 forward *>* | any4 → any4 | tcp/0-24,26-65535 | lines 17-17
150 #3 : drop ipv4 forward *>* | 10.3.3.3 → any4 | tcp/443 | lines 18-18
150 #4 : accept ipv4 forward *>* | any4 → any4 | udp/69 from 0-1023 | lines 19-19
150 #5 : accept ipv4 forward *>* | any4 → any4 | tcp/20-21 | if time-range NIGHT | lines 20-20
150 #6 : drop ipv4 forward *>* | ?10.0.0.0 255.0.255.0 → any4 | any | lines 21-21
POLICY #1 : accept ipv4 forward *>* | 10.9.0.0/16 → any4 | any | lines 25-25
POLICY #2 : drop ipv4 forward *>* | any4 → any4 | any | lines 26-26
"""
DATACENTRE_SCOPES = """
DC6-IN: drop ipv6 forward | stateless | at Vlan100 in
150: drop ipv4 forward | stateless | at Vlan100 in
POLICY: drop ipv4 forward | no filter
TYPO: accept ipv4 forward | line 8 | stateless | at Vlan200 in
"""
# Entry 2 of list 150 accepts all of TCP but mail: what entry 3 denies and what entry 5 accepts at night too.
# Entry 1 is a part of it.
DATACENTRE_FINDINGS = """
high empty-list-accepts 8
info management-port-open 14
low drop-not-logged 15
low drop-not-logged
low broad-port-range 16
medium broad-port-range 17
high shadowed-rule 18 17
low redundant-before 16 17
low redundant-rule 20 17
medium clear-text-service 20
low stateless-without-established 13
low stateless-without-established 16
"""

MESSY = """
IN #1 : accept ipv4 forward *>* | any4 → 10.0.0.5 | tcp/80 | lines 4-4
IN #2 : accept ipv4 forward *>* | any4 → any4 | any | lines 6-6
IN #3 : accept ipv4 forward *>* | any4 → any4 | ?tcp eq nosuchport | lines 7-7
IN #4 30: accept ipv4 forward *>* | any4 → any4 | ?frob | lines 10-10
1 #1 : accept ipv4 forward *>* | 10.0.0.1 → any4 | any | lines 17-17
"""
# An entry without destination, two with addresses that are none, and what was typed rather than configured.
MESSY_UNREAD = [
    "1-1 conf unknown-statement",
    "11-11 evaluate unknown-statement",
    "14-14 zone-pair unknown-statement",
    "16-16 access-list unknown-statement",
    "18-18 bogus unknown-statement",
    "20-20 show unknown-statement",
    "21-21 Extended unknown-statement",
    "22-22  unknown-statement",
    "8-8 permit bad-value",
    "9-9 deny bad-value",
    "19-19 deny bad-value",
]


def test_a_branch_is_read_with_its_groups_places_and_doors() -> None:
    found = seen("cisco-ios/branch.ios", "cisco-ios")
    assert rules_told(found) == written(BRANCH)
    assert scopes_told(found) == written(BRANCH_SCOPES)
    assert objects_told(found) == written(BRANCH_OBJECTS)
    assert doors_told(found) == written(BRANCH_DOORS)
    # Inspection opens the way back by itself: it is named, since it is not read.
    assert unread_told(found) == ["9-9 ip unknown-statement"]
    assert (found.hostname, found.ipv6, found.ipv6_line) == ("BRANCH-R1", "open", 37)
    assert findings_told(found) == listed(BRANCH_FINDINGS)


def test_a_datacentre_is_read_with_ipv6_operators_and_a_list_that_is_missing() -> None:
    found = seen("cisco-ios/datacentre.ios", "cisco-ios")
    assert rules_told(found) == written(DATACENTRE)
    assert scopes_told(found) == written(DATACENTRE_SCOPES)
    assert unread_told(found) == []
    assert (found.ipv6, found.ipv6_line) == ("filtered", 5)
    assert findings_told(found) == listed(DATACENTRE_FINDINGS)


def test_a_file_typed_without_indentation_is_read_as_far_as_it_can_be() -> None:
    found = seen("cisco-ios/messy.ios", "cisco-ios")
    assert rules_told(found) == written(MESSY)
    assert unread_told(found) == MESSY_UNREAD


def test_no_community_gets_into_what_is_told() -> None:
    found = seen("cisco-ios/branch.ios", "cisco-ios")
    assert "FAKE" not in repr(found)


def test_entries_stand_in_the_order_of_their_numbers() -> None:
    text = "ip access-list extended A\n 20 deny ip any any\n 10 permit tcp any any eq 22 (7 matches)\n"
    found = read(text, "cisco-ios")
    assert [(rule.order, rule.name, rule.action, rule.hits) for rule in found.rules] == [
        (1, "10", "accept", 7),
        (2, "20", "drop", None),
    ]


def test_groups_that_hold_each_other_end() -> None:
    text = (
        "object-group network A\n group-object B\n host 10.0.0.1\n"
        "object-group network B\n group-object A\n"
        "ip access-list extended X\n permit ip object-group A any\n"
    )
    assert [rule.sources.known for rule in read(text, "cisco-ios").rules] == [False]
