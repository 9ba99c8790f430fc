"""A picture says what it is and what else stands in its file, and never a value."""

import io
import json
import struct
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.analysers.analysis import Analysis
from assessments.analysers.images.analysing import MAX_FRAMES, analyse
from assessments.analysers.recognising import Recognised, recognise
from assessments.analysers.table import IMAGES
from tests.analysers.images.cases import CASES, Case
from tests.analysers.images.making import chunk, gif, noise, picture, png

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def analysed(data: bytes) -> Analysis:
    return analyse(io.BytesIO(data), recognise(data, len(data)))


def reasons(data: bytes) -> list[str]:
    return [part.reason for part in analysed(data).skipped]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_picture_is_read_as_the_table_says(case: Case) -> None:
    analysis = analysed(case.content)
    assert analysis.facts["label"] == case.label
    assert {name: analysis.facts[name] for name in case.facts} == case.facts
    assert {secret.code for secret in analysis.secrets} == case.secrets
    assert analysis.skipped == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_value_of_the_metadata_is_repeated(case: Case) -> None:
    analysis = analysed(case.content)
    written = json.dumps(analysis.to_json())
    assert Analysis.from_json(json.loads(written)) == analysis
    assert (analysis.analyser, analysis.version) == (IMAGES.name, IMAGES.version)
    for value in ("Ada", "desk", "Camera 7", "home", "50.", "36.0"):
        assert value not in written


@pytest.mark.parametrize("size", [(100_000, 100_000), (2**31 - 1, 1), (1, 40_000), (7_000, 7_000)])
def test_a_picture_that_says_it_is_huge_is_not_unpacked(size: tuple[int, int]) -> None:
    start = time.process_time()
    assert reasons(png(*size, b"\0" * 1000)) == ["too-many-pixels"]
    assert time.process_time() - start < 2


def test_ten_thousand_frames_are_not_all_counted() -> None:
    analysis = analysed(gif(10_000))
    assert analysis.facts["frames"] == MAX_FRAMES
    assert [part.reason for part in analysis.skipped] == ["frame-limit"]


@pytest.mark.parametrize("data", [SVG, b"", b"only words", b"\x89PNG\r\n\x1a\n", b"GIF89a"], ids=str)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert reasons(data) == ["not-an-image"]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_picture_keeps_its_size(kind: str) -> None:
    whole = noise(kind)
    analysis = analysed(whole[: len(whole) * 3 // 5])
    assert [part.reason for part in analysis.skipped] in (["damaged-tail"], ["not-an-image"])
    assert analysis.secrets == ()
    if kind != "WEBP":
        assert (analysis.facts["width"], analysis.facts["height"]) == (300, 200)


def test_a_text_chunk_that_unpacks_to_a_hundred_megabytes_is_not_unpacked() -> None:
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * 100_000_000))
    data = png(2, 2, b"\0\0\0" * 2)
    start = time.process_time()
    tracemalloc.start()
    analysis = analysed(data[:33] + bomb + data[33:])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [part.reason for part in analysis.skipped] == ["not-an-image"]
    assert most < 20_000_000
    assert time.process_time() - start < 5


def test_metadata_that_cannot_be_read_counts_as_personal() -> None:
    broken = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 3) + b"\x88\x25\0\4\0\0\0\1\0\0\0\x08" * 3
    analysis = analysed(picture("JPEG", exif=broken))
    assert {secret.code for secret in analysis.secrets} & {"gps-position", "image-metadata"}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mutated_picture_never_raises(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(CASES))
    content = bytearray(case.content)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] = data.draw(st.integers(0, 255))
        elif len(content) > 10:
            del content[at : at + data.draw(st.integers(1, len(content) // 4))]
        if not content:
            return
    found = Recognised("", "image", "", case.label)
    assert Analysis.from_json(analyse(io.BytesIO(bytes(content)), found).to_json())
