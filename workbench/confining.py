"""Have untrusted bytes read by a child process that the kernel holds to limits."""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import UnsupportedOperation
from typing import IO, Any

from django.conf import settings

from workbench import confined

logger = logging.getLogger("workbench.confining")

# A server process of the usual size has eight threads: half of them may wait for children.
CHILDREN = 4
PATIENCE_SECONDS = 5
_CHILDREN = threading.BoundedSemaphore(CHILDREN)


@dataclass(frozen=True)
class Limits:
    """``memory`` and ``output`` in bytes, ``cpu`` and ``wall`` in seconds."""

    memory: int
    cpu: int
    wall: int
    output: int


class Stopped(Exception):
    """The child did not finish; the subclass says which limit or what end it met."""


class Busy(Stopped):
    """As many children run as this process may have, and none ended while the caller could wait."""


class OutOfTime(Stopped):
    pass


class OutOfMemory(Stopped):
    pass


class TooMuchOutput(Stopped):
    pass


class Crashed(Stopped):
    pass


class Refused(Stopped):
    """The reader itself said no: ``code`` is its reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def run_confined(
    target: str, content: IO[bytes], arguments: dict[str, Any], limits: Limits, *, needs: Sequence[str] = ()
) -> bytes:
    """Run ``module:function`` on the content in a child and return what it wrote.

    The function has the shape ``(content, out, arguments)``; ``needs`` are the modules that it imports as it
    goes. The child has no network, starts no program, writes no file, and knows none of the environment.
    Raises a subclass of Stopped.
    """
    with (
        _one_of_few(),
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as errors,
        _written(json.dumps(arguments)) as given,
        _on_disk(content) as source,
    ):
        command = [sys.executable, "-m", "workbench.confined", target, ",".join(needs)]
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and our own module)
            [*command, json.dumps(asdict(limits)), str(given.fileno())],
            pass_fds=(given.fileno(),),
            stdin=source,
            stdout=out,
            stderr=errors,
            cwd=settings.BASE_DIR,
            env=_environment(),
            start_new_session=True,
        )
        try:
            ended = process.wait(limits.wall)
        except subprocess.TimeoutExpired:
            raise OutOfTime from None
        finally:
            _end(process)
        if ended:
            errors.seek(0)
            raise _why(ended, errors.read(500).decode(errors="replace"))
        out.seek(0)
        return out.read()


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Keep some threads of a server free for everybody else while a few people have files read."""
    if not _CHILDREN.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _CHILDREN.release()


def _environment() -> dict[str, str]:
    environment = {"LANG": "C.UTF-8", "PATH": os.defpath}
    # Compiled modules are kept by the first child that imports them, unless this process keeps none either.
    return environment | ({"PYTHONDONTWRITEBYTECODE": "1"} if sys.dont_write_bytecode else {})


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole group, whatever ended the waiting."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _written(text: str) -> IO[bytes]:
    """A file to hand over what may be longer than the kernel lets a command line be."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller's with statement closes it)
    file.write(text.encode())
    file.seek(0)
    return file


def _on_disk(content: IO[bytes]) -> IO[bytes]:
    """A file the kernel can hand over: the storage's own, or a copy of what came from a bucket."""
    try:
        return os.fdopen(os.dup(content.fileno()), "rb")
    except (AttributeError, OSError, UnsupportedOperation):
        copy = tempfile.TemporaryFile()  # noqa: SIM115 (the caller's with statement closes it)
        content.seek(0)
        while chunk := content.read(1024 * 1024):
            copy.write(chunk)
        copy.flush()
        return copy


def _why(ended: int, said: str) -> Stopped:
    if ended == confined.REFUSED:
        return Refused(said)
    if ended == -signal.SIGXCPU:
        return OutOfTime()
    if ended in (confined.OUT_OF_MEMORY, -signal.SIGKILL):
        return OutOfMemory()
    if ended == confined.TOO_MUCH:
        return TooMuchOutput()
    logger.warning("a confined reader stopped with %s: %s", ended, said)
    return Crashed(said)
