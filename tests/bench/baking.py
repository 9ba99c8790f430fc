"""Putting a badge into a PNG, against decoding and writing the picture again with Pillow."""

import io
import json
import random

from PIL import Image, PngImagePlugin

from badges.openbadges import baking
from badges.openbadges.png import KEYWORD
from tests.bench.measuring import Row, compared, interleaved, milliseconds, timed
from tests.openbadges.awards import signed_badge

ROUNDS = 7
SIDE = 590


def run() -> list[Row]:
    image, text = noise(), json.dumps(signed_badge())
    seconds = interleaved(
        {
            "ours": timed(lambda: baking.bake_png(image, text), times=20),
            "pillow": timed(lambda: _with_pillow(image, text)),
        },
        rounds=ROUNDS,
    )
    size = len(image) / 1_000_000
    return [
        Row(
            f"Bake into a PNG of {size:.2f} MB",
            milliseconds(seconds["ours"]),
            f"Pillow writes it again {milliseconds(seconds['pillow'])}",
            compared(seconds["ours"], seconds["pillow"]),
            "≤ 1 ms per MB",
        )
    ]


def noise() -> bytes:
    """A picture that does not compress, as large as photographs are."""
    pixels = random.Random(1).randbytes(SIDE * SIDE * 3)
    written = io.BytesIO()
    Image.frombytes("RGB", (SIDE, SIDE), pixels).save(written, "PNG")
    return written.getvalue()


def _with_pillow(image: bytes, text: str) -> bytes:
    carried = PngImagePlugin.PngInfo()
    carried.add_itxt(KEYWORD.decode(), text)
    written = io.BytesIO()
    Image.open(io.BytesIO(image)).save(written, "PNG", pnginfo=carried)
    return written.getvalue()
