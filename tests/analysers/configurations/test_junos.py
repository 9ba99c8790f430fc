"""A Juniper configuration gives the same rules in braces and in set commands."""

from dataclasses import replace

from assessments.analysers.configurations.dialects import junos
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

BRANCH = """
trust → untrust #1 web-out: accept any forward trust>untrust | 10.20.30.0/24 → any | tcp/80 + tcp/443
    | uses staff | logged | “Staff browse” | lines 100-113
trust → untrust #2 old-ftp: accept any forward trust>untrust | any → any | tcp/21 | disabled | lines 114-123
trust → untrust #3 rest: drop any forward trust>untrust | any → any | any | lines 124-133
untrust → dmz #1 to-web: accept any forward untrust>dmz
    | any → 10.20.40.10/31,10.20.50.10-10.20.50.20,2001:db8:40::10 | tcp/80 + tcp/8080 + tcp/443
    | target idp-policy recommended | if scheduler-name office-hours | uses all-servers,web-apps | logged
    | lines 136-153
untrust → dmz #2 partner-db: reject any forward untrust>dmz | ?partner → 10.20.40.10
    | tcp/3306 + tcp/5432 from 1024-65535 | uses partner,web-1,db | lines 154-163
global #1 no-telnet: drop any forward trust|dmz>* | any → any | tcp/23 | logged | lines 166-180
filter PROTECT-RE #1 admins: accept ipv4 in lo0.0>* | 10.20.30.0/24,192.0.2.77 → any4 | tcp/22 | uses ADMINS
    | lines 242-251
filter PROTECT-RE #2 answers: accept ipv4 in lo0.0>* | any4 → any4 | tcp | state established | lines 252-258
filter PROTECT-RE #3 count-it: log ipv4 in lo0.0>* | any4 → any4 | any | logged | lines 259-265
filter PROTECT-RE #4 rest: drop ipv4 in lo0.0>* | any4 → any4 | any | lines 266-270
filter EDGE-IN #1 spoofed: drop ipv4 forward ge-0/0/0.0>*
    | 10.0.0.0-10.19.255.255,10.21.0.0-10.255.255.255 → any4 | any | logged | lines 273-284
filter EDGE-IN #2 icmp: accept ipv4 forward ge-0/0/0.0>* | any4 → any4 | icmp + udp | target policer slow
    | if icmp-type echo-request | lines 285-294
filter EDGE-IN #3 rest: accept ipv4 forward ge-0/0/0.0>* | any4 → any4 | any | lines 295-297
"""
BRANCH_SCOPES = """
trust → untrust: none any forward | at from-zone trust to-zone untrust
untrust → dmz: none any forward | at from-zone untrust to-zone dmz
global: accept any forward | line 183 | written
filter PROTECT-RE: drop ipv4 in | stateless | at lo0.0 input
filter EDGE-IN: drop ipv4 forward | stateless | at ge-0/0/0.0 input
"""
BRANCH_OBJECTS = """
address web-1 64-64 ×2
address web-2 65-68 ×1
address partner 69-71 ×1
address pool 72-78 ×1
address web-1-v6 79-79 ×1
address forgotten 80-80 ×0
group web-servers 81-85 ×1
group all-servers 86-89 ×1
address staff 92-92 ×1
service db 222-225 ×1
service proxy 226-229 ×1
group web-apps 230-234 ×1
group tls 235-237 ×1
list ADMINS 46-49 ×1
list UNUSED-LIST 50-52 ×0
zone trust 187-199 ×1
zone untrust 200-212 ×1
zone dmz 213-217 ×1
zone spare 218-218 ×0
other EDGE-SCREEN 56-60 ×1
"""


def braces(name: str) -> Ruleset:
    return junos.read(fixture(f"junos/{name}.conf"), "junos")


def set_commands(name: str) -> Ruleset:
    return junos.read(fixture(f"junos-set/{name}.conf"), "junos-set")


def test_a_branch_in_braces_gives_its_rules_with_their_lines() -> None:
    found = braces("branch")
    assert rules_told(found) == written(BRANCH)
    assert scopes_told(found) == written(BRANCH_SCOPES)
    assert objects_told(found) == written(BRANCH_OBJECTS)
    assert (found.hostname, found.lines, found.unread) == ("srx-doornik", 300, ())
    assert (found.ipv6, found.ipv6_line) == ("filtered", 30)


def test_the_doors_of_a_branch_are_those_that_its_zones_open() -> None:
    assert doors_told(braces("branch")) == [
        "https on trust from any | 190-190",
        "ssh on trust from any | 190-190",
        "ssh on untrust ge-0/0/0.0 from any | 207-207",
    ]


