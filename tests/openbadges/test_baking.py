"""A badge in an image: the same bytes in, the same bytes out, and hostile images refused by name."""

import io
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from badges.openbadges import baking, png, svg
from badges.openbadges.baking import Extracted
from badges.openbadges.baking_errors import (
    AlreadyBaked,
    BadImage,
    BakingError,
    NoCredential,
    SeveralCredentials,
)
from badges.openbadges.design import design
from badges.openbadges.images import draw_png, draw_svg
from badges.openbadges.parsing import serialise
from tests.openbadges.awards import signed_badge

TEXT = serialise(signed_badge() | {"name": "é ]]> 🛡 <&>"})
PNG = draw_png(design("Firewall", "Lille", seed="1"), 64)
SVG = draw_svg(design("Firewall", "Lille", seed="1"))
ROOT = b'<svg xmlns="http://www.w3.org/2000/svg"'
JWS = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln"


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png_of(*middle: bytes) -> bytes:
    return png.SIGNATURE + b"".join(
        [chunk(b"IHDR", bytes(13)), *middle, chunk(b"IDAT", b"x"), chunk(b"IEND", b"")]
    )


def itxt(text: bytes, keyword: bytes = png.KEYWORD, flags: bytes = b"\0\0") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + flags + b"\0\0" + text)


def test_png_and_svg_hold_the_same_bytes_as_the_json():
    assert baking.extract(baking.bake_png(PNG, TEXT)) == Extracted("png", TEXT)
    assert baking.extract(baking.bake_svg(SVG, TEXT)) == Extracted("svg", TEXT)
    assert baking.extract(TEXT.encode()) == Extracted("json", TEXT)
    assert baking.extract(b"\xef\xbb\xbf \n" + TEXT.encode()) == Extracted("json", TEXT)


def test_a_jwt_is_found_in_each_of_its_forms():
    assert baking.extract(JWS.encode()) == Extracted("jwt", JWS, is_jwt=True)
    assert baking.extract(f"\n {JWS}\n".encode()) == Extracted("jwt", f"{JWS}\n", is_jwt=True)
    assert baking.extract(baking.bake_png(PNG, JWS)) == Extracted("png", JWS, is_jwt=True)
    assert baking.extract(baking.bake_svg(SVG, JWS)) == Extracted("svg", JWS, is_jwt=True)
    assert f'<openbadges:credential verify="{JWS}"></openbadges:credential>'.encode() in baking.bake_svg(
        SVG, JWS
    )


@pytest.mark.parametrize("part", ["a..b", "a.b.c.d.e", "a.b.c~d~", "a.b"])
def test_what_was_meant_to_be_a_jwt_is_handed_on_to_be_refused_by_name(part):
    assert baking.extract(f"eyJ{part}".encode()) == Extracted("jwt", f"eyJ{part}", is_jwt=True)


def test_every_other_byte_of_the_png_is_kept():
    baked = baking.bake_png(PNG, TEXT)
    added = len(baked) - len(PNG)
    assert baked[:33] == PNG[:33]
    assert baked[33 + added :] == PNG[33:]
    assert baked[37:41] == b"iTXt"
    assert (
        Image.open(io.BytesIO(baked)).convert("RGBA").tobytes()
        == Image.open(io.BytesIO(PNG)).convert("RGBA").tobytes()
    )


def test_pillow_reads_the_same_credential():
    image = Image.open(io.BytesIO(baking.bake_png(PNG, TEXT)))
    image.load()
    assert image.text["openbadgecredential"] == TEXT


def test_the_svg_keeps_its_bytes_around_the_credential():
    baked = baking.bake_svg(SVG, TEXT)
    element = f"<openbadges:credential><![CDATA[{TEXT}]]></openbadges:credential>".encode()
    assert baked.count(b"<![CDATA[") == 1
    declared = b' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
    assert baked.replace(element, b"", 1).replace(declared, b"", 1) == SVG
    assert baked.index(element) == baked.index(b">") + 1


@given(st.text())
def test_any_text_survives_both_images(text):
    serialised = serialise({"text": text})
    assert baking.extract(baking.bake_png(PNG, serialised)).credential_text == serialised
    assert baking.extract(baking.bake_svg(SVG, serialised)).credential_text == serialised


@pytest.mark.parametrize(
    "root",
    [
        ROOT + b"/>",
        ROOT + b" />",
        ROOT + b"></svg>",
        ROOT + b" data-x='a>b' >\n<g/></svg>",
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- <svg> -->' + ROOT + b"/>",
        b"\xef\xbb\xbf" + ROOT + b"/>",
        ROOT + b' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"/>',
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
        b'<s:svg\nxmlns:s="http://www.w3.org/2000/svg">text</s:svg>',
    ],
)
def test_any_spelling_of_the_root_can_be_baked(root):
    assert baking.extract(baking.bake_svg(root, TEXT)) == Extracted("svg", TEXT)


