"""What nft printed, or a person wrote for it, is read rule by rule, and what is wrong with it is seen."""

from assessments.analysers.configurations.reading import read
from tests.analysers.configurations.seeing import findings_told, listed, seen
from tests.analysers.configurations.telling import (
    objects_told,
    rules_told,
    scopes_told,
    unread_told,
    written,
)

SERVER = """
inet filter input #1 : accept any in *>* | any → any | any | target accept | state established,related
    | lines 22-22
inet filter input #2 : drop any in *>* | any → any | any | target drop | state invalid | lines 22-22
inet filter input #3 : accept any in lo>* | any → any | any | target accept | “itself” | lines 23-23
inet filter input #4 : accept ipv4 in *>* | 10.10.0.0/24,10.20.0.5,10.20.0.9-10.20.0.12 → any4
    | tcp/22,9100-9110 | target accept | uses admins | lines 24-24
inet filter input #5 : drop ipv4 in *>* | ?@seen → any4 | any | target drop | uses seen | lines 25-25
inet filter input #6 : accept any in *>* | any → any | tcp/80,443 | target accept | state new | lines 26-26
inet filter input #7 : accept ipv6 in *>* | any6 → any6 | ipv6-icmp | target accept
    | if icmpv6 type { echo-request, nd-neighbor-solicit } | lines 27-27
inet filter input #8 : accept ipv4 in *>* | any4 → any4 | icmp | target accept
    | if icmp type echo-request; limit rate 10/second | lines 28-28
inet filter input #9 : jump any in *>* | any → any | tcp/22 | target ssh_guard | lines 29-29
inet filter input #10 : log any in *>* | any → any | any | if limit rate 5/minute burst 10 packets | logged
    | lines 30-30
inet filter input #11 : reject any in *>* | any → any | any | target reject | lines 31-31
inet filter ssh_guard #1 : accept ipv6 - *>* | 2001:db8:5::/48 → any6 | any | target accept | lines 35-35
inet filter ssh_guard #2 : drop any - *>* | any → any | any | target drop | lines 36-36
"""
SERVER_SCOPES = """
inet filter input: drop any in | line 21 | written
inet filter ssh_guard: none any -
inet filter forward: drop any forward | line 40 | written
inet filter output: accept any out | line 44 | written
"""
# The web ports are open on the server itself; the forward chain drops without a word.
SERVER_FINDINGS = """
low management-port-open 26
low drop-not-logged 40
low unused-object 15-18
info rule-never-hit 36
"""

DMZ = """
ip nat post #1 : nat ipv4 - *>eth0 | any4 → any4 | any | target masquerade | lines 12-12
ip filter forward #1 : accept ipv4 forward eth0>* | any4 → 203.0.113.2/31 | tcp/80,443 | target accept
    | lines 18-18
ip filter forward #2 : drop ipv4 forward eth0>* | any4 → 203.0.113.2 | tcp/80 | target drop | lines 19-19
ip filter forward #3 : accept ipv4 forward *>*
    | 0.0.0.0-9.255.255.255,11.0.0.0-255.255.255.255 → 203.0.113.0/28 | tcp/0,1024-65535 | target accept
    | lines 20-20
ip filter forward #4 : accept ipv4 forward *>* | any4 → any4 | tcp/53 + udp/53 | target accept | lines 21-21
ip filter forward #5 : accept ipv4 forward *>* | any4 → any4 | any | target accept
    | if ip saddr . tcp dport { 10.0.0.7 . 8080, 10.0.0.8 . 8081 } | lines 22-22
ip filter forward #6 : accept ipv4 forward *>* | any4 → any4 | tcp/21,23 | target accept | lines 23-23
ip filter forward #7 : jump ipv4 forward *>* | any4 → any4 | tcp/25 | target mail | lines 23-23
ip filter forward #8 : drop ipv4 forward *>* | any4 → any4 | tcp | target drop
    | if tcp flags & (syn | ack) == syn; meter m { ip saddr limit rate over 9/second } | lines 24-24
ip filter forward #9 : accept ipv4 forward *>* | any4 → ?$nowhere | any | target accept | lines 25-25
ip filter forward #10 : other ipv4 forward *>* | any4 → any4 | any | if frobnicate the packet | lines 26-26
ip filter mail #1 : accept ipv4 - *>* | 198.51.100.0/24 → any4 | any | target accept | lines 29-29
ip filter mail #2 : drop ipv4 - *>* | any4 → any4 | any | target drop | logged | lines 30-30
ip filter lonely #1 : accept ipv4 - *>* | any4 → any4 | any | target accept | lines 33-33
ip filter mail #3 : accept ipv4 - *>* | 192.0.2.1 → any4 | any | target accept | lines 36-36
"""
DMZ_FINDINGS = """
high default-accepts 17
high ipv6-open 16
high shadowed-rule 19 18
medium shadowed-rule 36 30
high management-port-open 23
medium clear-text-service 23
low broad-port-range 20
low list-applied-nowhere 32-34
info management-port-open 18
low drop-not-logged 39
"""

