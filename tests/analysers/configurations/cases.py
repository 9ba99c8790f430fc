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

_JUNOS_READ: Final = (
    *("policies between zones and global ones", "default policy", "address books and sets within sets"),
    *("applications, also Juniper's own", "schedules and identities as conditions", "inactive statements"),
    *("logging", "firewall filters with prefix lists", "where filters are applied", "screens"),
    *("host-inbound-traffic of zones and interfaces", "IPv6 mode", "logical systems and tenants"),
)
_JUNOS_NAMED: Final = ("NAT", "apply-groups", "policies and terms cut in the middle")
_PANOS_READ: Final = (
    *("security rules of firewalls, virtual systems and device groups", "shared objects", "default rules"),
    *("addresses and static groups", "services and groups", "applications with their standard ports"),
    *("users, categories and schedules as conditions", "profiles", "tags", "negations", "logging"),
    *("zone protection", "management port and profiles of interfaces"),
)
_PANOS_NAMED: Final = ("NAT and other rule bases", "templates", "rules cut in the middle")
_PF_READ: Final = (
    *("rules tab by tab", "floating rules, quick or by last match", "aliases of hosts, networks and ports"),
    *("networks and addresses of interfaces", "negations", "port forwards", "schedules and limits"),
    *("gateways", "logging", "web pages and SSH by the rule against locking out", "IPv6 switched off"),
)
_PF_NAMED: Final = ("outbound and one-to-one NAT", "rules cut in the middle")
_WINDOWS_READ: Final = (
    *("rules by direction, a block before an allow", "profiles, programs and services as conditions"),
    *("local and remote addresses and ports", "ICMP types", "words for ports", "edge traversal"),
    "rules that are switched off",
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
    "junos": Case(
        "Juniper SRX (braces)",
        _JUNOS_READ,
        _JUNOS_NAMED,
        (
            *("default-accepts", "any-any-accepts", "management-port-open", "management-access-open"),
            *("clear-text-management", "broad-port-range", "drop-not-logged", "unused-object"),
            "disabled-rule",
        ),
    ),
    "junos-set": Case(
        "Juniper SRX (set commands)",
        (*_JUNOS_READ, "insert, delete, activate and deactivate"),
        _JUNOS_NAMED,
        (
            *("default-accepts", "any-any-accepts", "management-port-open", "management-access-open"),
            *("broad-port-range", "drop-not-logged", "unused-object", "disabled-rule"),
        ),
    ),
    "fortios": Case(
        "Fortinet FortiOS",
        (
            *("policies of both families", "local-in policies", "virtual domains", "addresses and groups"),
            *("services and groups", "virtual addresses", "negations", "users and schedules as conditions"),
            *("inspection profiles", "allowaccess with trusted hosts", "logging of the implicit denial"),
        ),
        (
            *("DoS, multicast, proxy and interface policies", "central NAT", "entries cut in the middle"),
            "services and addresses with values that make no sense",
        ),
        (
            *("any-any-accepts", "management-port-open", "management-access-open", "clear-text-management"),
            *("clear-text-service", "drop-not-logged", "unused-object", "disabled-rule"),
        ),
    ),
    "panos-set": Case(
        "Palo Alto PAN-OS (set commands)",
        _PANOS_READ,
        _PANOS_NAMED,
        (
            *("any-any-accepts", "management-port-open", "management-access-open", "clear-text-management"),
            *("unused-object", "disabled-rule"),
        ),
    ),
    "panos-xml": Case(
        "Palo Alto PAN-OS (XML)",
        _PANOS_READ,
        (*_PANOS_NAMED, "document type declarations, which are refused"),
        (
            *("management-port-open", "management-access-open", "clear-text-management", "unused-object"),
            "drop-not-logged",
            "disabled-rule",
        ),
    ),
    "pfsense": Case(
        "pfSense",
        _PF_READ,
        (*_PF_NAMED, "document type declarations, which are refused"),
        (
            *("any-any-accepts", "management-port-open", "clear-text-management", "clear-text-service"),
            *("redundant-rule", "unused-object", "disabled-rule"),
        ),
    ),
    "opnsense": Case(
        "OPNsense",
        (*_PF_READ, "rules and aliases of the newer models"),
        (*_PF_NAMED, "document type declarations, which are refused"),
        ("management-port-open", "clear-text-management", "disabled-rule"),
    ),
    "windows-json": Case(
        "Windows (PowerShell JSON)",
        (*_WINDOWS_READ, "filters joined flat or nested", "numbers and names of both PowerShells"),
        ("objects that are no rule", "what follows a damaged object"),
        ("management-port-open", "disabled-rule"),
    ),
    "windows-netsh": Case(
        "Windows (netsh in English, French and Dutch)",
        _WINDOWS_READ,
        ("labels in other languages", "a rule cut in the middle"),
        ("management-port-open", "disabled-rule"),
    ),
}