@pytest.mark.parametrize(
    "image",
    [
        baking.bake_png(PNG, TEXT),
        png_of(itxt(b"{}", b"openbadges")),
        png_of(chunk(b"tEXt", b"openbadges\0{}")),
    ],
)
def test_a_png_is_never_baked_twice(image):
    with pytest.raises(AlreadyBaked):
        baking.bake_png(image, TEXT)


@pytest.mark.parametrize(
    "image",
    [baking.bake_svg(SVG, TEXT), ROOT + b' xmlns:o="http://openbadges.org"><o:assertion verify="x"/></svg>'],
)
def test_an_svg_is_never_baked_twice(image):
    with pytest.raises(AlreadyBaked):
        baking.bake_svg(image, TEXT)


@pytest.mark.parametrize(
    ("image", "error"),
    [
        (PNG, NoCredential),
        (PNG[:-1], BadImage),
        (PNG[:-12], BadImage),
        (PNG[:40], BadImage),
        (PNG + b"tail", BadImage),
        (png.SIGNATURE, BadImage),
        (PNG[:20] + b"\xff" + PNG[21:], BadImage),
        (png.SIGNATURE + b"\xff\xff\xff\xff" + PNG[12:], BadImage),
        (png.SIGNATURE + chunk(b"IDAT", b"x") + chunk(b"IEND", b""), BadImage),
        (png.SIGNATURE + chunk(b"IHDR", bytes(12)) + chunk(b"IDAT", b"x") + chunk(b"IEND", b""), BadImage),
        (png.SIGNATURE + chunk(b"IHDR", bytes(13)) + chunk(b"IEND", b""), BadImage),
        (png_of(chunk(b"IHDR", bytes(13))), BadImage),
        (png_of(chunk(b"1bad", b"")), BadImage),
        (png_of(chunk(b"IEND", b"")), BadImage),
        (png_of(itxt(b"{}"), itxt(b"{}")), SeveralCredentials),
        (png_of(itxt(b"{}"), chunk(b"tEXt", png.KEYWORD + b"\0{}")), SeveralCredentials),
        (png_of(chunk(b"tEXt", png.KEYWORD + b"\0{}")), BadImage),
        (png_of(itxt(zlib.compress(bytes(10_000_000)), flags=b"\1\0")), BadImage),
        (png_of(itxt(b"\xff")), BadImage),
        (png_of(chunk(b"iTXt", png.KEYWORD + b"\0")), BadImage),
        (png_of(chunk(b"iTXt", png.KEYWORD + b"\0\0\0no end")), BadImage),
        (png_of(itxt(b"{}", b"openbadges"), itxt(b"{}", b"openbadges")), SeveralCredentials),
        (png_of(itxt(b"{}", b"openbadges"), chunk(b"tEXt", b"openbadges\0{}")), SeveralCredentials),
        (png_of(chunk(b"tEXt", b"openbadges\0\xe9")), BadImage),
        (png_of(chunk(b"zTXt", b"openbadges\0\0" + zlib.compress(b"{}"))), BadImage),
        (png_of(itxt(zlib.compress(b"{}"), b"openbadges", flags=b"\1\0")), BadImage),
    ],
)
def test_a_png_without_one_sound_credential_is_refused_by_name(image, error):
    with pytest.raises(error) as refused:
        baking.extract(image)
    assert type(refused.value) is error


DOCTYPE = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OLDER = b'<o:assertion xmlns:o="http://openbadges.org">{}</o:assertion>'
CREDENTIAL = b'<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0">{}</o:credential>'


@pytest.mark.parametrize(
    ("image", "error"),
    [
        (SVG, NoCredential),
        (SVG[:-3], BadImage),
        (ROOT, BadImage),
        (b"<html/>", BadImage),
        (b"<svg/>", BadImage),
        (DOCTYPE + ROOT + b">&b;</svg>", BadImage),
        (b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + ROOT + b"/>", BadImage),
        (ROOT + b">&unknown;</svg>", BadImage),
        (ROOT + b">\xff</svg>", BadImage),
        (ROOT + b">\x00</svg>", BadImage),
        (b'<?xml version="1.0" encoding="utf-16"?>' + ROOT + b"/>", BadImage),
        (ROOT + b"><g>" + b"<g>" * 300 + b"</g>" * 300 + b"</g></svg>", BadImage),
        (ROOT + b">" + CREDENTIAL * 2 + b"</svg>", SeveralCredentials),
        (ROOT + b">" + CREDENTIAL.replace(b"{}", b"{}<g/>") + b"</svg>", BadImage),
        (ROOT + b">" + CREDENTIAL.replace(b"{}", b"<o:credential>{}</o:credential>") + b"</svg>", BadImage),
        (ROOT + b">" + OLDER * 2 + b"</svg>", SeveralCredentials),
        (ROOT + b">" + OLDER.replace(b"{}", b"<g/>") + b"</svg>", BadImage),
        (ROOT + b">" + OLDER.replace(b"assertion ", b'assertion verify="eyJ.e.e" ') + b"</svg>", BadImage),
        (ROOT + b' xmlns:o="http://openbadges.org"><o:other/></svg>', NoCredential),
        (
            ROOT + b">" + CREDENTIAL.replace(b"3p0", b'3p0" verify="' + JWS.encode()) + b"</svg>",
            BadImage,
        ),
    ],
)
def test_an_svg_without_one_sound_credential_is_refused_by_name(image, error):
    with pytest.raises(error) as refused:
        baking.extract(image)
    assert type(refused.value) is error


