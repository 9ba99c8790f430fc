"""What the viewer of pictures shows: the picture drawn anew, its size and its kinds of metadata."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from assessments.analysers.table import IMAGES
from assessments.models import Evidence
from assessments.viewing.opened import Opened
from assessments.viewing.windows import PICTURE, CannotShow, made

# Longest sides in pixels: beside the rubric, and opened by itself.
SIDES: Final = (1200, 3000)
_METADATA: Final[dict[str, Any]] = {
    "exif": _("EXIF (camera, time, perhaps the position)"),
    "xmp": _("XMP (history of the work on it)"),
    "text": _("comments"),
    "icc": _("colour profile"),
}
_OPERATION: Final = "assessments.analysers.images.showing:picture"
# The only forms in which a picture may leave the child, by how they begin; no browser runs any of them.
_FORMS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"RIFF", "image/webp"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Look:
    """What the file says of the picture; ``metadata`` are the kinds that it carries, in words."""

    width: int
    height: int
    format: str
    frames: int
    metadata: tuple[str, ...]


def read(opened: Opened, query: Mapping[str, str]) -> dict[str, Any]:
    facts = opened.analysis.facts if opened.analysis else {}
    return {
        "image": Look(
            facts.get("width", 0),
            facts.get("height", 0),
            facts.get("format", ""),
            facts.get("frames", 1),
            tuple(str(_METADATA.get(kind, kind)) for kind in facts.get("metadata", ())),
        )
    }


def picture_of(item: Evidence, side: int) -> Picture:
    """The picture, at most about ``side`` pixels long. Raises CannotShow."""
    return checked(made(item, _OPERATION, {"side": nearest(side, SIDES)}, PICTURE))


def checked(content: bytes) -> Picture:
    """What the child wrote, if it is a picture indeed: nothing else is ever served as one."""
    for lead, media_type in _FORMS:
        if content.startswith(lead) and (lead != b"RIFF" or content[8:12] == b"WEBP"):
            return Picture(content, media_type)
    raise CannotShow.unusual()


def nearest(asked: int, offered: tuple[int, ...]) -> int:
    """The smallest of the offered sizes that is large enough, so that a few are made and no others."""
    return next((size for size in offered if size >= asked), offered[-1])


def name_of(side: int) -> str:
    """What tells one rendering of an item from another, and from those of an earlier version."""
    return f"picture-{IMAGES.version}-{nearest(side, SIDES)}"
