"""Name what a capture is made of as people who read captures do."""

from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# Where capitals alone do not do.
_PROTOCOLS: Final = {
    "ethernet": "Ethernet",
    "ftp-data": "FTP data",
    "icmpv6": "ICMPv6",
    "ip-in-ip": "IP in IP",
    "ipsec-nat": "IPsec over UDP",
    "ipv4": "IPv4",
    "ipv6": "IPv6",
    "ipv6-in-ip": "IPv6 in IP",
    "dhcpv6": "DHCPv6",
    "kerberos": "Kerberos",
    "mdns": "mDNS",
    "memcached": "memcached",
    "modbus": "Modbus",
    "mongodb": "MongoDB",
    "mysql": "MySQL",
    "netbios": "NetBIOS",
    "openvpn": "OpenVPN",
    "postgresql": "PostgreSQL",
    "redis": "Redis",
    "sll": "Linux cooked",
    "sll2": "Linux cooked v2",
    "telnet": "Telnet",
    "usb": "USB",
    "vxlan": "VXLAN",
    "wireguard": "WireGuard",
    "ws-discovery": "WS-Discovery",
}
_WORDS: Final[dict[str, Any]] = {
    "bluetooth": "Bluetooth",
    "cut": gettext_lazy("cut off"),
    "fragment": gettext_lazy("fragment"),
    "loopback": gettext_lazy("loopback"),
    "malformed": gettext_lazy("malformed"),
    "other": gettext_lazy("other"),
    "printer": gettext_lazy("printing"),
    "raw": gettext_lazy("raw IP"),
    "unknown": gettext_lazy("unknown"),
}
STATES: Final[dict[str, Any]] = {
    "open": gettext_lazy("open at the end"),
    "closed": gettext_lazy("closed"),
    "reset": gettext_lazy("reset"),
    "refused": gettext_lazy("refused"),
    "unanswered": gettext_lazy("unanswered"),
    "half-open": gettext_lazy("half-open"),
    "one-sided": gettext_lazy("one side seen"),
    "midstream": gettext_lazy("began before"),
    "odd": gettext_lazy("odd flags"),
    "answered": gettext_lazy("answered"),
    "no-answer": gettext_lazy("no answer"),
    "complete": gettext_lazy("complete"),
}


def protocol(name: str) -> str:
    """“tls” as TLS, “wireguard” as WireGuard."""
    if name in _WORDS:
        return str(_WORDS[name])
    return _PROTOCOLS.get(name) or name.upper()


def state(code: str) -> str:
    return str(STATES.get(code, code))


def duration(seconds: float) -> str:
    """“1 h 5 min”, “2 min 3 s”, “0.25 s”: the two largest units."""
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": number_format(f"{seconds:.3g}")}
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    days = hours // 24
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