ADDRESS = "https://badges.example/assertions/1"


@pytest.mark.parametrize(
    ("image", "found"),
    [
        (png_of(itxt(b"{}", b"openbadges")), Extracted("png", "{}", version=2)),
        (png_of(chunk(b"tEXt", b"openbadges\0{}")), Extracted("png", "{}", version=2)),
        (png_of(chunk(b"tEXt", b"openbadges\0" + ADDRESS.encode())), Extracted("png", ADDRESS, version=2)),
        (
            png_of(itxt(JWS.encode(), b"openbadges")),
            Extracted("png", JWS, is_jwt=True, version=2),
        ),
        (png_of(itxt(b"{}", b"openbadges"), itxt(b'{"a":1}')), Extracted("png", '{"a":1}')),
        (ROOT + b">" + OLDER + b"</svg>", Extracted("svg", "{}", version=2)),
        (
            ROOT
            + b">"
            + OLDER.replace(b"assertion ", b'assertion verify="https://a.example/1" ')
            + b"</svg>",
            Extracted("svg", "{}", version=2),
        ),
        (
            ROOT
            + b' xmlns:o="http://openbadges.org"><o:assertion verify="'
            + ADDRESS.encode()
            + b'"/></svg>',
            Extracted("svg", ADDRESS, version=2),
        ),
        (
            ROOT + b' xmlns:o="http://openbadges.org"><o:assertion verify="' + JWS.encode() + b'"/></svg>',
            Extracted("svg", JWS, is_jwt=True, version=2),
        ),
        (ROOT + b">" + OLDER + CREDENTIAL + b"</svg>", Extracted("svg", "{}")),
    ],
)
def test_an_older_badge_is_found_in_its_own_place(image, found):
    assert baking.extract(image) == found


@pytest.mark.parametrize("text", ['{"a": "]]>"}', "\x00", "\ufffe", "\ud800"])
def test_text_that_xml_cannot_hold_is_not_baked_into_an_svg(text):
    with pytest.raises(BadImage, match="serialise"):
        baking.bake_svg(SVG, text)


def test_a_prefix_used_for_something_else_is_left_alone():
    with pytest.raises(BadImage, match="prefix"):
        baking.bake_svg(ROOT + b' xmlns:openbadges="urn:other"/>', TEXT)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", baking.EmptyFile),
        (bytes(baking.MAX_BYTES + 1), baking.FileTooLarge),
        (b"GIF89a", baking.NotABadge),
        (b"\xff\xd8\xff\xe0 a photograph", baking.NotABadge),
        (b"hello", baking.NotABadge),
        (b"[]", baking.NotABadge),
        (b'{"a": "\xff"}', baking.NotABadge),
        (b"eyJ", baking.NotABadge),
        (b"eyJ.\xff.", baking.NotABadge),
        (JWS.encode() + b"\nmore", baking.NotABadge),
        (b"   ", baking.NotABadge),
    ],
)
def test_any_other_file_is_refused_by_name(data, error):
    with pytest.raises(error) as refused:
        baking.extract(data)
    assert type(refused.value) is error


def test_only_a_png_can_be_baked_as_png():
    for image in (b"", SVG, b"GIF89a"):
        with pytest.raises(BakingError):
            baking.bake_png(image, TEXT)


def test_each_refusal_has_its_own_code():
    kinds = BakingError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds) == 7


@given(st.integers(0, len(PNG) + 11_000), st.integers(1, 255))
def test_a_flipped_byte_of_a_baked_png_is_always_noticed(place, change):
    baked = bytearray(baking.bake_png(PNG, TEXT))
    place %= len(baked)
    baked[place] ^= change
    with pytest.raises(BakingError):
        baking.extract(bytes(baked))


@given(st.binary(max_size=300))
def test_no_file_brings_anything_but_a_named_refusal(data):
    for start in (b"", png.SIGNATURE, ROOT, b"<?xml ", b"{"):
        try:
            baking.extract(start + data)
        except BakingError as error:
            assert error.code


def test_baking_a_large_image_takes_a_moment_only():
    large = png_of(chunk(b"IDAT", bytes(5_000_000)))
    started = time.perf_counter()
    assert svg.NAMESPACE and len(baking.bake_png(large, TEXT)) > 5_000_000
    assert time.perf_counter() - started < 0.5
