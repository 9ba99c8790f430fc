"""The child's side of ``workbench.confining``: take away what a reader of untrusted bytes does not need.

Run as ``python -m workbench.confined MODULE:FUNCTION LIMITS ARGUMENTS``, where ARGUMENTS is the number of an
open file of JSON; knows nothing of Django.
"""

import contextlib
import ctypes
import errno
import importlib
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, Final

# How the child ends, for the parent to tell.
OUT_OF_MEMORY: Final = 71
TOO_MUCH: Final = 72
CRASHED: Final = 70
REFUSED: Final = 73

MAX_OPEN_FILES: Final = 64

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_SIGKILL: Final = 9

# What untrusted bytes might talk a reader into, by the events that CPython raises for its audit hooks.
_FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.kill",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.chown",
    "os.truncate",
    "shutil.",
    "ftplib.",
    "urllib.",
    "http.",
    "smtplib.",
    "pty.",
    "webbrowser.",
)

Operation = Callable[[BinaryIO, BinaryIO, dict[str, Any]], None]


class Refused(Exception):
    """The reader looked and says no: its message, a code, is the child's answer."""


def main(argv: list[str]) -> int:
    """Run one operation on standard input; what it writes to standard output is the answer."""
    target, needs, limits, given = argv
    module, _, name = target.partition(":")
    _limit(json.loads(limits))
    with os.fdopen(int(given), "rb") as file:
        arguments: dict[str, Any] = json.load(file)
    # Before anything of the file is read: importing opens files and libraries, reading must not.
    operation: Operation = getattr(importlib.import_module(module), name)
    for needed in filter(None, needs.split(",")):
        importlib.import_module(needed)
    answer = _silenced()
    _seclude()
    os.lseek(0, 0, os.SEEK_SET)
    try:
        with os.fdopen(0, "rb", closefd=False) as content, os.fdopen(1, "wb", closefd=False) as out:
            operation(content, out, arguments)
    except Refused as refusal:
        os.write(answer, str(refusal).encode())
        return REFUSED
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError as error:
        if error.errno == errno.EFBIG:
            return TOO_MUCH
        return _crashed(error, answer)
    except Exception as error:  # noqa: BLE001 (the end of the process: whatever it was, the parent is told)
        return _crashed(error, answer)
    return 0


def _silenced() -> int:
    """Where this module says how it ended; what libraries complain of may quote the file and is dropped."""
    answer = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return answer


def _crashed(error: Exception, answer: int) -> int:
    """Where it stopped and by what kind of error; the message may hold what stands in the file."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{os.path.basename(one.filename)}:{one.lineno}" for one in reversed(frames))
    os.write(answer, f"{type(error).__name__} at {places}".encode())
    return CRASHED


def _limit(limits: dict[str, int]) -> None:
    """The kernel ends what goes over: memory (where it counts address space), CPU seconds, bytes written."""
    _set(resource.RLIMIT_CPU, limits["cpu"], grace=1)
    _set(resource.RLIMIT_FSIZE, limits["output"])
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)
    with contextlib.suppress(ValueError, OSError):  # macOS has the constant and refuses the value
        _set(resource.RLIMIT_AS, limits["memory"])


def _set(which: int, value: int, *, grace: int = 0) -> None:
    """The soft limit speaks (SIGXCPU says that it was the time), the hard one kills."""
    most = resource.getrlimit(which)[1]
    allowed = value if most == resource.RLIM_INFINITY else min(value, most - grace)
    resource.setrlimit(which, (allowed, allowed + grace))


def _seclude() -> None:
    """No network, no other program, no writing, no life after the parent."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # A network with nothing in it. Where a container forbids it, the hook below stands alone.
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    sys.addaudithook(_forbid)


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader may not use {event}")
    if event == "open" and _writes(arguments):
        raise PermissionError("a reader may not write files")


def _writes(arguments: tuple[Any, ...]) -> bool:
    path, mode, flags = arguments
    if isinstance(path, int):
        return False  # the two streams it was given
    if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
        return True
    return isinstance(mode, str) and any(letter in mode for letter in "wax+")


if __name__ == "__main__":
    # The module under its own name, so that a reader's Refused is the one that main catches.
    sys.exit(importlib.import_module("workbench.confined").main(sys.argv[1:]))
