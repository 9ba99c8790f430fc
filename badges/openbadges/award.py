"""The snapshot of what was judged, from which a credential is built later and always in the same way."""

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Self

SCALARS = (str, int, float, bool)


class BadAward(ValueError):
    """Stored JSON is not the snapshot of an award."""


class Snapshot:
    """A frozen dataclass that goes to JSON and back without loss."""

    def to_json(self) -> dict[str, Any]:
        """Only dicts, lists, strings, numbers, booleans and null, as a JSON column stores them."""
        encoded: dict[str, Any] = _encode(self)
        return encoded

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The snapshot that `to_json` wrote; raises `BadAward`. A part may have been read already."""
        decoded: Self = _decode(cls, data, cls.__name__)
        return decoded


@dataclass(frozen=True)
class Issuer(Snapshot):
    """The organisation: `id` is its DID, `url` its public page."""

    id: str
    name: str
    url: str
    email: str | None = None
    description: str | None = None
    image_url: str | None = None


@dataclass(frozen=True)
class Alignment(Snapshot):
    """One entry of another framework: `url` and `name` are required, the rest may be empty."""

    name: str
    url: str
    code: str = ""
    framework: str = ""
    type: str = ""
    description: str = ""


@dataclass(frozen=True)
class Level(Snapshot):
    """One level of a criterion; `position` counts from the lowest up."""

    id: str
    name: str
    description: str
    points: str
    position: int


@dataclass(frozen=True)
class Criterion(Snapshot):
    """One criterion of the rubric, its levels, and the id of the lowest level that earns the badge."""

    id: str
    code: str
    title: str
    required_level: str | None
    levels: tuple[Level, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class AchievementDefinition(Snapshot):
    """What the badge stands for; `id` is its public address, `language` that of every text in the award."""

    id: str
    name: str
    description: str
    criteria_narrative: str
    criteria_url: str
    image_url: str
    achievement_type: str
    tags: tuple[str, ...]
    alignments: tuple[Alignment, ...]
    criteria: tuple[Criterion, ...]
    version: str
    language: str


@dataclass(frozen=True)
class Result(Snapshot):
    """The level reached in one criterion, both by id."""

    criterion: str
    level: str


@dataclass(frozen=True)
class EvidenceItem(Snapshot):
    """One piece of evidence; `visibility` is public, summary or private, `sha256` may be empty for a link.

    `reading` says in one sentence what a program read in the file, `original_sha256` is the digest of the
    file that a copy without its secrets was made from; both may be empty.
    """

    id: str
    url: str
    name: str
    narrative: str
    genre: str
    description: str
    sha256: str
    size: int
    visibility: str
    reading: str = ""
    original_sha256: str = ""


@dataclass(frozen=True)
class Recipient(Snapshot):
    """Who earned it; a credential holds `subject_id` and a salted hash of the address, never the address."""

    email: str
    salt: str
    subject_id: str


@dataclass(frozen=True)
class Judgement(Snapshot):
    """How it was decided: in which roles, moderated or not, over which manifest of evidence digests."""

    decision: str
    decided_at: datetime
    roles: tuple[str, ...]
    moderated: bool
    manifest_sha256: str


@dataclass(frozen=True)
class StatusEntry(Snapshot):
    """The place of this credential in a status list; `purpose` is revocation or suspension."""

    list_url: str
    index: int
    purpose: str


@dataclass(frozen=True)
class KeyRef(Snapshot):
    """The key that is to sign, as the DID URL of its verification method."""

    verification_method: str


@dataclass(frozen=True)
class Award(Snapshot):
    """Everything a credential says."""

    credential_id: str
    credential_url: str
    issuer: Issuer
    recipient: Recipient
    achievement: AchievementDefinition
    results: tuple[Result, ...]
    evidence: tuple[EvidenceItem, ...]
    judgement: Judgement
    awarded_at: datetime
    key: KeyRef
    valid_until: datetime | None = None
    status: StatusEntry | None = None


def _encode(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _decode(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return None if value is None else _decode(arguments[0], value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise BadAward(f"{where} must be a list")
        return tuple(_decode(arguments[0], item, f"{where}[{index}]") for index, item in enumerate(value))
    if dataclasses.is_dataclass(kind):
        return value if type(value) is kind else _decode_fields(kind, value, where)
    if kind is datetime:
        return _decode_moment(value, where)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise BadAward(f"{where} must be of type {kind.__name__}")
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@cache
def _fields(kind: Any) -> tuple[dataclasses.Field, ...]:
    return dataclasses.fields(kind)


def _decode_fields(kind: Any, value: Any, where: str) -> Any:
    hints = _hints(kind)
    if not isinstance(value, dict) or not value.keys() <= hints.keys():
        raise BadAward(f"{where} must be an object with the members {', '.join(hints)}")
    fields = {}
    for field in _fields(kind):
        if field.name in value:
            hint, given = hints[field.name], value[field.name]
            plain = hint in SCALARS and type(given) is hint
            fields[field.name] = given if plain else _decode(hint, given, f"{where}.{field.name}")
        elif field.default is dataclasses.MISSING:
            raise BadAward(f"{where}.{field.name} is missing")
    return kind(**fields)


def _decode_moment(value: Any, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadAward(f"{where} must be a time") from error
    if moment.tzinfo is None:
        raise BadAward(f"{where} must have a time zone")
    return moment
