"""Ask a clamd daemon whether bytes are malware, over its INSTREAM command.

Source: the section COMMANDS of the manual page clamd(8).
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

CHUNK = 256 * 1024
TIMEOUT_SECONDS = 30
LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """Nothing answers there, or not in the words of clamd: ask again later."""


class TooLargeToScan(Exception):
    """The daemon's StreamMaxLength is lower than this file is long."""


@dataclass(frozen=True)
class Verdict:
    """``signature`` is the daemon's name of what it found; empty when it found nothing."""

    signature: str = ""

    @property
    def clean(self) -> bool:
        return not self.signature


def scan(address: str, content: IO[bytes]) -> Verdict:
    """Send an open file, from where it stands to its end. Raises ScannerAway or TooLargeToScan.

    ``address`` is ``tcp://host:port`` or ``unix:///path/of/the/socket``.
    """
    try:
        with closing(_connected(address)) as connection:
            refused = _sent(connection, content)
            answer = _answer(connection)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error
    if answer.endswith(" FOUND"):
        return Verdict(answer.removesuffix(" FOUND").removeprefix("stream: "))
    if "size limit exceeded" in answer:
        raise TooLargeToScan
    if answer != "stream: OK" or refused:
        # Also when the daemon hung up in the middle: half a file that is clean proves nothing.
        raise ScannerAway(answer or "no answer")
    return Verdict()


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT_SECONDS)
        connection.connect(parts.path)
        return connection
    return socket.create_connection((parts.hostname or "", parts.port or 3310), TIMEOUT_SECONDS)


def _sent(connection: socket.socket, content: IO[bytes]) -> bool:
    """Send in chunks, each after its length; True when the daemon would not take them all."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for chunk in _chunks(content):
            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        connection.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return True  # it may have said why before it hung up
    return False


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(CHUNK):
        yield chunk


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode(errors="replace")
