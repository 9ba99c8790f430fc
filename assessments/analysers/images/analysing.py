"""Analyse a picture: its format and size, and whether it tells more than it shows."""

from typing import Any, BinaryIO, Final

from PIL import ExifTags, ImageFile

from assessments.analysers.analysis import Analysis, Place, Secret, Skipped
from assessments.analysers.images.opening import BROKEN_IMAGE, NoPicture, opened
from assessments.analysers.recognising import Recognised

ANALYSER: Final = "image"
VERSION: Final = 1
MAX_FRAMES: Final = 1_000

_PERSONAL: Final = frozenset(
    (
        ExifTags.Base.Make,
        ExifTags.Base.Model,
        ExifTags.Base.Artist,
        ExifTags.Base.Copyright,
        ExifTags.Base.HostComputer,
        ExifTags.Base.XPAuthor,
        ExifTags.Base.XPComment,
        ExifTags.Base.UserComment,
        ExifTags.Base.ImageDescription,
        ExifTags.Base.CameraOwnerName,
        ExifTags.Base.BodySerialNumber,
        ExifTags.Base.LensSerialNumber,
        ExifTags.Base.ImageUniqueID,
        ExifTags.Base.MakerNote,
    )
)
# Other places for words about a picture: text chunks of PNG, comments, XMP, Photoshop and IPTC records.
_NOTES: Final = frozenset(("comment", "xmp", "photoshop", "iptc", "Raw profile type iptc"))
_TECHNICAL: Final = frozenset(("Software", "dpi", "gamma", "srgb"))


def analyse(content: BinaryIO, recognised: Recognised) -> Analysis:
    """The analysis of one picture; damage is said in `skipped`, never raised.

    Facts: `label`, `format`, `width`, `height`, `frames` (at most a thousand are counted), `mode`,
    `metadata` (the kinds present: ``exif``, ``xmp``, ``text``, ``icc``). Secrets say that a position or other
    metadata is there, of the whole picture, which counts as page 1.
    """
    facts: dict[str, Any] = {"label": recognised.label_code}
    secrets: list[Secret] = []
    skipped: list[Skipped] = []
    try:
        with opened(content) as picture:
            facts |= {
                "format": picture.format,
                "width": picture.width,
                "height": picture.height,
                "mode": picture.mode,
                "frames": 1,
            }
            _pixels(picture, skipped)
            _metadata(picture, facts, secrets, skipped)
            _frames(picture, facts, skipped)
    except NoPicture as refusal:
        skipped.append(Skipped(refusal.reason))
    return Analysis(
        ANALYSER, VERSION, "", facts, secrets=tuple(dict.fromkeys(secrets)), skipped=tuple(skipped)
    )


def _metadata(
    picture: ImageFile.ImageFile, facts: dict[str, Any], secrets: list[Secret], skipped: list[Skipped]
) -> None:
    kinds: list[str] = []
    facts["metadata"] = kinds
    info = picture.info
    texts = {name for name, value in info.items() if isinstance(value, str) and name not in _TECHNICAL}
    if texts or not _NOTES.isdisjoint(info):
        secrets.append(Secret("image-metadata", Place("page", 1, 1)))
        kinds.append("text")
    if "xmp" in info or "XML:com.adobe.xmp" in info:
        kinds.append("xmp")
    if "icc_profile" in info:
        kinds.append("icc")
    try:
        exif = picture.getexif()
        if len(exif):
            kinds.append("exif")
        tags = {tag for tag, value in exif.items() if value}
        tags |= {tag for tag, value in exif.get_ifd(ExifTags.IFD.Exif).items() if value}
        if exif.get_ifd(ExifTags.IFD.GPSInfo):
            secrets.append(Secret("gps-position", Place("page", 1, 1)))
        if not _PERSONAL.isdisjoint(tags):
            secrets.append(Secret("image-metadata", Place("page", 1, 1)))
    except BROKEN_IMAGE:
        # A PNG is read to its end for this. Else, what cannot be read here may be read elsewhere.
        if picture.format == "PNG" and skipped:
            return
        secrets.append(Secret("image-metadata", Place("page", 1, 1)))
        skipped.append(Skipped("damaged-metadata"))
    kinds.sort()


def _frames(picture: ImageFile.ImageFile, facts: dict[str, Any], skipped: list[Skipped]) -> None:
    """Count frames by going through them, no further than `MAX_FRAMES`."""
    if not getattr(picture, "is_animated", False):
        return
    try:
        number = 0
        while number < MAX_FRAMES:
            picture.seek(number)
            number += 1
    except EOFError:
        pass
    except BROKEN_IMAGE:
        skipped.append(Skipped("damaged-frames"))
    else:
        skipped.append(Skipped("frame-limit"))
    facts["frames"] = max(1, number)


def _pixels(picture: ImageFile.ImageFile, skipped: list[Skipped]) -> None:
    try:
        picture.load()
    except BROKEN_IMAGE:
        skipped.append(Skipped("damaged-tail"))