JSON = """
inet fw in #1 : accept any in *>* | any → any | any | target accept | state established,related | lines 6-6
inet fw in #2 : accept ipv4 in *>* | 10.0.0.0/24,10.0.5.1-10.0.5.9,10.0.9.9 → any4 | tcp/22,8000-8010
    | target accept | uses office | “admin shell” | lines 7-7
inet fw in #3 : jump any in !lan0>* | any → any | udp/161 | target noted | lines 8-8
inet fw in #4 : accept any in *>* | any → any | tcp/25 | target accept | lines 9-9
inet fw in #5 : drop any in *>* | any → any | tcp/110 | target drop | lines 9-9
inet fw noted #1 : accept any - *>* | any → any | any | target accept | logged | lines 10-10
"""


def test_a_server_is_read_with_its_sets_and_verdict_maps() -> None:
    found = seen("nftables/server.nft", "nftables")
    assert rules_told(found) == written(SERVER)
    assert scopes_told(found) == written(SERVER_SCOPES)
    assert objects_told(found) == [
        "group admins 2-7 ×1",
        "group seen 9-13 ×1",
        "group unused6 15-18 ×0",
        "list inet filter ssh_guard 34-37 ×1",
    ]
    assert unread_told(found) == []
    assert (found.ipv6, found.ipv6_line) == ("filtered", 20)
    assert findings_told(found) == listed(SERVER_FINDINGS)


def test_the_mistakes_of_a_dmz_are_seen() -> None:
    found = seen("nftables/dmz.nft", "nftables")
    assert rules_told(found) == written(DMZ)
    assert unread_told(found) == ["40-40 tcp damaged-tail", "40-40 chain damaged-tail"]
    assert findings_told(found) == listed(DMZ_FINDINGS)


def test_json_is_read_as_the_text_is_and_up_to_where_it_is_cut() -> None:
    found = seen("nftables-json/server.json", "nftables-json")
    assert rules_told(found) == written(JSON)
    assert scopes_told(found) == ["inet fw in: drop any in | line 3 | written", "inet fw noted: none any -"]
    assert [rule.hits for rule in found.rules] == [None, 7, None, None, None, None]
    assert objects_told(found) == ["group office 5-5 ×1", "list inet fw noted 4-4 ×1"]
    assert unread_told(found) == ["12-12  damaged-tail", "11-11 gadget unknown-statement"]
    # Only what is for 161 comes to the chain that accepts all, so that this is no "any any".
    assert findings_told(found) == listed("low drop-not-logged 3")


def test_a_define_that_grows_without_end_stops_at_the_limit() -> None:
    text = "define a = { 10.0.0.1, 10.0.0.2 }\n"
    for name, before in zip("bcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxy", strict=True):
        text += f"define {name} = {{ ${before}, ${before}, ${before} }}\n"
    text += "table ip f {\nchain i {\ntype filter hook input priority 0\nip saddr $z accept\n}\n}\n"
    found = read(text, "nftables")
    assert [rule.sources.known for rule in found.rules] == [False]
    assert {one.reason for one in found.unread} == {"bad-value", "limit"}
