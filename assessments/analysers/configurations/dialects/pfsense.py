"""Read the configuration file of pfSense."""

from assessments.analysers.configurations.dialects.pf_rules import PfReader
from assessments.analysers.configurations.dialects.xml_lines import Element, read_xml
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.rules import Ruleset


def read(text: str, dialect: str) -> Ruleset:
    """The rules of every tab, aliases and port forwards; raises `RefusedContent` for a DTD."""
    unread = UnreadLines()
    root = read_xml(text, unread) or Element("pfsense", {}, 1)
    reader = PfReader(root, unread, present=True)
    reader.aliases.read(root.all("aliases", "alias"))
    for rule in root.all("filter", "rule"):
        # What the file ends inside may lack what narrows it.
        if rule.closed:
            reader.rule(rule)
    for forward in root.all("nat", "rule"):
        if forward.closed:
            reader.forward(forward)
    reader.not_read(root.all("nat", "outbound", "rule"), "outbound")
    reader.not_read(root.all("nat", "onetoone"), "onetoone")
    reader.not_read(root.all("nat", "npt"), "npt")
    return reader.ruleset(text, dialect)
