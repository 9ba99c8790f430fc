"""A Palo Alto configuration gives the same rules in set commands and in XML."""

from dataclasses import replace

import pytest

from assessments.analysers.configurations.dialects import panos_set, panos_xml
from assessments.analysers.configurations.refusing import RefusedContent
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

DMZ = """
security #1 Web to DMZ: accept any forward untrust>dmz
    | any → 10.2.0.10,10.2.0.20-10.2.0.29,2001:db8:2::10 | tcp/443 + tcp/8443 | target group strict
    | uses web,web-ports | logged | “Public sites, "24/7" #dmz-servers” | lines 36-48
security #2 Admins: accept any forward trust>dmz|untrust | 10.1.1.0/24,10.1.2.5 → any
    | tcp/22 + tcp/3389 + udp/3389 | if application admin; source-user acme\\admins, acme\\it team
    | uses 10.1.1.0/24,10.1.2.5 | logged | lines 49-56
security #3 No partners: reject any forward *>* | ?everything, tagged → ?updates | ?application-default
    | if application facebook, ssl | uses everything,tagged,updates | lines 57-64
security #4 Database: drop any forward dmz>trust
    | 0.0.0.0-10.2.0.9,10.2.0.11-255.255.255.255,any6 → 10.1.9.0/24
    | tcp/3306,5432 from 1024-65535 + udp/514 + ?nowhere | if schedule nights; interzone
    | uses web-a,10.1.9.0/24,db,syslog-udp,nowhere | logged | disabled | lines 65-75
security #5 interzone-default: drop any forward *>* | any → any | any | logged | lines 77-78
"""
OBJECTS = """
address web-a ×2
address web-b ×1
address updates ×1
address web-v6 ×1
address leftover ×0
group web ×2
group everything ×1
group outside-lab ×1
group tagged ×1
service tcp-8443 ×1
service db ×1
service syslog-udp ×1
group web-ports ×1
group admin ×1
zone untrust ×1
zone trust ×1
zone dmz ×1
other zpp-edge ×1
other zpp-unused ×0
"""


def set_commands(name: str) -> Ruleset:
    return panos_set.read(fixture(f"panos-set/{name}.txt"), "panos-set")


def xml(name: str) -> Ruleset:
    return panos_xml.read(fixture(f"panos-xml/{name}.xml"), "panos-xml")


def unlined(found: Ruleset) -> list[str]:
    return [" ".join(one.split(" ")[:-2] + one.split(" ")[-1:]) for one in objects_told(found)]


def test_a_firewall_in_set_commands_gives_its_rules_with_their_lines() -> None:
    found = set_commands("dmz")
    assert rules_told(found) == written(DMZ)
    assert scopes_told(found) == ["security: drop any forward | line 77 | written"]
    assert unlined(found) == written(OBJECTS)
    assert unread_told(found) == ["76-76 nat unknown-statement"]
    assert (found.hostname, found.ipv6, found.ipv6_line) == ("pa-kortrijk", "filtered", 13)


def test_the_doors_are_the_management_port_and_the_profiles_on_interfaces() -> None:
    assert doors_told(set_commands("dmz")) == [
        "https on management from 10.1.1.0/24,2001:db8:1::/64 | 1-6",
        "telnet on management from 10.1.1.0/24,2001:db8:1::/64 | 4-4",
        "http on ethernet1/2.20 from any | 9-9",
        "https on ethernet1/2.20 from any | 7-7",
    ]


def test_the_same_firewall_in_xml_gives_the_same_rules() -> None:
    here, there = set_commands("dmz"), xml("dmz")
    assert rules_told(there, lines=False) == rules_told(here, lines=False)
    assert [replace(rule, first_line=1, last_line=1) for rule in there.rules] == [
        replace(rule, first_line=1, last_line=1) for rule in here.rules
    ]
    assert unlined(there) == written(OBJECTS)
    assert [door.rpartition(" | ")[0] for door in doors_told(there)] == [
        door.rpartition(" | ")[0] for door in doors_told(here)
    ]
    assert (there.hostname, there.ipv6) == ("pa-kortrijk", "filtered")