def test_the_same_branch_in_set_commands_gives_the_same_rules() -> None:
    here, there = braces("branch"), set_commands("branch")
    assert rules_told(there, lines=False) == rules_told(here, lines=False)
    lined = [replace(rule, first_line=1, last_line=1) for rule in here.rules]
    assert [replace(rule, first_line=1, last_line=1) for rule in there.rules] == lined
    assert [(one.kind, one.name, one.uses) for one in there.objects] == [
        (one.kind, one.name, one.uses) for one in here.objects
    ]
    assert [scope.replace(" | line 65", "") for scope in scopes_told(there)] == [
        scope.replace(" | line 183", "") for scope in scopes_told(here)
    ]
    assert there.unread == ()


def test_the_lines_of_set_commands_are_those_that_name_the_rule() -> None:
    lines = {rule.name: (rule.first_line, rule.last_line) for rule in set_commands("branch").rules}
    assert lines["web-out"] == (31, 37)
    assert lines["old-ftp"] == (38, 42)
    assert lines["no-telnet"] == (57, 64)
    assert lines["admins"] == (85, 88)


def test_a_messy_file_says_what_it_cannot_tell() -> None:
    found = braces("dmz_messy")
    assert rules_told(found) == written(
        """
wan → lan #1 open: accept any forward wan>lan | any → 192.168.10.0/24,192.168.11.1 | any | uses pcs,loop-a
    | lines 24-25
wan → lan #2 ring: accept any forward wan>lan | any → ?ring | tcp/22 | uses ring | lines 26-26
wan → lan #3 nobody: drop any forward wan>lan | any → ?nobody-knows | ?not-there | uses nobody-knows,not-there
    | lines 27-27
wan → lan #4 not-lan: accept any forward wan>lan | any4 → ?odd | icmp
    | if source-identity acme\\staff; application junos-ping | uses odd | lines 28-37
wan → junos-host #1 ike: accept any in wan>junos-host | any → any | udp/500 | lines 40-43
"""
    )
    assert scopes_told(found) == [
        "wan → lan: drop any forward | at from-zone wan to-zone lan",
        "wan → junos-host: drop any in | at from-zone wan to-zone junos-host",
    ]
    assert doors_told(found) == ["telnet on lan from any | 18-18", "snmp on lan from any | 18-18"]
    assert unread_told(found) == ["46-46 nat unknown-statement", "7-7 apply-groups unknown-statement"]


def test_a_file_that_ends_inside_a_policy_keeps_those_before_it() -> None:
    text = fixture("junos/branch.conf")
    cut = text[: text.index("            policy rest {") + 120]
    found = junos.read(cut, "junos")
    assert [rule.name for rule in found.rules] == ["web-out", "old-ftp"]
    assert [one.reason for one in found.unread] == ["damaged-tail"]


def test_a_term_that_is_cut_off_accepts_nothing() -> None:
    text = "firewall { family inet { filter F { term a { then discard; } term b { from { protocol tcp; }"
    found = junos.read(text, "junos")
    assert [(rule.name, rule.action) for rule in found.rules] == [("a", "drop")]


def test_commands_that_move_or_take_back_are_followed() -> None:
    one = "set security policies from-zone a to-zone b policy {0} match source-address any\n" + (
        "set security policies from-zone a to-zone b policy {0} then permit\n"
    )
    text = one.format("first") + one.format("second") + one.format("third")
    text += "insert security policies from-zone a to-zone b policy third before policy first\n"
    text += "delete security policies from-zone a to-zone b policy second\n"
    text += "insert security policies from-zone a to-zone b policy third after policy first\n"
    text += "insert security policies from-zone a to-zone b policy third before policy first\n"
    assert [rule.name for rule in junos.read(text, "junos-set").rules] == ["third", "first"]


def test_packet_mode_leaves_ipv6_open_and_drop_mode_shuts_it() -> None:
    line = "set security forwarding-options family inet6 mode "
    assert junos.read(line + "packet-based\n", "junos-set").ipv6 == "open"
    assert junos.read(line + "drop\n", "junos-set").ipv6 == "off"
    assert junos.read("set system host-name a\n", "junos-set").ipv6 == "unseen"


def test_logical_systems_have_their_own_lists() -> None:
    text = (
        "set logical-systems LS1 security policies from-zone a to-zone b policy p match source-address any\n"
        "set logical-systems LS1 security policies from-zone a to-zone b policy p then deny\n"
    )
    assert rules_told(junos.read(text, "junos-set")) == [
        "LS1: a → b #1 p: drop any forward a>b | any → any | any | lines 1-2"
    ]


def test_a_last_term_that_does_nothing_yet_accepts_nothing() -> None:
    text = "set firewall filter F term a then discard\nset firewall filter F term b from protocol tcp\n"
    found = junos.read(text, "junos-set")
    assert [(rule.name, rule.action) for rule in found.rules] == [("a", "drop")]
    assert unread_told(found) == ["2-2 term damaged-tail"]
