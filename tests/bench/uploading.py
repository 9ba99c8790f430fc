"""Receiving a file and taking its SHA-256 on the way, against either of the two alone."""

import hashlib
import os

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from tests.bench.measuring import Row, compared, interleaved, timed
from workbench.uploads import DigestingUploadHandler

ROUNDS = 7
MEGABYTES = 48
CHUNK = os.urandom(DigestingUploadHandler.chunk_size)
CHUNKS = MEGABYTES * 1_000_000 // len(CHUNK)


def run() -> list[Row]:
    seconds = interleaved(
        {
            "ours": timed(lambda: _receive(DigestingUploadHandler())),
            "django": timed(lambda: _receive(TemporaryFileUploadHandler())),
            "hashlib": timed(_digest),
        },
        rounds=ROUNDS,
    )
    speeds = {name: f"{MEGABYTES / found:,.0f} MB/s" for name, found in seconds.items()}
    peers = {"hashlib": "hashlib alone", "django": "Django's handler, no SHA-256"}
    return [
        Row(
            f"Receive {MEGABYTES} MB with its SHA-256",
            speeds["ours"],
            f"{said} {speeds[peer]}",
            compared(seconds["ours"], seconds[peer]),
        )
        for peer, said in peers.items()
    ]


def _receive(handler: TemporaryFileUploadHandler) -> None:
    handler.new_file("file", "capture.pcap", "application/octet-stream", None, None, None)
    for number in range(CHUNKS):
        handler.receive_data_chunk(CHUNK, number * len(CHUNK))
    received = handler.file_complete(CHUNKS * len(CHUNK))
    assert received.size == CHUNKS * len(CHUNK)
    received.close()


def _digest() -> str:
    digest = hashlib.sha256()
    for _number in range(CHUNKS):
        digest.update(CHUNK)
    return digest.hexdigest()
