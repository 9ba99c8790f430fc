"""What is read of each dialect and which findings its fixtures show, for the table in docs/analysers.md."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Case:
    """`read`: what lands in the model; `named`: what is only named as unread; `findings`: the codes seen."""

    product: str
    read: tuple[str, ...]
    named: tuple[str, ...]
    findings: tuple[str, ...]


_NETFILTER_READ: Final = (
    *("all tables", "chains and policies", "jumps", "addresses, ranges and negations", "ports"),
    *("interfaces", "connection states", "counters", "comments", "logging", "any other match as a condition"),
)

CASES: Final[dict[str, Case]] = {
    "iptables-save": Case(
        "Linux iptables",
        _NETFILTER_READ,
        ("-I and other commands", "lines cut in the middle"),
        (
            *("default-accepts", "any-any-accepts", "management-port-open", "clear-text-service"),
            *("broad-port-range", "shadowed-rule", "redundant-rule", "redundant-before"),
            *("missing-established", "drop-not-logged", "list-applied-nowhere", "rule-never-hit"),
            "ipv6-unseen",
        ),
    ),
    "nftables": Case(
        "Linux nftables",
        (*_NETFILTER_READ, "sets, defines and verdict maps"),
        ("statements that are not closed", "unknown blocks"),
        (
            *("default-accepts", "management-port-open", "clear-text-service", "broad-port-range"),
            *("shadowed-rule", "drop-not-logged", "unused-object", "list-applied-nowhere"),
            *("rule-never-hit", "ipv6-open"),
        ),
    ),
    "nftables-json": Case(
        "Linux nftables (JSON)",
        (*_NETFILTER_READ, "sets and verdict maps"),
        ("unknown objects", "what follows a damaged object"),
        ("drop-not-logged",),
    ),
    "cisco-ios": Case(
        "Cisco IOS and IOS-XE",
        (
            *("standard, extended and IPv6 access lists", "object groups within groups", "wildcard masks"),
            *("remarks", "established", "logging", "counters of show access-lists"),
            *("where lists are applied", "HTTP, Telnet, SSH, SNMP and TFTP of the device"),
        ),
        ("zone-based firewall", "inspection", "reflexive and dynamic entries", "lists of MAC addresses"),
        (
            *("empty-list-accepts", "any-any-accepts", "management-port-open", "management-access-open"),
            *("clear-text-management", "clear-text-service", "broad-port-range", "shadowed-rule"),
            *("redundant-rule", "redundant-before", "stateless-without-established", "drop-not-logged"),
            *("unused-object", "list-applied-nowhere", "ipv6-open"),
        ),
    ),
    "cisco-asa": Case(
        "Cisco ASA",
        (
            *("extended and standard access lists", "objects and groups of groups", "names", "remarks"),
            *("inactive entries", "logging", "counters", "interface and global lists", "security levels"),
            "HTTPS, Telnet, SSH and SNMP of the device",
        ),
        ("ethertype and webtype lists", "groups of users"),
        (
            *("empty-list-accepts", "security-level-accepts", "any-any-accepts", "management-port-open"),
            *("management-access-open", "clear-text-management", "clear-text-service", "shadowed-rule"),
            *("redundant-rule", "unused-object", "list-applied-nowhere", "disabled-rule", "rule-never-hit"),
        ),
    ),
}
