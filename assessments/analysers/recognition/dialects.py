"""Tell which firewall a configuration was written for by the statements only that firewall has."""

import re
from dataclasses import dataclass

SHEBANG_INTERPRETERS = ("nft", "iptables-restore", "ip6tables-restore")
_SEARCHED = 65_536
_NOT_BLANK_OR_COMMENT = re.compile(r"^[ \t]*[^\s#!;/].*$", re.MULTILINE)
_SENTENCE = re.compile(r"^[ \t]*(?:[-*>] )?[A-ZÀ-Ý][^\n{};=<>\"]{30,}[.!?:]$")
_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)


def _patterns(*sources: str) -> tuple[re.Pattern[str], ...]:
    # Space is always [ \t], never \s: with MULTILINE a run of blank lines would cost its square.
    return tuple(re.compile(source, re.MULTILINE) for source in sources)


@dataclass(frozen=True, slots=True)
class _Dialect:
    """A dialect counts when one `sure` statement is there and 2 × sure + also reaches `least`."""

    code: str
    sure: tuple[re.Pattern[str], ...]
    also: tuple[re.Pattern[str], ...]
    least: int

    def score(self, text: str) -> int:
        sure = sum(1 for pattern in self.sure if pattern.search(text))
        if not sure:
            return 0
        total = 2 * sure + sum(1 for pattern in self.also if pattern.search(text))
        return total if total >= self.least else 0


_DIALECTS = (
    _Dialect(
        "iptables-save",
        _patterns(r"^\*(?:filter|nat|mangle|raw|security)[ \t]*$"),
        _patterns(
            r"^:[\w.-]+ (?:ACCEPT|DROP|REJECT|QUEUE|-)(?: \[\d+:\d+\])?[ \t]*$",
            r"^(?:\[\d+:\d+\] )?-[AI] [\w.-]+ ",
            r"^COMMIT[ \t]*$",
        ),
        3,
    ),
    _Dialect(
        "nftables",
        _patterns(
            r"^[ \t]*table (?:inet|ip|ip6|arp|bridge|netdev) [\w.-]+ ?\{",
            r"^[ \t]*(?:nft )?add (?:table|chain|rule) (?:inet|ip|ip6|arp|bridge|netdev) [\w.-]+",
        ),
        _patterns(
            r"^[ \t]*chain [\w.-]+ ?\{",
            r"^[ \t]*type (?:filter|nat|route) hook \w+ priority ",
            r"^[ \t]*flush ruleset",
        ),
        2,
    ),
    _Dialect(
        "cisco-asa",
        _patterns(
            r"^access-list \S+ (?:line \d+ )?extended (?:permit|deny) ",
            r"^ASA Version ",
            r"^access-group \S+ (?:in|out) interface \S+",
            r"^access-group \S+ global[ \t]*$",
        ),
        _patterns(
            r"^[ \t]+security-level \d+", r"^[ \t]+nameif \S+", r"^object(?:-group)? network \S+", r"^: Saved"
        ),
        2,
    ),
    _Dialect(
        "cisco-ios",
        _patterns(
            r"^ip access-list (?:standard |extended |resequence )?\S+",
            r"^ipv6 access-list \S+",
            r"^access-list \d+ (?:permit|deny|remark|dynamic) ",
        ),
        _patterns(
            r"^[ \t]+ip access-group \S+ (?:in|out)",
            r"^[ \t]+ipv6 traffic-filter \S+ (?:in|out)",
            r"^[ \t]+(?:\d+ )?(?:permit|deny) (?:ip|ipv6|tcp|udp|icmp|any|host) ?",
            r"^interface \S+",
            r"^line (?:vty|con)",
            r"^hostname \S+",
        ),
        2,
    ),
    _Dialect(
        "fortios",
        _patterns(
            r"^#config-version=",
            r"^[ \t]*config firewall (?:policy6?|address6?|addrgrp6?|service|vip|ippool|local-in-policy)",
        ),
        _patterns(
            r"^[ \t]*edit (?:\d+|\"[^\"\n]*\")[ \t]*$",
            r"^[ \t]*set (?:srcintf|dstintf|srcaddr|dstaddr|action|schedule|service|subnet) ",
            r"^[ \t]*next[ \t]*$",
            r"^[ \t]*end[ \t]*$",
        ),
        4,
    ),
    _Dialect(
        "panos-set",
        _patterns(
            r"^set (?:shared |vsys \S+ |device-group \S+ )?(?:pre-|post-)?rulebase (?:security|nat) rules ",
            r"^set deviceconfig system ",
        ),
        _patterns(r"^set (?:shared |vsys \S+ )?(?:address|service|address-group|zone|network|mgt-config) "),
        2,
    ),
    _Dialect(
        "junos-set",
        _patterns(
            r"^set (?:logical-systems \S+ |groups \S+ )?security (?:policies|zones|nat) ",
            r"^set (?:groups \S+ )?firewall (?:family \S+ )?filter ",
        ),
        _patterns(
            r"^set (?:system|interfaces|routing-options|applications) ",
            r" then (?:permit|accept|deny|discard|reject)",
        ),
        2,
    ),
    _Dialect(
        "junos",
        _patterns(
            r"^[ \t]*(?:filter|security-zone) \S+ \{",
            r"^[ \t]*from-zone \S+ to-zone \S+ \{",
        ),
        _patterns(
            r"^[ \t]*(?:firewall|security|system|interfaces|policies|zones|family inet6?) \{",
            r"^[ \t]*(?:term|policy) \S+ \{",
            r"^[ \t]*then(?: \{| (?:accept|discard|reject);)",
            r"^## Last (?:commit|changed)",
        ),
        4,
    ),
    _Dialect(
        # A French or Dutch Windows translates the labels, but not the line of dashes and these two names.
        "windows-netsh",
        _patterns(r"^[^:\n]{3,40}:[ \t]{1,80}\S[^\n]{0,300}\r?\n-{20,}[ \t]*$"),
        _patterns(r"^LocalIP[ \t]{0,4}:", r"^RemoteIP[ \t]{0,4}:"),
        4,
    ),
)
_IPV6_IN_IPTABLES = re.compile(
    r"^# Generated by ip6tables|ipv6-icmp|icmpv6|icmp6-| -[sd] [0-9a-f]{0,4}:[0-9a-f:]+", re.MULTILINE
)
_WINDOWS_JSON = tuple(re.compile(rf'"{key}"\s{{0,8}}:') for key in ("Direction", "Action", "Enabled"))
_WINDOWS_JSON_NAMES = re.compile(r'"(?:DisplayName|InstanceID|CreationClassName)"\s{0,8}:')


