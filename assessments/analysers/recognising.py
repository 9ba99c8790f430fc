"""Recognise what a file is by its content, never by its name."""

from dataclasses import dataclass
from typing import Final, Literal

from assessments.analysers.recognition.archives import archive_label
from assessments.analysers.recognition.decoding import decode
from assessments.analysers.recognition.signatures import binary_label, guessed_media_type
from assessments.analysers.recognition.texts import text_label

Kind = Literal["firewall-configuration", "packet-capture", "document", "image", "other"]

# How much of either end a caller should hand in: more is not looked at.
HEAD_BYTES: Final = 65_536
TAIL_BYTES: Final = 65_536

_CONFIGURATION: Final = "firewall-configuration"
_CAPTURE: Final = "packet-capture"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."

# label code: (media type, kind, extensions that say the same)
_FORMATS: Final[dict[str, tuple[str, Kind, str]]] = {
    "iptables-save": ("text/plain", _CONFIGURATION, "rules v4"),
    "ip6tables-save": ("text/plain", _CONFIGURATION, "rules v6"),
    "nftables": ("text/plain", _CONFIGURATION, "nft rules"),
    "nftables-json": ("application/json", _CONFIGURATION, "json"),
    "cisco-ios": ("text/plain", _CONFIGURATION, "ios acl"),
    "cisco-asa": ("text/plain", _CONFIGURATION, "asa acl"),
    "fortios": ("text/plain", _CONFIGURATION, "fgt"),
    "junos": ("text/plain", _CONFIGURATION, "junos"),
    "junos-set": ("text/plain", _CONFIGURATION, "junos set"),
    "panos-set": ("text/plain", _CONFIGURATION, "set"),
    "panos-xml": ("application/xml", _CONFIGURATION, "xml"),
    "pfsense": ("application/xml", _CONFIGURATION, "xml"),
    "opnsense": ("application/xml", _CONFIGURATION, "xml"),
    "windows-json": ("application/json", _CONFIGURATION, "json"),
    "windows-netsh": ("text/plain", _CONFIGURATION, "netsh"),
    "pcap": ("application/vnd.tcpdump.pcap", _CAPTURE, "pcap cap dmp"),
    "pcapng": ("application/x-pcapng", _CAPTURE, "pcapng ntar pcap cap"),
    "pcap-gzip": ("application/gzip", _CAPTURE, "gz pcapgz"),
    "pcapng-gzip": ("application/gzip", _CAPTURE, "gz pcapgz"),
    "pdf": ("application/pdf", "document", "pdf"),
    "docx": (_OFFICE + "wordprocessingml.document", "document", "docx"),
    "xlsx": (_OFFICE + "spreadsheetml.sheet", "document", "xlsx"),
    "pptx": (_OFFICE + "presentationml.presentation", "document", "pptx"),
    "odt": (_OPEN + "text", "document", "odt"),
    "ods": (_OPEN + "spreadsheet", "document", "ods"),
    "odp": (_OPEN + "presentation", "document", "odp"),
    "plain-text": ("text/plain", "document", ""),
    "markdown": ("text/markdown", "document", ""),
    "csv": ("text/csv", "document", ""),
    "json": ("application/json", "document", "json ipynb har"),
    "png": ("image/png", "image", "png"),
    "jpeg": ("image/jpeg", "image", "jpg jpeg jpe jfif"),
    "gif": ("image/gif", "image", "gif"),
    "webp": ("image/webp", "image", "webp"),
    "svg": ("image/svg+xml", "other", "svg xml"),
    "html": ("text/html", "other", "html htm xhtml"),
    "xml": ("application/xml", "other", "xml xsl xsd"),
    "rtf": ("application/rtf", "other", "rtf"),
    "zip": ("application/zip", "other", "zip"),
    "gzip": ("application/gzip", "other", "gz tgz"),
    "office-macros": ("application/vnd.ms-office", "other", "docm xlsm pptm dotm"),
    "java-archive": ("application/java-archive", "other", "jar war apk"),
    "elf": ("application/x-elf", "other", "elf so bin o"),
    "windows-program": ("application/vnd.microsoft.portable-executable", "other", "exe dll sys scr com"),
    "mach-o": ("application/x-mach-binary", "other", "dylib bin o"),
    "java-class": ("application/java-vm", "other", "class"),
    "wasm": ("application/wasm", "other", "wasm"),
    "windows-shortcut": ("application/x-ms-shortcut", "other", "lnk"),
    "script": ("text/x-script", "other", "sh bash zsh py pl rb php bat cmd js"),
    "empty": ("application/x-empty", "other", ""),
    "binary": ("application/octet-stream", "other", ""),
}
_EXECUTABLE: Final = frozenset(
    [
        "office-macros",
        "java-archive",
        "elf",
        "windows-program",
        "mach-o",
        "java-class",
        "wasm",
        "windows-shortcut",
        "script",
    ]
)
# Every tool saves a configuration under these names, so they promise text and nothing more.
_TEXT_EXTENSIONS: Final = frozenset(
    [
        "txt",
        "text",
        "md",
        "markdown",
        "csv",
        "tsv",
        "log",
        "conf",
        "cfg",
        "config",
        "rules",
        "acl",
        "nft",
        "set",
    ]
)
_CLAIMING: Final = frozenset(extension for _, _, known in _FORMATS.values() for extension in known.split())


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file turned out to be.

    `label_code` is one stable code a format, for translated labels. `dialect` is what an analyser chooses its
    reader by: a configuration's dialect, `pcap` or `pcapng` for a capture (compressed or not), else empty.
    `encoding` is the Python name of a text's encoding, None for binary content. `executable` marks programs
    and scripts.
    """

    media_type: str
    kind: Kind
    dialect: str
    label_code: str
    encoding: str | None = None
    executable: bool = False


def recognise(head: bytes, size: int, tail: bytes = b"") -> Recognised:
    """Say what a file of `size` bytes is, from its first and (for ZIP) last bytes; never raises."""
    head, tail = head[:HEAD_BYTES], tail[-TAIL_BYTES:]
    if not head:
        return _recognised("empty" if size <= 0 else "binary")
    label = binary_label(head) or archive_label(head, size, tail)
    if label:
        return _recognised(label)
    complete = size <= len(head)
    decoded = decode(head, cut=not complete)
    if decoded:
        return _recognised(text_label(decoded.text, complete=complete), encoding=decoded.encoding)
    return _recognised("binary", media_type=guessed_media_type(head))


def lies(filename: str, recognised: Recognised) -> bool:
    """Whether the extension of `filename` claims another type than the content has."""
    extension = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    label, executable = recognised.label_code, recognised.executable
    if label == "empty":
        return False
    if extension in _FORMATS[label][2].split():
        return False
    if extension in _TEXT_EXTENSIONS:
        return recognised.encoding is None or executable or recognised.kind == "other"
    return extension in _CLAIMING


def _recognised(label: str, *, encoding: str | None = None, media_type: str | None = None) -> Recognised:
    known_type, kind, _ = _FORMATS[label]
    dialect = label.removesuffix("-gzip") if kind in (_CONFIGURATION, _CAPTURE) else ""
    return Recognised(media_type or known_type, kind, dialect, label, encoding, label in _EXECUTABLE)
