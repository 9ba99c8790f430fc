"""A reader of untrusted bytes has no network, no program, no file to write, and no more than its share."""

import io
import json
import socket
import sys
import threading
import time

import pytest

from workbench import confining
from workbench.confining import (
    Crashed,
    Limits,
    OutOfMemory,
    OutOfTime,
    Refused,
    Stopped,
    TooMuchOutput,
    run_confined,
)

MIB = 1024 * 1024
LIMITS = Limits(memory=256 * MIB, cpu=1, wall=5, output=4 * MIB)


def run(name: str, content: bytes = b"", **arguments) -> bytes:
    return run_confined(f"tests.confined.misbehaving:{name}", io.BytesIO(content), arguments, LIMITS)


def test_a_reader_gets_the_content_and_its_arguments_and_nothing_else(monkeypatch):
    monkeypatch.setenv("WORKBENCH_KEY_ENCRYPTION_KEY", "precious")
    assert run("echo", b"the bytes", page=3) == b'{"page": 3}|the bytes'
    assert not [name for name in json.loads(run("look_around")) if "WORKBENCH" in name]


def test_a_file_on_disk_is_read_from_its_beginning_wherever_it_stood(tmp_path):
    path = tmp_path / "evidence"
    path.write_bytes(b"whole")
    with path.open("rb") as file:
        file.read(3)
        assert run_confined("tests.confined.misbehaving:echo", file, {}, LIMITS) == b"{}|whole"


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_reader_reaches_no_network(listening):
    port = listening.getsockname()[1]
    with pytest.raises(Crashed, match="PermissionError"):
        run("connect", port=port)
    with pytest.raises(Crashed, match="PermissionError"):
        run("resolve")


@pytest.mark.skipif(sys.platform != "linux", reason="a network of one's own is a thing of Linux")
def test_not_even_past_the_interpreter(listening):
    try:
        answer = run("connect_by_system_call", port=listening.getsockname()[1])
    except Crashed:
        return
    assert answer == b"-1"


@pytest.mark.parametrize("name", ["start_a_program", "start_a_shell", "fork"])
def test_a_reader_starts_no_program(name):
    with pytest.raises(Crashed, match="PermissionError"):
        run(name)


def test_a_reader_writes_and_removes_no_file(tmp_path):
    path = tmp_path / "target"
    with pytest.raises(Crashed, match="PermissionError"):
        run("write_a_file", path=str(path))
    assert not path.exists()
    path.touch()
    with pytest.raises(Crashed, match="PermissionError"):
        run("remove_a_file", path=str(path))
    assert path.exists()


@pytest.mark.parametrize(
    ("name", "stopped"),
    [
        ("eat_memory", OutOfMemory),
        ("think_for_ever", OutOfTime),
        ("write_for_ever", TooMuchOutput),
    ],
)
def test_a_reader_that_takes_too_much_is_stopped_and_it_is_said_what_was_too_much(name, stopped):
    with pytest.raises(stopped):
        run(name)


def test_a_reader_that_waits_is_stopped_by_the_clock():
    begun = time.monotonic()
    with pytest.raises(OutOfTime):
        run_confined(
            "tests.confined.misbehaving:sleep",
            io.BytesIO(),
            {},
            Limits(memory=256 * MIB, cpu=5, wall=1, output=MIB),
        )
    assert time.monotonic() - begun < 30


def test_a_crash_says_where_and_never_what_stood_in_the_file(caplog):
    with pytest.raises(Crashed, match=r"ValueError at misbehaving\.py:\d+") as crash:
        run("stumble", b"hunter2")
    assert "hunter2" not in str(crash.value) + caplog.text


def test_a_refusal_carries_its_code():
    with pytest.raises(Refused) as refusal:
        run("refuse")
    assert refusal.value.code == "dtd-refused"


def test_a_reader_that_is_not_there_is_a_crash():
    with pytest.raises(Stopped):
        run("nobody")


def test_arguments_may_be_longer_than_a_command_line():
    """A kernel takes 128 KiB for each word of a command."""
    marks = list(range(100_000))
    answer, _, content = run("echo", b"the bytes", marks=marks).partition(b"|")
    assert json.loads(answer) == {"marks": marks}
    assert content == b"the bytes"


def test_no_more_than_a_few_children_run_at_once(monkeypatch):
    monkeypatch.setattr(confining, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(confining, "_CHILDREN", threading.BoundedSemaphore(1))
    with confining._one_of_few(), pytest.raises(confining.Busy):
        run("echo", b"")
    assert run("echo", b"free again").endswith(b"free again")
