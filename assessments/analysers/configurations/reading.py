"""Read a configuration of any known dialect into one model."""

from collections.abc import Callable
from typing import Final

from assessments.analysers.configurations.dialects import (
    cisco_asa,
    cisco_ios,
    fortios,
    iptables,
    junos,
    nftables,
    nftables_json,
    opnsense,
    panos_set,
    panos_xml,
    pfsense,
    windows_json,
    windows_netsh,
)
from assessments.analysers.configurations.rules import Ruleset

Reader = Callable[[str, str], Ruleset]

READERS: Final[dict[str, Reader]] = {
    "iptables-save": iptables.read,
    "ip6tables-save": iptables.read,
    "nftables": nftables.read,
    "nftables-json": nftables_json.read,
    "cisco-ios": cisco_ios.read,
    "cisco-asa": cisco_asa.read,
    "panos-set": panos_set.read,
    "panos-xml": panos_xml.read,
    "junos": junos.read,
    "junos-set": junos.read,
    "fortios": fortios.read,
    "pfsense": pfsense.read,
    "opnsense": opnsense.read,
    "windows-json": windows_json.read,
    "windows-netsh": windows_netsh.read,
}


def read(text: str, dialect: str) -> Ruleset:
    """The rules of `text`; raises `KeyError` for a dialect without a reader.

    Whatever the text is, a reader reads on and says in `unread` what it did not understand.
    """
    return READERS[dialect](text, dialect)
