"""What each finding in a packet capture means, why it matters and what to look for."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from assessments.explaining.words import Words

_NEVER_AGAIN: Final = _("Hand in the cleaned copy, and change the password if it is a real one.")

WORDS: Final[Mapping[str, Words]] = {
    "port-scan": Words(
        _("%(source)s tried %(ports)s ports of %(target)s (%(kind)s scan)"),
        _(
            "Ordinary programs know which port they want. Trying many finds out which services a machine "
            "offers, and is most often the first step of an attack."
        ),
        _(
            "Look at which ports answered, at what the source did next, and at whether the scan was part of "
            "the exercise. Ports that were refused say as much about the firewall as those that answered."
        ),
    ),
    "host-sweep": Words(
        _("%(source)s tried port %(port)s of %(hosts)s machines (%(kind)s)"),
        _("One service is sought on a whole network: by an attacker, a worm, or an inventory of devices."),
        _("See which machines answered, and whether the source has a reason to know the whole network."),
    ),
    "syn-flood": Words(
        _("%(attempts)s unfinished connections to %(target)s, port %(port)s"),
        _(
            "Each attempt makes the server keep a place until it gives up; enough of them keep everyone else "
            "out. %(completed)s connections were completed in the same capture."
        ),
        _(
            "Compare the sources: very many that each try once are usually forged. See whether the server "
            "still answers, and whether anything limits the attempts."
        ),
    ),
    "icmp-flood": Words(
        _("%(requests)s pings from %(source)s to %(target)s in quick succession"),
        _("Monitoring asks once a second or less. Hundreds a second fill the line or keep the target busy."),
        _("See whether replies came back and grew rarer, and whether it was a test of the line."),
    ),
    "arp-conflict": Words(
        _("%(devices)s devices say that they have the address %(address)s"),
        _(
            "Whoever answers for another's address receives its traffic. This is how someone on the local "
            "network places themselves between two machines."
        ),
        _(
            "Find out which device had the address first and whose the other is. A device that was "
            "exchanged, a pair that shares an address for availability, and an address given twice by "
            "mistake look the same."
        ),
    ),
    "arp-unasked": Words(
        _("%(count)s ARP announcements or answers that nobody had asked for"),
        _("A machine announces its address once or twice. Tools that poison ARP tables repeat it for ever."),
        _("See whose address is announced, to whom, and whether traffic takes another way afterwards."),
    ),
    "beaconing": Words(
        _("%(source)s calls %(target)s, port %(port)s, every %(seconds)s seconds (%(calls)s times)"),
        _(
            "People are irregular, programs are not: malicious software asks its master for orders at fixed "
            "times. So do clocks, mail programs and updates."
        ),
        _(
            "Find out which program calls and whether its server is known: by the name asked for before the "
            "call, by the certificate, and by whether the amounts of data are always alike."
        ),
    ),
    "dns-missing-names": Words(
        _("%(client)s asked for names that do not exist: %(missing)s of %(answers)s answers"),
        _(
            "Mistyped names come one by one. Malicious software that calculates where its master might be "
            "asks for dozens, nearly all of which nobody has registered."
        ),
        _("Look at the names: random letters speak for it, one domain added to everything for a mistake."),
    ),
    "dns-tunnel": Words(
        _("%(names)s different names below %(domain)s, %(long)s of them very long"),
        _(
            "Names can carry data past a firewall that lets nothing but DNS through: each query holds a "
            "piece of it, so no two are alike."
        ),
        _("Look at the letters, the types of record asked for, and at which machine asked."),
    ),
    "clear-text-credentials": Words(
        _("Credentials in clear text: %(protocol)s, in %(packets)s packets"),
        _(
            "Everyone on the way can read them and log in as that person. They are not shown here, but they "
            "stand in the file."
        ),
        _(
            "Ask whether they are real, and whether the work says which encrypted protocol belongs there. "
            "Before it becomes public, the capture must be replaced by its cleaned copy."
        ),
    ),
    "clear-text-protocol": Words(
        _("%(protocol)s in clear text, %(conversations)s conversations"),
        _("Everyone on the way can read along and change what is sent: %(packets)s packets are open to it."),
        _("Name the encrypted successor, and who would have to change what to use it."),
    ),
    "deprecated-tls": Words(
        _("%(version)s is used, %(count)s times"),
        _("Its weaknesses are known, and RFC 8996 forbids it: it protects only against the curious."),
        _("See which side insists on it: the first packets of both sides name the versions they know."),
    ),
    "tls-keys-included": Words(
        _("The file holds keys that decrypt its TLS traffic, %(count)s times"),
        _("Whoever opens the file can read everything in these connections, passwords included."),
        _("Hand in the copy without keys unless the decrypted traffic is what is to be shown."),
    ),
    "many-resets": Words(
        _("%(conversations)s of %(total)s TCP conversations ended by a reset"),
        _("A reset ends a connection at once: a firewall, a program that crashed, or someone between."),
        _("See which side sends them and at what point; always the same point speaks for a filter."),
    ),
    "retransmissions": Words(
        _("%(count)s of %(segments)s TCP segments were sent again"),
        _("Data was lost or not acknowledged in time: the network is slow or loses packets."),
        _("See whether one path is concerned or all of them, and whether the capture holds packets twice."),
    ),
    "packets-missing": Words(
        _("Data is missing in TCP conversations, %(count)s times in %(segments)s segments"),
        _(
            "The capture does not hold all that was sent: the machine that recorded it was too slow, or part "
            "of the traffic took another way."
        ),
        _("Conclusions from what is not in the capture are unsafe."),
    ),
    "packets-cut": Words(
        _("%(packets)s packets were not captured whole (at most %(snaplen)s bytes of each)"),
        _("What stood behind the cut cannot be judged, and credentials may be missing from the findings."),
        _("Often the limit was set on purpose to protect what people wrote: see whether the work says so."),
    ),
    "time-backwards": Words(
        _("The time goes backwards, %(packets)s times"),
        _("The clock was set, captures were joined, or packets were reordered: durations are unsafe."),
        _("Compare around these packets before trusting a sequence of events."),
    ),
    "malformed-packets": Words(
        _("%(packets)s packets contradict themselves"),
        _("A length or version in a header cannot be right: damage, or a sender that means to confuse."),
        _("A few are noise. Many from one sender are worth a look at what they were meant for."),
    ),
    "one-direction": Words(
        _("Only one side is seen in %(conversations)s of %(total)s TCP conversations"),
        _("The capture was made where half of the traffic passes, so answers cannot be judged."),
        _("See where it was recorded: a mirror port that copies one direction is the usual cause."),
    ),
}

_IN_CLEAR: Final = _("It crossed the network in clear text, and anyone who opens the file can read it.")

# The secrets that only captures hold; the others stand in ``secrets``.
SECRETS: Final[Mapping[str, Words]] = {
    "ftp-password": Words(_("FTP password"), _IN_CLEAR, _NEVER_AGAIN),
    "telnet-password": Words(_("Telnet password"), _IN_CLEAR, _NEVER_AGAIN),
    "pop3-password": Words(_("POP3 password"), _IN_CLEAR, _NEVER_AGAIN),
    "imap-password": Words(_("IMAP password"), _IN_CLEAR, _NEVER_AGAIN),
    "smtp-password": Words(_("SMTP password"), _IN_CLEAR, _NEVER_AGAIN),
    "ldap-password": Words(_("LDAP password"), _IN_CLEAR, _NEVER_AGAIN),
    "http-basic": Words(
        _("Password of a web page (HTTP Basic)"),
        _("It is only written in other letters (Base64), which any program turns back."),
        _NEVER_AGAIN,
    ),
    "http-authorization": Words(_("Authorization of a web request"), _IN_CLEAR, _NEVER_AGAIN),
    "http-password": Words(_("Password in a web form or address"), _IN_CLEAR, _NEVER_AGAIN),
    "http-cookie": Words(
        _("Cookie of a web session"),
        _("The cookie of a session lets anyone go on in it as the person who logged in."),
        _("Hand in the cleaned copy, and log out of the session."),
    ),
    "tls-secrets": Words(
        _("Keys of TLS connections"),
        _("With them, everything in the encrypted connections of this capture can be read."),
        _("Hand in the cleaned copy, which leaves them out."),
    ),
}