def dialect_of_text(text: str) -> str | None:
    """Name the dialect of a configuration in lines or braces; a report that quotes rules has none."""
    text = text[:_SEARCHED].replace("\r\n", "\n").replace("\r", "\n")
    scores = {dialect.code: dialect.score(text) for dialect in _DIALECTS}
    best = max(scores, key=lambda code: scores[code])
    if not scores[best] or _is_prose(text):
        return None
    if best == "iptables-save" and _IPV6_IN_IPTABLES.search(text):
        return "ip6tables-save"
    return best


def dialect_of_json(text: str) -> str | None:
    """Name the dialect of a JSON export: `Get-NetFirewallRule | ConvertTo-Json` or `nft -j list ruleset`."""
    text = text[:_SEARCHED]
    if re.match(r'\s{0,64}\{\s{0,64}"nftables"\s{0,8}:', text):
        return "nftables-json"
    if _WINDOWS_JSON_NAMES.search(text) and all(pattern.search(text) for pattern in _WINDOWS_JSON):
        return "windows-json"
    return None


def dialect_of_xml(root: str, text: str) -> str | None:
    """Name the dialect of an XML configuration by its root element and the elements that only it has."""
    if root in ("pfsense", "opnsense"):
        return root
    text = text[:_SEARCHED]
    marks = ("<rulebase>", "<mgt-config>", "<devices>", "<deviceconfig>", "urldb=", "detail-version=")
    if root == "config" and sum(mark in text for mark in marks) >= 2:
        return "panos-xml"
    if (
        root in ("response", "rulebase", "rules")
        and "<entry name=" in text
        and "<from>" in text
        and "<action>" in text
    ):
        return "panos-xml"
    return None


def _is_prose(text: str) -> bool:
    if _FENCE.search(text):
        return True
    lines = _NOT_BLANK_OR_COMMENT.findall(text)
    sentences = sum(1 for line in lines if _SENTENCE.match(line))
    return sentences > len(lines) * 0.2
