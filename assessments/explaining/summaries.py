"""Say in one sentence what was read in a file, for a person who has not seen it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# The products by the dialects that recognition tells; names of products are not translated.
PRODUCTS: Final[Mapping[str, Any]] = {
    "iptables-save": "iptables",
    "ip6tables-save": "ip6tables",
    "nftables": "nftables",
    "nftables-json": "nftables (JSON)",
    "cisco-ios": "Cisco IOS",
    "cisco-asa": "Cisco ASA",
    "fortios": "FortiOS",
    "junos": "Juniper SRX",
    "junos-set": "Juniper SRX (set)",
    "panos-set": "PAN-OS (set)",
    "panos-xml": "PAN-OS (XML)",
    "pfsense": "pfSense",
    "opnsense": "OPNsense",
    "windows-json": "Windows (PowerShell)",
    "windows-netsh": "Windows (netsh)",
}
FORMATS: Final[Mapping[str, Any]] = {
    "pdf": "PDF",
    "docx": "Word",
    "odt": "OpenDocument",
    "xlsx": "Excel",
    "ods": gettext_lazy("OpenDocument spreadsheet"),
    "pptx": "PowerPoint",
    "odp": gettext_lazy("OpenDocument presentation"),
    "markdown": "Markdown",
    "csv": "CSV",
    "json": "JSON",
}


def product(dialect: str) -> str:
    """What people call the product that a dialect belongs to; the dialect itself when it is new."""
    return str(PRODUCTS.get(dialect, dialect))


def in_words(analyser: str, dialect: str, facts: Mapping[str, Any]) -> str:
    return SENTENCES[analyser](dialect, facts) if analyser in SENTENCES else ""


def _configuration(dialect: str, facts: Mapping[str, Any]) -> str:
    rules, lists = int(facts.get("rules", 0)), int(facts.get("scopes_total", 0))
    counted = ngettext("%(count)s rule", "%(count)s rules", rules) % {"count": number_format(rules)}
    held = ngettext("%(count)s list", "%(count)s lists", lists) % {"count": number_format(lists)}
    return _("%(product)s configuration with %(rules)s in %(lists)s") % {
        "product": product(dialect),
        "rules": counted,
        "lists": held,
    }


def _capture(dialect: str, facts: Mapping[str, Any]) -> str:
    packets = int(facts.get("packets", 0))
    counted = ngettext("%(count)s packet", "%(count)s packets", packets) % {"count": number_format(packets)}
    if not packets:
        return _("Packet capture without packets")
    return _("Packet capture of %(packets)s, %(size)s in %(span)s") % {
        "packets": counted,
        "size": filesizeformat(facts["bytes"]["original"]),
        "span": _span(float(facts.get("seconds") or 0)),
    }


def _span(seconds: float) -> str:
    if seconds < 120:
        whole = round(seconds)
        return ngettext("%(count)s second", "%(count)s seconds", whole) % {"count": number_format(whole)}
    if seconds < 7200:
        minutes = round(seconds / 60)
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": number_format(minutes)}
    hours = round(seconds / 3600)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": number_format(hours)}


def _document(dialect: str, facts: Mapping[str, Any]) -> str:
    words = int(facts.get("words", 0))
    counted = ngettext("%(count)s word", "%(count)s words", words) % {"count": number_format(words)}
    form = str(FORMATS.get(facts.get("label", ""), _("Text")))
    if not facts.get("pages"):
        return _("%(format)s with %(words)s") % {"format": form, "words": counted}
    pages = int(facts["pages"])
    leaves = ngettext("%(count)s page", "%(count)s pages", pages) % {"count": number_format(pages)}
    return _("%(format)s with %(words)s on %(pages)s") % {"format": form, "words": counted, "pages": leaves}


def _image(dialect: str, facts: Mapping[str, Any]) -> str:
    if not facts.get("width"):
        return _("Image")
    return _("Image of %(width)s × %(height)s pixels") % {"width": facts["width"], "height": facts["height"]}


def _unread(dialect: str, facts: Mapping[str, Any]) -> str:
    return _("A file that is kept as it is: nothing here reads its kind")


SENTENCES: Final[Mapping[str, Callable[[str, Mapping[str, Any]], str]]] = {
    "firewall-configuration": _configuration,
    "packet-capture": _capture,
    "document": _document,
    "image": _image,
    "none": _unread,
}
