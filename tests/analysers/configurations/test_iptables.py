"""What iptables-save printed is read rule by rule, and what is wrong with it is seen."""

from assessments.analysers.configurations.reading import read
from tests.analysers.configurations.seeing import findings_told, listed, seen
from tests.analysers.configurations.telling import (
    objects_told,
    rules_told,
    scopes_told,
    unread_told,
    written,
)

OFFICE = """
nat PREROUTING #1 : nat ipv4 - wan0>* | any4 → any4 | tcp/443 | target DNAT | lines 5-5
nat POSTROUTING #1 : nat ipv4 - *>wan0 | 192.168.10.0/24 → any4 | any | target MASQUERADE | lines 6-6
filter INPUT #1 : accept ipv4 in lo>* | any4 → any4 | any | target ACCEPT | lines 15-15
filter INPUT #2 : accept ipv4 in *>* | any4 → any4 | any | target ACCEPT | state established,related
    | lines 16-16
filter INPUT #3 : drop ipv4 in *>* | any4 → any4 | any | target DROP | state invalid | lines 17-17
filter INPUT #4 : accept ipv4 in *>* | any4 → any4 | icmp | target ACCEPT | if icmp-type 8; limit 5/sec
    | lines 18-18
filter INPUT #5 : jump ipv4 in *>* | 192.168.10.0/28 → any4 | tcp/22,443 | target ADMIN | “staff machines”
    | lines 19-19
filter INPUT #6 : accept ipv4 in *>* | 192.168.10.0/24 → any4 | udp/53 | target ACCEPT | lines 20-20
filter INPUT #7 : jump ipv4 in *>* | any4 → any4 | any | target LOGDROP | lines 21-21
filter FORWARD #1 : accept ipv4 forward *>* | any4 → any4 | any | target ACCEPT | state established,related
    | lines 22-22
filter FORWARD #2 : accept ipv4 forward lan0>wan0 | 192.168.10.0/24 → any4 | any | target ACCEPT | lines 23-23
filter FORWARD #3 : accept ipv4 forward wan0>* | any4 → 192.168.10.20 | tcp/443 | target ACCEPT | state new
    | lines 24-24
filter FORWARD #4 : jump ipv4 forward *>* | any4 → any4 | any | target LOGDROP | lines 25-25
filter ADMIN #1 : accept ipv4 - *>* | any4 → any4 | any | target ACCEPT | if mac-source 02:00:00:00:00:01
    | lines 26-26
filter ADMIN #2 : return ipv4 - *>* | any4 → any4 | any | target RETURN | lines 27-27
filter LOGDROP #1 : log ipv4 - *>* | any4 → any4 | any | target LOG | if limit 10/min | logged | lines 28-28
filter LOGDROP #2 : drop ipv4 - *>* | any4 → any4 | any | target DROP | lines 29-29
"""
OFFICE_SCOPES = """
nat PREROUTING: accept ipv4 - | line 3 | written | no filter
nat POSTROUTING: accept ipv4 - | line 4 | written | no filter
filter INPUT: drop ipv4 in | line 10 | written
filter FORWARD: drop ipv4 forward | line 11 | written
filter OUTPUT: accept ipv4 out | line 12 | written
filter ADMIN: none ipv4 -
filter LOGDROP: none ipv4 -
"""
# The counters of the two lines that never matched; 443 is the web server that the office wants reached.
OFFICE_FINDINGS = """
info rule-never-hit 20
info rule-never-hit 27
info management-port-open 24
info ipv6-unseen
"""

DMZ = """
filter INPUT #1 : accept ipv4 in eth0>* | any4 → any4 | tcp/22 | target ACCEPT | lines 6-6
filter INPUT #2 : accept ipv4 in *>* | any4 → any4 | tcp/23 | target ACCEPT | lines 7-7
filter INPUT #3 : drop ipv4 in *>* | 10.0.0.0/8 → any4 | any | target DROP | lines 8-8
filter INPUT #4 : accept ipv4 in *>* | 10.1.0.0/16 → any4 | tcp/8080 | target ACCEPT | lines 9-9
filter FORWARD #1 : accept ipv4 forward *>* | any4 → 203.0.113.10 | tcp/80 | target ACCEPT | lines 10-10
filter FORWARD #2 : accept ipv4 forward *>* | any4 → 203.0.113.10 | tcp/80,443 | target ACCEPT | lines 11-11
filter FORWARD #3 : accept ipv4 forward *>* | 198.51.100.7 → 203.0.113.10 | tcp/80 | target ACCEPT
    | lines 12-12
filter FORWARD #4 : accept ipv4 forward *>* | any4 → any4 | tcp/1024-65535 | target ACCEPT | lines 13-13
filter FORWARD #5 : accept ipv4 forward *>* | 10.2.0.0/16 → 203.0.113.12 | tcp/21,110 | target ACCEPT
    | lines 14-14
filter FORWARD #6 : accept ipv4 forward *>* | any4 → any4 | any | target ACCEPT | lines 15-15
filter FORWARD #7 : drop ipv4 forward *>* | any4 → any4 | udp/53 | target DROP | lines 16-16
filter BLOCKED #1 : drop ipv4 - *>* | 192.0.2.0/24 → any4 | any | target DROP | lines 17-17
"""
# INPUT accepts what is left; nothing accepts answers, but nothing drops them either. The rule for 8080 stands
# behind the drop of the whole network, the drop of DNS behind the rule that accepts everything. The rule for
# one address repeats line 10; lines 10, 11, 13 and 14 accept what line 15 accepts anyway, line 12 does so too
# but is already told of.
DMZ_FINDINGS = """
high default-accepts 2
high any-any-accepts 15
medium management-port-open 6
high management-port-open 7
info management-port-open 10
info management-port-open 11
medium clear-text-service 7
medium clear-text-service 14
medium broad-port-range 13
medium shadowed-rule 9 8
high shadowed-rule 16 15
low redundant-rule 12 10
low redundant-before 10 11
low redundant-before 11 15
low redundant-before 13 15
low redundant-before 14 15
low list-applied-nowhere 5
info ipv6-unseen
"""

