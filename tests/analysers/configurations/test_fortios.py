"""A FortiOS configuration gives its policies with what their objects stand for."""

import pytest

from assessments.analysers.configurations.dialects import fortios
from assessments.analysers.configurations.rules import Ruleset
from tests.analysers.configurations.telling import (
    doors_told,
    fixture,
    objects_told,
    rules_told,
    scopes_told,
    unread_told,
    written,
)

OFFICE = """
policy #1 3 Web out: accept ipv4 forward lan-zone>wan1 | 10.10.0.0/24,10.20.0.0/16 → any4
    | tcp/80 + tcp/443 + tcp/3390 + tcp/13389-13390 from 1024-65535 + udp/3390 + tcp/53 + udp/53
    | target nat, av-profile default, ssl-ssh-profile certificate-inspection
    | uses inside,Web Access,DNS | logged | “Staff and branch” | lines 133-150
policy #2 1 Mail in: accept ipv4 forward wan1>internal | any4 → 10.10.0.25 | tcp/25 | if schedule work
    | uses mail-vip,SMTP | lines 151-160
policy #3 7: drop any forward *>*
    | any → 0.0.0.0-10.9.255.255,10.10.1.0-255.255.255.255,2001:db8:20:1::/64 | any
    | uses staff,servers6 | disabled | lines 161-172
policy #4 8: accept ipv4 forward internal>wan1 | ?staff, odd hosts → ?missing
    | ?ping-only + gre + ?NO-SUCH | target ipsec to-lille | if groups vpn-users, it
    | uses staff,odd hosts,missing,ping-only,gre-tunnel,NO-SUCH | lines 173-183
policy #5 9: accept ipv4 forward internal>wan1 | ?printers, updates → ?Microsoft-Office365 | any
    | uses printers,updates | lines 184-192
policy #6 0 Implicit Deny: drop any forward *>* | any → any | any | logged | lines 204-204
local-in-policy #1 1: drop ipv4 in wan1>* | ?abroad → any4 | tcp/443 | uses abroad,HTTPS | lines 195-201
"""
OBJECTS = """
address all 49-50 ×4
address staff 51-54 ×3
address printers 55-59 ×1
address updates 60-63 ×1
address abroad 64-67 ×1
address odd hosts 68-71 ×1
address unused host 72-74 ×0
address branch-net 92-94 ×1
group inside 84-86 ×1
group branch 87-89 ×1
address mail-vip 123-130 ×1
address all 77-78 ×1
address servers6 79-81 ×1
service ALL 97-100 ×1
service RDP-alt 101-104 ×1
service ping-only 105-108 ×1
service gre-tunnel 109-112 ×1
group Web Access 115-117 ×1
group web-extra 118-120 ×1
zone lan-zone 42-44 ×1
zone old-zone 45-46 ×0
"""


def office() -> Ruleset:
    return fortios.read(fixture("fortios/office.conf"), "fortios")


def test_an_office_gives_its_policies_with_their_lines() -> None:
    found = office()
    assert rules_told(found) == written(OFFICE)
    assert scopes_told(found) == ["policy: drop any forward", "local-in-policy: none ipv4 in"]
    assert objects_told(found) == written(OBJECTS)
    assert unread_told(found) == ["206-210 DoS-policy unknown-statement"]
    assert (found.hostname, found.lines) == ("fgt-namur", 210)
    assert (found.ipv6, found.ipv6_line) == ("filtered", 14)


def test_the_doors_are_open_to_where_administrators_may_come_from() -> None:
    assert doors_told(office()) == [
        "https on wan1 from 10.10.0.0/24,192.0.2.44 | 11-11",
        "ssh on wan1 from 10.10.0.0/24,192.0.2.44 | 11-11",
        "http on wan1 from 10.10.0.0/24,192.0.2.44 | 15-15",
        "https on internal from 10.10.0.0/24,192.0.2.44 | 20-20",
        "ssh on internal from 10.10.0.0/24,192.0.2.44 | 20-20",
        "snmp on internal from any | 20-20",
        "telnet on internal from 10.10.0.0/24,192.0.2.44 | 20-20",
    ]


def test_an_administrator_without_trusted_hosts_leaves_the_doors_open_to_any() -> None:
    text = fixture("fortios/office.conf").replace(
        "config system replacemsg", 'config system admin\nedit "bo"\nnext\nend\nconfig system replacemsg'
    )
    assert doors_told(fortios.read(text, "fortios"))[0] == "https on wan1 from any | 11-11"


def test_virtual_domains_have_their_own_lists() -> None:
    found = fortios.read(fixture("fortios/domains.conf"), "fortios")
    assert rules_told(found) == written(
        """
root: policy #1 1: accept ipv4 forward port1>port2 | any4 → any4 | any | lines 27-36
root: policy6 #1 4: accept ipv6 forward port1>port2 | any6 → any6 | tcp/23 | uses TELNET | lines 39-47
guests: policy #1 1: drop ipv4 forward port3>port2 | any4 → any4 | any | logged | lines 54-63
"""
    )
    assert scopes_told(found) == [
        "root: policy: drop any forward",
        "root: policy6: drop ipv6 forward",
        "guests: policy: drop any forward",
    ]
    assert doors_told(found) == ["http on port1 from any | 19-19", "telnet on port1 from any | 19-19"]
    assert (found.hostname, found.ipv6, found.unread) == ("fgt-two", "filtered", ())


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("set tcp-portrange 99999", "bad-value"),
        ("set tcp-portrange 80:x", "bad-value"),
        ("set protocol IP\nset protocol-number 999", "bad-value"),
    ],
)
def test_a_service_that_makes_no_sense_is_said(words: str, reason: str) -> None:
    text = f'config firewall service custom\nedit "x"\n{words}\nnext\nend\n'
    assert [one.reason for one in fortios.read(text, "fortios").unread] == [reason]


def test_groups_that_hold_each_other_are_unknown() -> None:
    text = (
        'config firewall addrgrp\nedit "a"\nset member "b"\nnext\nedit "b"\nset member "a"\nnext\nend\n'
        'config firewall policy\nedit 1\nset srcaddr "a"\nset dstaddr "all"\nset service "ALL"\n'
        "set action accept\nnext\nend\n"
    )
    assert rules_told(fortios.read(text, "fortios"), lines=False) == [
        "policy #1 1: accept ipv4 forward *>* | ?a → any4 | any | uses a"
    ]


def test_a_policy_that_the_file_ends_inside_is_left_out() -> None:
    text = fixture("fortios/office.conf")
    found = fortios.read(text[: text.index('set srcaddr "staff" "odd')], "fortios")
    assert [rule.name for rule in found.rules] == ["3 Web out", "1 Mail in", "7"]
    assert unread_told(found) == ["173-177 edit damaged-tail"]


def test_a_quote_that_is_never_closed_is_a_damaged_tail() -> None:
    text = fixture("fortios/domains.conf") + 'config system x\nset buffer "never\nclosed\n'
    found = fortios.read(text, "fortios")
    assert len(found.rules) == 3
    assert {one.reason for one in found.unread} == {"damaged-tail"}