def test_rules_and_objects_in_xml_know_their_lines() -> None:
    found = xml("dmz")
    text = fixture("panos-xml/dmz.xml").split("\n")
    first = {rule.name: text[rule.first_line - 1].strip() for rule in found.rules}
    assert first["Web to DMZ"].startswith('<entry name="Web to DMZ"')
    assert first["Database"] == '<entry name="Database">'
    assert {text[rule.last_line - 1].strip() for rule in found.rules} == {"</entry>"}
    groups = {
        one.name: (text[one.first_line - 1].strip(), one.last_line - one.first_line) for one in found.objects
    }
    assert groups["web"] == ('<entry name="web">', 6)
    assert groups["outside-lab"][1] == 0


def test_panorama_has_lists_before_and_after_those_of_the_firewalls() -> None:
    found = set_commands("panorama")
    assert rules_told(found) == written(
        """
Lille pre-rulebase #1 DNS: accept any forward trust>untrust | 10.59.0.0/16 → 192.0.2.53 | udp/53 + tcp/53
    | if application dns | uses office,dns-1 | logged | lines 13-19
Lille post-rulebase #1 Rest: accept any forward *>* | any → any | any | logged
    | “Everything else: for the time of the migration” | lines 20-28
shared pre-rulebase #1 Block bad: drop any forward *>* | ?bad-list → any | any | uses bad-list | logged
    | lines 4-10
"""
    )
    assert scopes_told(found) == [
        "Lille pre-rulebase: none any forward",
        "Lille post-rulebase: drop any forward",
        "shared pre-rulebase: none any forward",
    ]
    assert unread_told(found) == ["30-30 delete unknown-statement", "29-29 template unknown-statement"]
    assert [one for one in objects_told(found) if one.endswith("×0")] == [
        "address office 2-2 ×0",
        "address spare 3-3 ×0",
    ]


def test_a_document_type_is_refused_whatever_it_declares() -> None:
    text = fixture("panos-xml/dmz.xml").replace("<config", "<!DOCTYPE config>\n<config", 1)
    with pytest.raises(RefusedContent) as refusal:
        panos_xml.read(text, "panos-xml")
    assert refusal.value.code == "dtd-refused"


def test_an_export_of_rules_alone_is_read() -> None:
    entry = (
        '<entry name="a"><from><member>any</member></from><to><member>any</member></to>'
        "<source><member>any</member></source><destination><member>any</member></destination>"
        "<service><member>any</member></service><action>allow</action></entry>"
    )
    told = ["security #1 a: accept any forward *>* | any → any | any | logged | lines 1-1"]
    for text in (
        f"<rules>{entry}</rules>",
        f"<rulebase><security><rules>{entry}</rules></security></rulebase>",
        f'<response status="success"><result><rulebase><security><rules>{entry}</rules></security></rulebase>'
        "</result></response>",
        f'<response status="success"><result><rules>{entry}</rules></result></response>',
    ):
        assert rules_told(panos_xml.read(text, "panos-xml")) == told


def test_a_rule_that_the_file_ends_inside_is_left_out() -> None:
    text = fixture("panos-xml/dmz.xml")
    found = panos_xml.read(text[: text.index("<negate-source>")], "panos-xml")
    assert [rule.name for rule in found.rules] == ["Web to DMZ", "Admins", "No partners"]
    assert [one.reason for one in found.unread] == ["damaged-tail"]


def test_without_ipv6_firewalling_ipv6_passes_beside_the_rules() -> None:
    text = (
        "set network interface ethernet ethernet1/1 layer3 ipv6 enabled yes\n"
        "set deviceconfig setting session ipv6-firewalling no\n"
    )
    found = panos_set.read(text, "panos-set")
    assert (found.ipv6, found.ipv6_line) == ("open", 2)


def test_each_system_sees_its_own_objects_before_the_shared_ones() -> None:
    found = xml("two_systems")
    assert rules_told(found) == written(
        """
security #1 names: accept any forward *>* | 10.0.0.0/8 → 192.0.2.53 | any | uses campus,resolver | logged
    | lines 16-24
vsys2 security #1 names: drop any forward lab>*
    | 172.16.0.0/12 → 0.0.0.0-192.0.2.52,192.0.2.54-255.255.255.255,any6 | any | uses campus,resolver
    | lines 36-46
vsys2 security #2 intrazone-default: drop any forward *>* | any → any | any | if intrazone | logged
    | lines 51-51
"""
    )
    assert scopes_told(found) == ["security: drop any forward", "vsys2 security: drop any forward"]
    assert objects_told(found) == [
        "address resolver 5-5 ×1",
        "address campus 6-6 ×1",
        "address campus 31-31 ×1",
    ]
