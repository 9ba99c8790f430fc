"""Write a policy as the running configuration of a Cisco IOS-XE router."""

import ipaddress
from collections.abc import Iterator

from workbench.demo.policies import Flow, Place, Policy, Zone

_PORT_NAMES = {
    ("tcp", 20): "ftp-data",
    ("tcp", 21): "ftp",
    ("tcp", 23): "telnet",
    ("tcp", 25): "smtp",
    ("tcp", 53): "domain",
    ("tcp", 80): "www",
    ("tcp", 110): "pop3",
    ("udp", 53): "domain",
    ("udp", 123): "ntp",
    ("udp", 161): "snmp",
}
_WITHOUT_IPV6 = ("admin", "guests", "voice")
_NEVER_FROM_OUTSIDE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "224.0.0.0/4")


def write_ios(policy: Policy) -> str:
    """One extended access list inbound on each interface; from quality 3 on one for IPv6 too."""
    lines = ["! Last configuration change at 09:12:44 CET Mon Mar 10 2025", "version 17.6"]
    lines += ["service timestamps log datetime msec localtime", f"hostname {policy.hostname}", "!"]
    lines += [f"ip domain name {policy.domain}", "ip name-server 203.0.113.53"]
    lines += (
        ["ipv6 unicast-routing", "no ip http server", "!"] if policy.is_complete else ["ip http server", "!"]
    )
    for zone in policy.zones:
        lines += [*_interface(policy, zone), "!"]
    lines += [f"ip route 0.0.0.0 0.0.0.0 {policy.outside_v4.rsplit('.', 1)[0]}.1", "!"]
    for zone in policy.zones:
        lines += _access_list(policy, zone, 4)
        if policy.is_complete and zone.name not in _WITHOUT_IPV6:
            lines += _access_list(policy, zone, 6)
    return "\n".join([*lines, *_management(policy), "end"]) + "\n"


def _interface(policy: Policy, zone: Zone) -> Iterator[str]:
    yield f"interface {zone.cisco}"
    if policy.is_commented:
        yield f" description {policy.town}: {zone.name}"
    if zone.name == "outside":
        yield f" ip address {policy.outside_v4} 255.255.255.0"
    else:
        network = ipaddress.ip_network(zone.place.v4)
        yield f" encapsulation dot1Q {zone.cisco.rsplit('.', 1)[-1]}"
        yield f" ip address {network[1]} {network.netmask}"
    yield f" ip access-group {_list_name(zone)} in"
    if policy.is_complete and zone.name not in _WITHOUT_IPV6:
        address = policy.outside_v6 if zone.name == "outside" else zone.place.v6.removesuffix("/64") + "1"
        yield f" ipv6 address {address}/64"
        yield f" ipv6 traffic-filter {_list_name(zone)}-V6 in"
    if policy.is_complete:
        yield " no ip redirects"
        yield " ip verify unicast source reachable-via rx"


def _list_name(zone: Zone) -> str:
    return f"FROM-{zone.name.upper()}"


def _access_list(policy: Policy, zone: Zone, version: int) -> list[str]:
    name = _list_name(zone)
    head = f"ip access-list extended {name}" if version == 4 else f"ipv6 access-list {name}-V6"
    lines = [head]
    if policy.is_complete and zone.name == "outside" and version == 4:
        lines.append(" remark Addresses that never come from outside")
        lines += [f" deny ip {_place(Place('', '', network), 4)} any log" for network in _NEVER_FROM_OUTSIDE]
    if policy.quality >= 2:
        lines.append(" permit tcp any any established")
    if policy.is_complete:
        lines += _control_messages(version)
    for flow in policy.to_firewall + policy.forwarded:
        if flow.source.zone in ("", zone.name):
            lines += _entries(policy, flow, version)
    if policy.quality >= 2:
        lines += _answers(policy, zone, version)
    anything = "ip" if version == 4 else "ipv6"
    if policy.default == "accept":
        lines.append(f" permit {anything} any any")
    else:
        lines.append(f" deny {anything} any any" + (" log" if policy.is_complete else ""))
    return [*lines, "!"]


def _control_messages(version: int) -> list[str]:
    if version == 4:
        return [
            " permit icmp any any unreachable",
            " permit icmp any any time-exceeded",
            " permit icmp any any echo-reply",
        ]
    return [
        f" permit icmp any any {name}"
        for name in ("nd-na", "nd-ns", "packet-too-big", "time-exceeded", "echo-reply")
    ]


def _entries(policy: Policy, flow: Flow, version: int) -> Iterator[str]:
    if policy.is_commented and flow.title and version == 4:
        yield f" remark {flow.title}"
    verb = {"accept": "permit", "drop": "deny"}[flow.action]
    anything = "ip" if version == 4 else "ipv6"
    protocol = anything if flow.protocol == "any" else flow.protocol
    log = " log" if policy.is_complete and flow.action == "drop" else ""
    ends = f"{_place(flow.source, version)} {_place(flow.target, version)}"
    if not flow.ports:
        yield f" {verb} {protocol} {ends}{log}"
    for port in flow.ports:
        yield f" {verb} {protocol} {ends} eq {_PORT_NAMES.get((flow.protocol, port), port)}{log}"


def _answers(policy: Policy, zone: Zone, version: int) -> list[str]:
    """An access list keeps no state: what a server of this zone answers over UDP must be let back by name."""
    asked = [flow for flow in policy.forwarded if flow.protocol == "udp" and flow.target.zone == zone.name]
    return [
        f" permit udp {_place(flow.target, version)} eq {_PORT_NAMES.get(('udp', port), port)}"
        f" {_place(flow.source, version)}"
        for flow in asked
        for port in flow.ports
    ]


def _place(place: Place, version: int) -> str:
    address = place.address(version)
    if not address:
        return "any"
    if "/" not in address:
        return f"host {address}"
    network = ipaddress.ip_network(address)
    return f"{network.network_address} {network.hostmask}" if version == 4 else str(network)


def _management(policy: Policy) -> Iterator[str]:
    if policy.is_complete:
        admin = policy.zone("admin").place
        yield "ip access-list standard ADMINISTRATORS"
        yield " remark Only the administrators' network may log in"
        yield f" permit {_place(admin, 4)}"
        yield " deny any log"
        yield "!"
        yield "logging buffered 65536 informational"
        yield f"logging host {policy.zone('admin').place.v4.replace('.0/24', '.21')} transport tcp port 6514"
        yield "ntp server 192.0.2.123"
        yield "!"
    yield "line con 0"
    yield " exec-timeout 5 0" if policy.quality >= 2 else " exec-timeout 0 0"
    yield "line vty 0 4"
    if policy.is_complete:
        yield " access-class ADMINISTRATORS in"
    yield " transport input ssh" if policy.quality >= 2 else " transport input telnet ssh"
    yield "!"
