"""Firewall configurations as learners of four skills (quality 0 to 3) would hand them in."""

import random

from workbench.demo.configurations.cisco import write_ios
from workbench.demo.configurations.fortinet import write_fortios
from workbench.demo.configurations.linux_iptables import write_iptables
from workbench.demo.configurations.linux_nftables import write_nftables
from workbench.demo.policies import Quality, make_policy


def iptables_save(rng: random.Random, quality: Quality) -> str:
    """The output of `iptables-save`."""
    return write_iptables(make_policy(rng, quality), 4)


def ip6tables_save(rng: random.Random, quality: Quality) -> str:
    """The output of `ip6tables-save` on the same machine, for an equal state of `rng`."""
    return write_iptables(make_policy(rng, quality), 6)


def nftables(rng: random.Random, quality: Quality) -> str:
    """An /etc/nftables.conf."""
    return write_nftables(make_policy(rng, quality))


def cisco_acl(rng: random.Random, quality: Quality) -> str:
    """The running configuration of an IOS-XE router."""
    return write_ios(make_policy(rng, quality))


def fortios(rng: random.Random, quality: Quality) -> str:
    """A FortiOS backup."""
    return write_fortios(make_policy(rng, quality))
