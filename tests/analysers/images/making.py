"""Pictures made for the tests, and hostile ones written by hand."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, PngImagePlugin


def picture(kind: str, size: tuple[int, int] = (40, 20), *, mode: str = "RGB", **options: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    drawn = Image.new(mode, size, "blue")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def noise(kind: str) -> bytes:
    """A picture that hardly packs, so that cutting its file cuts its pixels."""
    out = io.BytesIO()
    Image.effect_noise((300, 200), 60).save(out, kind)
    return out.getvalue()


def exif(*, position: bool = False, camera: str = "", orientation: int = 0) -> Image.Exif:
    data = Image.Exif()
    if camera:
        data[0x0110] = camera
    if orientation:
        data[0x0112] = orientation
    if position:
        data[0x8825] = {1: "N", 2: (50.0, 36.0, 18.0), 3: "E", 4: (3.0, 23.0, 17.0)}
    return data


def png_with_text(**texts: str) -> bytes:
    notes = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        notes.add_text(name, text)
    return picture("PNG", pnginfo=notes)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG of grey pixels that says this size, whatever it holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def gif(frames: int, size: int = 2) -> bytes:
    """An animated GIF with tiny frames, all the same."""
    start = b"GIF89a" + struct.pack("<HHBBB", size, size, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = (
        b"\x21\xf9\x04\0\1\0\0\0" + b"," + struct.pack("<HHHHB", 0, 0, size, size, 0) + b"\2\3\x44\x02\x05\0"
    )
    return start + frame * frames + b";"
