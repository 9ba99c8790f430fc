"""The configuration files of pfSense and OPNsense give their rules tab by tab."""

import pytest

from assessments.analysers.configurations.dialects import opnsense, pfsense
from assessments.analysers.configurations.refusing import RefusedContent
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
WAN #1 : accept any - WAN>* | any → 10.50.0.4/31,2001:db8:50::4 | tcp/80,443,8080-8090
    | uses web_hosts,web_ports | logged | “Public sites” | lines 82-99
WAN #2 : drop ipv4 - WAN>* | ?bad_list → any4 | any | uses bad_list | disabled | lines 100-111
WAN #3 : accept ipv4 - WAN>*
    | 0.0.0.0-198.51.99.255,198.51.101.0-203.0.113.63,203.0.113.128-255.255.255.255 → ?WAN address
    | tcp/22 + udp/22 | uses partners | lines 112-125
LAN #1 : accept ipv4 - LAN>* | 192.168.1.0/24 → any4 | any | target gateway WAN2GW | if sched office
    | “Default allow LAN to any rule” | lines 126-139
DMZ #1 : reject ipv6 - DMZ>* | 2001:db8:50::/64 → ?This Firewall | ipv6-icmp | if icmptype echoreq
    | lines 140-152
Floating #1 : drop ipv4 out *>WAN|DMZ | any4 → any4 | tcp/25 | logged | lines 153-164
Floating, last match #2 : accept ipv4 - *>* | any4 → 10.50.0.9 | any | “first slow” | lines 165-174
Floating, last match #1 : drop ipv4 in *>* | any4 → 10.50.0.9 | any | “second slow” | lines 175-184
Port forward #1 : nat ipv4 - WAN>* | any4 → ?WAN address | tcp/443
    | target 10.50.0.4 port 8443 (passes without a rule) | “Site” | lines 198-213
"""
OFFICE_SCOPES = """
Floating: none any -
WAN: none any - | at WAN
LAN: none any - | at LAN
DMZ: none any - | at DMZ
Floating, last match: drop any -
Port forward: none any - | no filter
"""
OFFICE_OBJECTS = """
address web_hosts 42-48 ×1
group partners 49-54 ×1
address head_office 55-59 ×1
group web_ports 60-64 ×1
service alt_ports 65-69 ×1
list bad_list 70-74 ×1
address old_hosts 75-79 ×0
"""
BRANCH = """
Floating #1 : accept any in Office|Tunnel>* | ?everyone → any | tcp/22,8000-8002 + udp/22,8000-8002
    | target gateway WG_GW | uses everyone,admin_ports | disabled | lines 149-162
WAN #1 : reject ipv6 - WAN>* | any6 → ?This Firewall | any | uses remote | logged | lines 136-148
WAN #2 : accept ipv4 - WAN>* | any4 → 172.20.0.10,172.20.0.12 | tcp/443 | “Web” | lines 118-135
Floating, last match #1 : drop ipv4 in !Office>* | ?switched_off → any4 | any | lines 163-175
Office #1 : accept ipv4 - Office>* | 172.20.0.0/22 → any4 | any | “Default allow LAN to any rule”
    | lines 33-45
Office #2 : drop any - Office>* | any → ?countries | udp/53 | uses countries | logged | lines 46-60
Tunnel #1 : accept ipv4 - Tunnel>* | 0.0.0.0-10.59.255.255,10.62.0.0-255.255.255.255 → 172.20.0.1
    | tcp/3389 | uses remote | disabled | lines 61-74
