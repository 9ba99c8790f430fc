"""Read the XML export of a Palo Alto configuration."""

from assessments.analysers.configurations.dialects.panos import ruleset
from assessments.analysers.configurations.dialects.panos_tree import read_xml_tree
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.rules import Ruleset


def read(text: str, dialect: str) -> Ruleset:
    unread = UnreadLines()
    return ruleset(read_xml_tree(text, unread), text, dialect, unread)
