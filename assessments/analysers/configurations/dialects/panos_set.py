"""Read a Palo Alto configuration in ``set`` commands."""

from assessments.analysers.configurations.dialects.panos import ruleset
from assessments.analysers.configurations.dialects.panos_tree import read_set
from assessments.analysers.configurations.lines import UnreadLines
from assessments.analysers.configurations.rules import Ruleset


def read(text: str, dialect: str) -> Ruleset:
    unread = UnreadLines()
    return ruleset(read_set(text, unread), text, dialect, unread)
