"""Read the configuration file of OPNsense, with the sections of old and those of its newer models."""

from assessments.analysers.configurations.dialects.pf_endpoints import FAMILIES
from assessments.analysers.configurations.dialects.pf_interfaces import is_on
from assessments.analysers.configurations.dialects.pf_rules import PfReader
from assessments.analysers.configurations.dialects.xml_lines import Element, read_xml
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.rules import Ruleset

_MODEL = ("OPNsense", "Firewall")


def read(text: str, dialect: str) -> Ruleset:
    """The rules of every tab, aliases and port forwards; raises `RefusedContent` for a DTD."""
    unread = UnreadLines()
    root = read_xml(text, unread) or Element("opnsense", {}, 1)
    reader = PfReader(root, unread, present=False)
    reader.aliases.read([*root.all("aliases", "alias"), *root.all(*_MODEL, "Alias", "aliases", "alias")])
    # Rules of the newer model come before the older ones of the same tab, in the order of their sequence.
    newer = [rule for rule in root.all(*_MODEL, "Filter", "rules", "rule") if rule.closed]
    for rule in sorted(newer, key=_sequence):
        _newer_rule(reader, rule)
    for rule in root.all("filter", "rule"):
        if rule.closed:
            reader.rule(rule)
    for forward in root.all("nat", "rule"):
        if forward.closed:
            reader.forward(forward)
    reader.not_read(root.all("nat", "outbound", "rule"), "outbound")
    reader.not_read(root.all("nat", "onetoone"), "onetoone")
    for section in ("snatrules", "npt", "onetoone"):
        reader.not_read(root.all(*_MODEL, "Filter", section, "rule"), section)
    return reader.ruleset(text, dialect)


def _sequence(rule: Element) -> int:
    told = rule.value("sequence")[:9]
    return int(told) if told.isascii() and told.isdigit() else 0


def _newer_rule(reader: PfReader, rule: Element) -> None:
    family = FAMILIES.get(rule.value("ipprotocol") or "inet", "any")
    source, destination = (
        reader.ends.of_words(
            rule.value(f"{side}_net"),
            rule.value(f"{side}_port"),
            family,
            negated=is_on(rule, f"{side}_not", present=False),
        )
        for side in ("source", "destination")
    )
    reader.add(rule, source, destination, action=rule.value("action") or "pass")
