"""Tell a value that was already taken out from one that still stands there."""

import re
from typing import Final

# Our own markers, as they stand in text and in XML.
MARKER: Final = re.compile(r"(?:<|&lt;|\[)removed:[a-z0-9-]{1,60}(?:>|&gt;|\])")
_ONE_CHARACTER: Final = re.compile(r"[*]+|[xX]{3,}|[.]{2,}|[•·●]+|[#]{2,}|[?]{2,}|[_-]{2,}")
_ANGLED: Final = re.compile(r"(?:<|&lt;)[\w :.,'/-]{1,80}(?:>|&gt;)|\[[\w :.-]{1,60}\]|\{[\w :.-]{1,60}\}")
_REFERENCE: Final = re.compile(
    r"\$\{[^}]{1,200}\}?|\$\([^)]{1,200}\)?|\$[A-Za-z_][\w:./]{0,80}#?|\{\{.{0,200}|\{%.{0,200}|%\(?\w{1,40}\)?[%sd]|@\w{1,40}@"
    r"|(?:os\.)?(?:environ|getenv|env)(?:[\[(.:].{0,100})?|process\.env\b.{0,100}|vault:.{1,200}|!vault\b.{0,20}"
)
_WORDS: Final = re.compile(
    r"[<\[({*_\"' -]{0,4}(?:redacted|removed|hidden|masked|scrubbed|saniti[sz]ed|censored|anonymi[sz]ed"
    r"|obfuscated|snip(?:ped)?|omitted|caviardée?|masquée?|supprimée?|retirée?|verwijderd|verborgen"
    r"|secret-data|netconanremoved\d*|n/?a|none|null|nil|undefined|your[-_ ].{1,40}"
    r"|(?:my|the)[-_](?:password|secret|key)[-_]here"
    r"|(?:secret|password|passwd|key|token|value)[-_ ](?:redacted|removed|hidden|masked|omitted))"
    r"[>\])}*_\"' -]{0,4}",
    re.IGNORECASE,
)


def is_masked(value: str) -> bool:
    """Whether `value` is a placeholder: asterisks, a marker, a variable, a word that says it was removed.

    A weak password (``changeme``) is still a password.
    """
    value = value.strip().strip("\"'").strip()
    if not value:
        return True
    if len(value) > 300:
        return False
    masks = (MARKER, _ONE_CHARACTER, _ANGLED, _REFERENCE, _WORDS)
    return any(mask.fullmatch(value) for mask in masks)
