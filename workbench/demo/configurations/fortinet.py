"""Write a policy as a FortiOS backup."""

import ipaddress
from collections.abc import Iterator

from workbench.demo.policies import Flow, Place, Policy, Zone

_SERVICES = {
    ("tcp", 20): "FTP",
    ("tcp", 21): "FTP",
    ("tcp", 22): "SSH",
    ("tcp", 23): "TELNET",
    ("tcp", 25): "SMTP",
    ("tcp", 53): "DNS",
    ("tcp", 80): "HTTP",
    ("tcp", 110): "POP3",
    ("tcp", 143): "IMAP",
    ("tcp", 443): "HTTPS",
    ("tcp", 445): "SMB",
    ("tcp", 993): "IMAPS",
    ("tcp", 3389): "RDP",
    ("udp", 53): "DNS",
    ("udp", 123): "NTP",
    ("udp", 161): "SNMP",
}
_MOST_POLICIES = 11


def write_fortios(policy: Policy) -> str:
    """Interfaces, addresses, logging and the policies that FortiOS has a service name for."""
    flows = [flow for flow in policy.forwarded if not flow.ports or _services(flow)][:_MOST_POLICIES]
    lines = ["#config-version=FGT60F-7.2.5-FW-build1517-230606:opmode=0:vdom=0:user=admin"]
    lines += [
        "config system global",
        f'    set hostname "{policy.hostname}"',
        '    set timezone "Europe/Brussels"',
    ]
    lines += ["    set admintimeout 5" if policy.quality >= 2 else "    set admintimeout 480", "end"]
    lines += ["config system interface"]
    for zone in policy.zones:
        lines += _interface(policy, zone)
    lines += ["end", "config firewall address"]
    for place in _places(flows):
        lines += _address(place)
    lines += ["end"]
    if policy.is_complete:
        lines += ["config log setting", "    set fwpolicy-implicit-log enable", "end"]
    lines += ["config firewall policy"]
    for number, flow in enumerate(flows, start=1):
        lines += _policy(policy, number, flow)
    if policy.default == "accept":
        lines += _policy(policy, len(flows) + 1, Flow("", Place("", ""), Place("", ""), "any"))
    return "\n".join([*lines, "end"]) + "\n"


def _interface(policy: Policy, zone: Zone) -> Iterator[str]:
    yield f'    edit "{zone.fortinet}"'
    yield '        set vdom "root"'
    if zone.name == "outside":
        yield f"        set ip {policy.outside_v4} 255.255.255.0"
    else:
        network = ipaddress.ip_network(zone.place.v4)
        yield f"        set ip {network[1]} {network.netmask}"
    access = "ping https ssh http telnet" if policy.quality == 0 else "ping https ssh"
    if policy.quality < 2 or zone.name == "admin":
        yield f"        set allowaccess {access}"
    if policy.is_commented:
        yield f'        set alias "{zone.name}"'
    yield "    next"


def _places(flows: list[Flow]) -> list[Place]:
    named = {place.name: place for flow in flows for place in (flow.source, flow.target) if place.v4}
    return list(named.values())


def _address(place: Place) -> list[str]:
    network = ipaddress.ip_network(place.v4)
    subnet = f"        set subnet {network.network_address} {network.netmask}"
    return [f'    edit "{_name(place)}"', subnet, "    next"]


def _policy(policy: Policy, number: int, flow: Flow) -> Iterator[str]:
    yield f"    edit {number}"
    if policy.is_commented:
        yield f'        set name "{flow.title[:35]}"'
    for word, place in (("src", flow.source), ("dst", flow.target)):
        interface = policy.zone(place.zone).fortinet if place.zone else "any"
        yield f'        set {word}intf "{interface}"'
    if flow.action == "accept":
        yield "        set action accept"
    for word, place in (("src", flow.source), ("dst", flow.target)):
        yield f'        set {word}addr "{_name(place)}"'
        if policy.is_complete and not place.v4:
            yield f'        set {word}addr6 "all"'
    yield '        set schedule "always"'
    yield f"        set service {' '.join(_services(flow)) or chr(34) + 'ALL' + chr(34)}"
    yield f"        set logtraffic {'all' if policy.is_complete else 'disable'}"
    if policy.is_commented:
        yield f'        set comments "{flow.title}"'
    if flow.target.zone == "outside" and flow.action == "accept":
        yield "        set nat enable"
    yield "    next"


def _services(flow: Flow) -> list[str]:
    """The quoted names of the services, or nothing when one port has no name."""
    names = [_SERVICES.get((flow.protocol, port)) for port in flow.ports]
    known = [f'"{name}"' for name in names if name]
    return list(dict.fromkeys(known)) if len(known) == len(names) else []


def _name(place: Place) -> str:
    return place.name if place.v4 else "all"