"""
BRANCH_OBJECTS = """
address remote 80-87 ×3
list countries 88-93 ×2
group everyone 100-106 ×1
service admin_ports 107-113 ×1
"""


def test_a_pfsense_office_gives_its_rules_tab_by_tab() -> None:
    found = pfsense.read(fixture("pfsense/office.xml"), "pfsense")
    assert rules_told(found) == written(OFFICE)
    assert scopes_told(found) == written(OFFICE_SCOPES)
    assert objects_told(found) == written(OFFICE_OBJECTS)
    assert (found.hostname, found.ipv6, found.ipv6_line) == ("pf-mons", "filtered", 23)
    assert unread_told(found) == []


def test_the_rule_against_locking_out_opens_the_doors_of_the_lan() -> None:
    text = fixture("pfsense/office.xml")
    assert doors_told(pfsense.read(text, "pfsense")) == [
        "https on LAN from 192.168.1.0/24 | 9-9",
        "ssh on LAN from 192.168.1.0/24 | 12-15",
    ]
    without = text.replace("<port>8443</port>", "<port>8443</port><noantilockout></noantilockout>", 1)
    assert doors_told(pfsense.read(without, "pfsense")) == []


def test_without_ipv6allow_ipv6_is_off() -> None:
    text = fixture("pfsense/office.xml").replace("<ipv6allow></ipv6allow>", "")
    assert pfsense.read(text, "pfsense").ipv6 == "off"


def test_an_opnsense_branch_has_its_newer_rules_first_in_their_sequence() -> None:
    found = opnsense.read(fixture("opnsense/branch.xml"), "opnsense")
    assert rules_told(found) == written(BRANCH)
    assert objects_told(found) == written(BRANCH_OBJECTS)
    assert scopes_told(found) == [
        "Floating: none any -",
        "WAN: none any - | at WAN",
        "Office: none any - | at Office",
        "Tunnel: none any - | at Tunnel",
        "Floating, last match: drop any -",
    ]
    assert doors_told(found) == [
        "http on Office from 172.20.0.0/22 | 7-7",
        "ssh on Office from 172.20.0.0/22 | 9-11",
    ]
    assert unread_told(found) == ["178-180 snatrules unknown-statement"]
    assert (found.hostname, found.ipv6, found.ipv6_line) == ("opn-roeselare", "filtered", 18)


def test_only_slow_floating_rules_put_the_denial_behind_them() -> None:
    text = "<pfsense><interfaces><wan/></interfaces><filter/></pfsense>"
    assert scopes_told(pfsense.read(text, "pfsense")) == ["WAN: drop any - | at WAN"]


def test_aliases_that_hold_each_other_are_unknown() -> None:
    text = (
        "<pfsense><aliases><alias><name>a</name><type>host</type><address>b</address></alias>"
        "<alias><name>b</name><type>host</type><address>a</address></alias></aliases><filter><rule>"
        "<type>pass</type><interface>wan</interface><source><address>a</address></source>"
        "<destination><any/></destination></rule></filter></pfsense>"
    )
    assert rules_told(pfsense.read(text, "pfsense")) == [
        "wan #1 : accept ipv4 - wan>* | ?a → any4 | any | uses a | lines 1-1"
    ]


def test_a_rule_that_the_file_ends_inside_is_left_out() -> None:
    text = fixture("pfsense/office.xml")
    found = pfsense.read(text[: text.index("<gateway>")], "pfsense")
    assert len(found.rules) == 3
    assert unread_told(found) == ["126-137 rule damaged-tail"]


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE pfsense>",
        '<!DOCTYPE pfsense SYSTEM "http://192.0.2.1/x.dtd">',
        '<!DOCTYPE pfsense [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE pfsense [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_a_document_type_is_refused(declaration: str) -> None:
    text = fixture("pfsense/office.xml").replace("<pfsense>", f"{declaration}\n<pfsense>", 1)
    with pytest.raises(RefusedContent) as refusal:
        pfsense.read(text, "pfsense")
    assert (refusal.value.code, refusal.value.line) == ("dtd-refused", 2)


def test_tunnels_have_tabs_of_their_own() -> None:
    found = pfsense.read(fixture("pfsense/tunnel.xml"), "pfsense")
    assert rules_told(found) == written(
        """
WAN #1 : accept ipv4 - WAN>* | any4 → 198.51.100.2 | udp/1194 | lines 13-20
WAN #2 : accept ipv4 - WAN>* | 192.0.2.9 → 198.51.100.2 | esp | logged | lines 21-29
OpenVPN #1 : accept any - OpenVPN>* | any → any | any | “Colleagues on the road” | lines 30-37
OpenVPN #2 : accept ipv4 - OpenVPN>* | 10.8.0.0/24 → 10.7.0.0/24 | tcp/23 | lines 38-45
IPsec #1 : drop ipv4 - IPsec>* | 10.9.0.0/16 → 10.7.0.0/24 | ?tcp no_such_alias | if limit max-src-conn 5
    | lines 52-60
"""
    )
    assert scopes_told(found) == [
        "WAN: drop any - | at WAN",
        "LAN: drop any - | at LAN",
        "OpenVPN: drop any - | at OpenVPN",
        "IPsec: drop any - | at IPsec",
    ]
    assert unread_told(found) == ["46-51 rule bad-value"]
    assert doors_told(found) == ["http on LAN from 10.7.0.0/24 | 6-6"]
    assert (found.hostname, found.ipv6) == ("pf-hasselt", "unseen")
