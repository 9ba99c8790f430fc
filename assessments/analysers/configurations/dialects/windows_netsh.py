"""Read what ``netsh advfirewall firewall show rule name=all verbose`` prints in English, French or Dutch."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, TypeVar

from assessments.analysers.configurations.dialects.windows_rules import (
    Told,
    WindowsAction,
    WindowsReader,
    profiles_of,
)
from assessments.analysers.configurations.lines import UnreadLines, split_lines
from assessments.analysers.configurations.rules import Ruleset

Meaning = TypeVar("Meaning")

_RULE: Final = re.compile(r"-{20,}[ \t]*\Z")
# A French label has a space before its colon; a value may hold colons of its own.
_SETTING: Final = re.compile(r"([^\s:][^:]{0,59}?)\s*:(?:\s+(.*))?\Z")
_LABELS: Final = {
    "name": "Rule Name|Nom de la règle|Regelnaam|Naam van regel|Naam van de regel",
    "description": "Description|Beschrijving|Omschrijving",
    "enabled": "Enabled|Activé|Activée|Ingeschakeld",
    "direction": "Direction|Sens|Richting",
    "profiles": "Profiles|Profils|Profielen",
    "group": "Grouping|Regroupement|Groupement|Groupe|Groepering|Groep",
    "local": "LocalIP|IP locale|Adresse IP locale|Lokaal IP|LokaalIP|Lokaal IP-adres",
    "remote": "RemoteIP|IP distante|Adresse IP distante|Extern IP|ExternIP|Extern IP-adres",
    "protocol": "Protocol|Protocole",
    "local_ports": "LocalPort|Port local|Lokale poort|LokalePoort",
    "remote_ports": "RemotePort|Port distant|Externe poort|ExternePoort",
    "edge": "Edge traversal|Traversée latérale|Traversée du réseau|Traversée des périphéries"
    "|Traversée de bord|Edge-traversal|Randtraversal|Edge-passage",
    "program": "Program|Programme|Programma",
    "service": "Service",
    "interface type": "InterfaceTypes|Types d’interface|Types d'interface|Type d'interface|Interfacetypen",
    "security": "Security|Sécurité|Beveiliging",
    "source": "Rule source|Source de la règle|Regelbron|Bron van regel|Bron van de regel",
    "action": "Action|Actie",
    "computers": "Remote computer group|RmtComputerGrp|RemoteMachine|Groupe d’ordinateurs distants"
    "|Externe computergroep",
    "users": "Remote user group|RmtUsrGrp|RemoteUser|Groupe d’utilisateurs distants|Externe gebruikersgroep",
}
# The first letters tell what a value is in all three languages, even where an accent was decoded wrongly.
_YES: Final = ("yes", "oui", "ja")
_DIRECTIONS: Final = (
    (True, ("in", "entr", "dans", "binnen")),
    (False, ("out", "sort", "hors", "uit", "buiten")),
)
_ACTIONS: Final[tuple[tuple[WindowsAction, tuple[str, ...]], ...]] = (
    ("allow", ("allow", "autoris", "toesta")),
    ("block", ("block", "bloqu", "blok", "weiger")),
    ("bypass", ("bypass", "contourn", "ignor", "omzeil", "oversla", "neger")),
)
_PROFILES: Final = (
    ("Domain", ("dom",)),
    ("Private", ("priv", "part")),
    ("Public", ("pub", "open")),
)
_ANY: Final = frozenset(
    (
        *("any", "tout", "tous", "toutes", "quelconque", "indifférent", "n'importe lequel"),
        *(
            "n’importe lequel",
            "n'importe quel",
            "alle",
            "alles",
            "elk",
            "elke",
            "ieder",
            "iedere",
            "willekeurig",
        ),
    )
)
_NOT_REQUIRED: Final = ("notrequired", "nonrequis", "nonn", "pasn", "facultat", "nietvereist", "nietnodig")
_SUBNET: Final = ("localsubnet", "sous-r", "sousr", "lokaalsubnet", "lokalesubnet")
_NARROWING: Final = ("program", "service", "interface type", "security", "computers", "users")
_BEYOND: Final = re.compile(r"[^\x00-\x7f]+")
_ICMP_LINE: Final = re.compile(r"\s+(\S+)\s+(\S.*?)\s*\Z")


def _patterns() -> dict[str, str]:
    """Labels as they read when letters beyond ASCII may be any signs, for consoles with other code pages."""
    found = {}
    for key, labels in _LABELS.items():
        for label in labels.split("|"):
            found[_folded(label)] = key
    return found


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFC", text[:200]).casefold()
    return _BEYOND.sub("?", composed).strip()


_KEYS: Final = _patterns()


def read(text: str, dialect: str) -> Ruleset:
    """The rules between the lines of dashes; a label in no known language is told by its value or left."""
    unread = UnreadLines()
    rows = split_lines(text.removeprefix("\ufeff"), unread)
    reader = WindowsReader(unread)
    starts = [at for at in range(len(rows) - 1) if _RULE.match(rows[at + 1].strip()) and ":" in rows[at]]
    unknown: set[str] = set()
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(rows)
        if reader.is_full:
            unread.limit(start + 1, len(rows), "rule")
            break
        _Block(reader, unread, unknown).read(rows, start, end, is_last=end == len(rows))
    return reader.ruleset(text, dialect)


class _Block:
    """The settings of one rule."""

    def __init__(self, reader: WindowsReader, unread: UnreadLines, unknown: set[str]) -> None:
        self._reader, self._unread = reader, unread
        # Labels that were named already: each stands in every rule of the file.
        self._unknown = unknown
        self._settings: dict[str, str] = {}
        self._icmp: list[str] = []

    def read(self, rows: list[str], start: int, end: int, *, is_last: bool) -> None:
        last = start
        key = "name"
        for at in range(start, end):
            row = rows[at]
            if not row.strip() or _RULE.match(row.strip()):
                continue
            if row[0] in " \t":
                self._continued(key, row)
                last = at
                continue
            setting = _SETTING.match(row.rstrip())
            if setting is None:
                continue  # ``Ok.`` ends the list.
            last = at
            key = self._set(setting[1], (setting[2] or "").strip(), at + 1)
        if is_last and "action" not in self._settings:
            # The rule's last line says what it does; without it the rule is not whole.
            self._unread.damaged_tail(start + 1, last + 1, "")
            return
        self._reader.add(self._told(start + 1, last + 1))

    def _set(self, label: str, value: str, line: int) -> str:
        key = _KEYS.get(_folded(label)) or self._key_by_value(value)
        if key is None:
            if label not in self._unknown:
                self._unknown.add(label)
                self._unread.unknown(line, label)
            return ""
        self._settings.setdefault(key, value)
        return key

    def _key_by_value(self, value: str) -> str | None:
        if "action" not in self._settings and _starting(value, _ACTIONS) is not None:
            return "action"
        if "direction" not in self._settings and _starting(value, _DIRECTIONS) is not None:
            return "direction"
        return None

    def _continued(self, key: str, row: str) -> None:
        """Under ICMP stand pairs of type and code; a long value may go on as well."""
        if key == "protocol":
            pair = _ICMP_LINE.match(row)
            if pair and pair[1].isdigit():
                self._icmp.append(pair[1] if _is_any(pair[2]) else f"{pair[1]}:{pair[2]}")
        elif key in self._settings:
            self._settings[key] = f"{self._settings[key]} {row.strip()}"

    def _told(self, first: int, last: int) -> Told:
        said = self._settings
        told = Told(
            first,
            last,
            name=said.get("name", ""),
            description=said.get("description", ""),
            enabled=said.get("enabled", "yes").lower().startswith(_YES),
            inbound=_starting(said.get("direction", ""), _DIRECTIONS),
            action=_starting(said.get("action", ""), _ACTIONS),
            profiles=profiles_of(
                [name for word in _words(said.get("profiles", "")) if (name := _starting(word, _PROFILES))]
            ),
            local=_addresses(said.get("local")),
            remote=_addresses(said.get("remote")),
            protocol=_any_or(said.get("protocol")),
            local_ports=_words(said.get("local_ports", "")),
            remote_ports=_words(said.get("remote_ports", "")),
            edge=bool(said.get("edge")) and not said["edge"].lower().startswith(("no", "nee")),
        )
        if self._icmp:
            told.narrowed.append(("icmp-type", ", ".join(self._icmp)))
        for key in _NARROWING:
            value = said.get(key, "")
            squeezed = value.lower().replace(" ", "")
            if value and not _is_any(value) and not squeezed.startswith(_NOT_REQUIRED):
                told.narrowed.append((key, value))
        return told


def _starting(value: str, table: Sequence[tuple[Meaning, tuple[str, ...]]]) -> Meaning | None:
    lowered = value.strip().lower()
    return next((meaning for meaning, starts in table if lowered.startswith(starts)), None)


def _is_any(value: str) -> bool:
    return value.strip().lower() in _ANY


def _any_or(value: str | None) -> str | None:
    return "any" if value and _is_any(value) else value or None


def _words(value: str) -> tuple[str, ...]:
    told = [part.strip() for part in value.split(",")]
    return tuple("any" if _is_any(part) else part for part in told if part)


def _addresses(value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    words = _words(value)
    return tuple("LocalSubnet" if word.lower().startswith(_SUBNET) else word for word in words) or None
