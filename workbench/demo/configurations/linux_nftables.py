"""Write a policy as the file that nft loads."""

from collections.abc import Iterator

from workbench.demo.policies import Flow, Policy


def write_nftables(policy: Policy) -> str:
    """An /etc/nftables.conf; from quality 3 on one table serves both versions of IP."""
    family = "inet" if policy.is_complete else "ip"
    lines = ["#!/usr/sbin/nft -f", f"# {policy.organisation}, {policy.town}", "", "flush ruleset", ""]
    if policy.is_commented:
        lines += [f'define {zone.name} = "{zone.linux}"' for zone in policy.zones] + [""]
    lines.append(f"table {family} filter {{")
    if policy.is_complete:
        lines += ["\tcounter refused {", '\t\tcomment "what the last rules dropped"', "\t}", ""]
    for chain, flows in (("input", policy.to_firewall), ("forward", policy.forwarded)):
        lines += [
            f"\tchain {chain} {{",
            f"\t\ttype filter hook {chain} priority filter; policy {policy.default};",
            "",
        ]
        lines += [f"\t\t{rule}" for rule in _chain(policy, chain, flows)]
        lines += ["\t}", ""]
    lines += [
        "\tchain output {",
        "\t\ttype filter hook output priority filter; policy accept;",
        "\t}",
        "}",
        "",
    ]
    lines += [
        "table ip nat {",
        "\tchain prerouting {",
        "\t\ttype nat hook prerouting priority dstnat; policy accept;",
    ]
    forward = (
        f'iifname "eth0" ip daddr {policy.outside_v4} tcp dport {{ 80, 443 }} dnat to {policy.web_server.v4}'
    )
    lines += [f"\t\t{forward}", "\t}", "", "\tchain postrouting {"]
    lines.append("\t\ttype nat hook postrouting priority srcnat; policy accept;")
    lines += [
        f'\t\tip saddr {zone.place.v4} oifname "eth0" snat to {policy.outside_v4}'
        for zone in policy.zones[1:]
    ]
    return "\n".join([*lines, "\t}", "}"]) + "\n"


def _chain(policy: Policy, chain: str, flows: tuple[Flow, ...]) -> Iterator[str]:
    if policy.quality >= 2:
        if chain == "input":
            yield 'iifname "lo" accept'
        if policy.is_complete:
            yield "ct state invalid drop"
        yield "ct state established,related accept"
    if policy.is_complete and chain == "input":
        yield "icmp type { echo-request, destination-unreachable, time-exceeded } limit rate 10/second accept"
        yield (
            "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem, "
            "echo-request, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept"
        )
    if policy.is_complete and chain == "forward":
        for zone in policy.zones[1:]:
            for word, address in (("ip", zone.place.v4), ("ip6", zone.place.v6)):
                comment = f'comment "spoofed {zone.name} address"'
                yield f"{word} saddr {address} iifname != ${zone.name} drop {comment}"
    for flow in flows:
        yield from _rules(policy, flow)
    if policy.quality == 1:
        yield "ct state established,related accept"
    if policy.is_complete:
        yield f'limit rate 6/minute burst 12 packets log prefix "fw-{chain}-drop: "'
        yield "counter name refused drop"


def _rules(policy: Policy, flow: Flow) -> Iterator[str]:
    """One rule a version; a flow without any address needs no more than one."""
    versions = (4, 6) if policy.is_complete and (flow.source.v4 or flow.target.v4) else (4,)
    for version in versions:
        parts = []
        for place, interface, address in (
            (flow.source, "iifname", "saddr"),
            (flow.target, "oifname", "daddr"),
        ):
            if place.zone and policy.is_commented:
                parts.append(f"{interface} ${place.zone}")
            if place.address(version):
                parts.append(f"{'ip' if version == 4 else 'ip6'} {address} {place.address(version)}")
        if flow.protocol != "any":
            several = len(flow.ports) > 1
            ports = "{ " + ", ".join(map(str, flow.ports)) + " }" if several else str(flow.ports[0])
            parts.append(f"{flow.protocol} dport {ports}")
        parts.append(flow.action)
        if policy.is_commented and flow.title:
            parts.append(f'comment "{flow.title}"')
        yield " ".join(parts)