OFFICE6 = """
filter INPUT #1 : accept ipv6 in lo>* | any6 → any6 | any | target ACCEPT | lines 6-6
filter INPUT #2 : accept ipv6 in *>* | any6 → any6 | any | target ACCEPT | state established,related
    | lines 7-7
filter INPUT #3 : accept ipv6 in *>* | any6 → any6 | ipv6-icmp | target ACCEPT | lines 8-8
filter INPUT #4 : accept ipv6 in *>* | fe80::/10 → any6 | udp/546 | target ACCEPT | lines 9-9
filter INPUT #5 : accept ipv6 in *>* | 2001:db8:10::/64 → any6 | tcp/22 | target ACCEPT | lines 10-10
filter INPUT #6 : log ipv6 in *>* | any6 → any6 | any | target LOG | if limit 5/min | logged | lines 11-11
"""
OFFICE6_FINDINGS = "high default-accepts 4"

MESSY = """
filter INPUT #1 : drop ipv4 in !ppp+>* | 0.0.0.0-192.167.255.255,192.169.0.0-255.255.255.255 → any4 | tcp/22
    | target DROP | lines 6-6
filter INPUT #2 : reject ipv4 in *>* | any4 → any4 | tcp/0,1024-65535 | target REJECT | “its "high"”
    | lines 7-7
filter INPUT #3 : accept ipv4 in *>* | 10.0.0.5-10.0.0.9 → any4 | tcp/443 | target ACCEPT | lines 8-8
filter INPUT #4 : accept ipv4 in *>* | any4 → any4 | tcp/3389 | target ACCEPT | if match-set allowed src
    | uses allowed | lines 9-9
filter INPUT #5 : accept ipv4 in *>* | any4 → any4 | ?tcp nosuchport | target ACCEPT | lines 12-12
filter FORWARD #1 : drop ipv4 forward *>* | any4 → any4 | any | target DROP | if invert | lines 15-15
filter FORWARD #2 : accept ipv4 forward *>* | any4 → any4 | gre | target ACCEPT | lines 16-16
filter FORWARD #3 : accept ipv4 forward *>* | any4 → ?badhost.example | any | target ACCEPT | lines 17-17
filter FORWARD #4 : accept ipv4 forward *>* | 10.0.0.0/16 → 10.9.9.9-10.9.9.10 | sctp from 9 | target ACCEPT
    | lines 18-18
"""
# -I would change the order, a shell command is no rule of the format, line 13 lacks its address, line 14 its
# quote, and the end of the table is missing.
MESSY_UNREAD = [
    "10-10  unknown-statement",
    "11-11 iptables unknown-statement",
    "13-13  bad-value",
    "14-14  damaged-tail",
    "18-18 COMMIT damaged-tail",
]
# 3389 is open to a set alone, and rejected before: the rule of line 9 is covered by that of line 7.
MESSY_FINDINGS = """
medium shadowed-rule 9 7
medium missing-established 3
medium missing-established 4
low drop-not-logged 3
low drop-not-logged 4
info ipv6-unseen
"""


def test_an_office_is_read_with_its_chains_states_and_counters() -> None:
    found = seen("iptables-save/office.rules", "iptables-save")
    assert rules_told(found) == written(OFFICE)
    assert scopes_told(found) == written(OFFICE_SCOPES)
    assert objects_told(found) == ["list filter ADMIN 13-13 ×1", "list filter LOGDROP 14-14 ×2"]
    assert unread_told(found) == []
    assert [rule.hits for rule in found.rules][:6] == [None, None, 5210, 90100, 31, 12]
    assert findings_told(found) == listed(OFFICE_FINDINGS)


def test_the_mistakes_of_a_dmz_are_seen() -> None:
    found = seen("iptables-save/dmz.rules", "iptables-save")
    assert rules_told(found) == written(DMZ)
    assert objects_told(found) == ["list filter BLOCKED 5-5 ×0"]
    assert findings_told(found) == listed(DMZ_FINDINGS)


def test_ip6tables_is_read_as_ipv6() -> None:
    found = seen("iptables-save/office6.rules", "ip6tables-save")
    assert rules_told(found) == written(OFFICE6)
    assert (found.ipv6, found.ipv6_line) == ("filtered", 3)
    assert findings_told(found) == listed(OFFICE6_FINDINGS)


def test_a_file_edited_by_hand_is_read_as_far_as_it_can_be() -> None:
    found = seen("iptables-save/messy.rules", "iptables-save")
    assert rules_told(found) == written(MESSY)
    assert unread_told(found) == MESSY_UNREAD
    assert findings_told(found) == listed(MESSY_FINDINGS)


def test_the_tables_of_both_families_in_one_file_stay_apart() -> None:
    text = (
        "# Generated by iptables-save v1.8.9\n*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n"
        "# Generated by ip6tables-save v1.8.9\n*filter\n:INPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n"
    )
    found = read(text, "iptables-save")
    assert rules_told(found, lines=False) == [
        "filter INPUT #1 : accept ipv4 in lo>* | any4 → any4 | any | target ACCEPT",
        "ipv6 filter INPUT #1 : accept ipv6 in lo>* | any6 → any6 | any | target ACCEPT",
    ]
    assert (found.ipv6, found.ipv6_line) == ("open", 8)
