"""What each finding in a firewall configuration means, why it matters and what to look for."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from assessments.explaining.words import Words

WORDS: Final[Mapping[str, Words]] = {
    "default-accepts": Words(
        _("“%(scope)s” accepts by default"),
        _(
            "A packet that no rule decides is let through. Whatever the writer did not think of is open: a "
            "new service, a forgotten port, a second address."
        ),
        _(
            "A careful list denies by default and accepts what is needed. See whether a last rule that "
            "drops everything is missing, or whether the default was left as the product came."
        ),
    ),
    "empty-list-accepts": Words(
        _("“%(scope)s” is applied and has no entries"),
        _(
            "A list without entries denies nothing: everything passes where it is applied, although the "
            "configuration looks as if it filtered there."
        ),
        _("Compare the name with the lists that exist: a typing error is the usual cause."),
    ),
    "security-level-accepts": Words(
        _("“%(scope)s” relies on its security level alone"),
        _(
            "Without a list on the interface, all traffic towards interfaces of a lower level is accepted, "
            "so a machine that is taken over may call out as it likes."
        ),
        _("See whether outgoing traffic is meant to be free here, and whether the work says so."),
    ),
    "any-any-accepts": Words(
        _("Rule %(rule)s of “%(scope)s” accepts everything"),
        _(
            "Any source may reach any destination with any service. Rules after it decide nothing, and "
            "rules before it count only where they deny."
        ),
        _(
            "Often it was added for a test and stayed. Ask what it was needed for, and which addresses and "
            "services would have been enough."
        ),
    ),
    "shadowed-rule": Words(
        _("Rule %(rule)s of “%(scope)s” never takes effect"),
        _(
            "Rule %(by)s, at line %(by_line)s, matches all of its packets first and decides otherwise. What "
            "the rule at line %(line)s was written for does not happen."
        ),
        _(
            "Find out which of the two was meant. Usually the narrower rule belongs above the wider one; if "
            "it denies something, what it should stop passes today."
        ),
    ),
    "redundant-rule": Words(
        _("Rule %(rule)s of “%(scope)s” repeats an earlier rule"),
        _(
            "Rule %(by)s, at line %(by_line)s, already decides the same for all packets of the rule at line "
            "%(line)s. Rules without effect make a list harder to read and hide mistakes."
        ),
        _("Nothing is open because of it. A tidy list would leave it out, or say why it is there."),
    ),
    "redundant-before": Words(
        _("Rule %(rule)s of “%(scope)s” is made needless by a later rule"),
        _(
            "Rule %(by)s, at line %(by_line)s, would decide the same for all packets of the rule at line "
            "%(line)s, and no rule between them decides anything else."
        ),
        _("See whether the wider, later rule is meant: perhaps only the narrow one was."),
    ),
    "management-port-open": Words(
        _("Rule %(rule)s of “%(scope)s” opens %(ports)s to every address"),
        _(
            "Machines are administered through these ports. Open to every address, they are found by "
            "scanners within hours, and passwords are tried without end."
        ),
        _(
            "Administration belongs behind a VPN or to a few named addresses. A public web server is "
            "different: there it is enough that the destination is that server alone."
        ),
    ),
    "management-access-open": Words(
        _("The device offers %(service)s to every address"),
        _(
            "This is a door to the firewall itself. Whoever gets in may change every rule, so nobody but "
            "its administrators should be able to knock."
        ),
        _(
            "Look for the list or the addresses that should limit it, and for the interface it is offered "
            "on: %(interface)s."
        ),
    ),
    "clear-text-management": Words(
        _("The device is managed with %(service)s, which does not encrypt"),
        _(
            "The administrator's password and every command cross the network readable. One machine on the "
            "way is enough to take the device over."
        ),
        _(
            "SSH, HTTPS and SNMP version 3 take the place of Telnet, HTTP and SNMP versions 1 and 2c. See "
            "whether they are switched on and the old ones off (interface: %(interface)s)."
        ),
    ),
    "clear-text-service": Words(
        _("Rule %(rule)s of “%(scope)s” accepts services in clear text: %(services)s"),
        _("What these services carry, passwords above all, can be read by anyone on the way."),
        _(
            "Ask whether the encrypted form would do (SSH or SFTP, LDAPS, IMAPS, SNMP version 3), and if "
            "not, whether the path stays within a trusted network."
        ),
    ),
    "broad-port-range": Words(
        _("Rule %(rule)s of “%(scope)s” opens %(count)s ports (%(ports)s)"),
        _(
            "Every service that listens in the range can be reached, those too that are installed later and "
            "that nobody thought of."
        ),
        _(
            "Few programs need so many: passive FTP, media and some databases do. A rule meant for answers "
            "should ask for established connections instead."
        ),
    ),
    "missing-established": Words(
        _("“%(scope)s” drops by default and accepts no answers"),
        _(
            "No rule accepts packets of established connections, so answers are dropped too unless a rule "
            "opens their port. Things then work by chance, or through rules that are wider than needed."
        ),
        _(
            "A line for the states established and related, near the top, is the usual way. Without it, "
            "look for rules that open high ports for answers."
        ),
    ),
    "stateless-without-established": Words(
        _("“%(scope)s” keeps no state and names no established connections"),
        _(
            "The list judges each packet by itself. Where answers have to pass, they either fail or need a "
            "rule that lets new connections in as well."
        ),
        _(
            "On a list for incoming traffic look for “established”, a reflexive list or inspection. On a "
            "list for outgoing traffic it may be missing rightly."
        ),
    ),
    "drop-not-logged": Words(
        _("What “%(scope)s” denies at its end leaves no trace"),
        _(
            "Denied packets are the first sign of a scan, of a wrong rule or of a machine that was taken "
            "over. Without a log nobody sees them."
        ),
        _(
            "Look for a last rule that logs before it drops, best with a limit so that the log cannot be "
            "flooded."
        ),
    ),
    "ipv6-open": Words(
        _("IPv6 passes beside the rules"),
        _(
            "The device speaks IPv6 and nothing in the file filters it. Every careful rule for IPv4 can be "
            "walked around by using the other protocol."
        ),
        _("Either IPv6 is filtered as strictly as IPv4, or it is switched off, and the work says which."),
    ),
    "ipv6-unseen": Words(
        _("The file says nothing about IPv6"),
        _(
            "It holds the rules for IPv4 alone. Most systems speak IPv6 by themselves, and its rules are "
            "kept apart."
        ),
        _("Ask for the output of ip6tables-save too, or for the proof that IPv6 is off."),
    ),
    "unused-object": Words(
        _("Nothing uses the object “%(name)s”"),
        _(
            "Left-over objects make a configuration harder to read, and are easily put into a rule by "
            "mistake."
        ),
        _("See whether a rule was forgotten that should use it, or whether it is left from earlier work."),
    ),
    "list-applied-nowhere": Words(
        _("“%(scope)s” is applied nowhere in this file"),
        _("As long as nothing applies the list, none of its rules filters a single packet."),
        _(
            "Look for the interface or the chain that should use it. If only a part of the configuration "
            "was handed in, the other part may hold it."
        ),
    ),
    "disabled-rule": Words(
        _("Rule %(rule)s of “%(scope)s” is switched off"),
        _("It has no effect now, and one click or word brings it back without anyone looking at it again."),
        _("A comment should say why it is kept. Otherwise it is better removed."),
    ),
    "rule-never-hit": Words(
        _("Rule %(rule)s of “%(scope)s” has not matched a single packet"),
        _(
            "Other rules of the file have counted packets, this one none: it is not needed, stands in the "
            "wrong place, or was not tested."
        ),
        _("If the task asked for a test of this rule, the counter shows that the test did not reach it."),
    ),
}
