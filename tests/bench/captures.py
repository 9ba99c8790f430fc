"""Summarising captures of some 50 MB, at worst with a conversation for each packet, against tshark."""

import json
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.analysers.captures.building import (
    ACK,
    MORNING,
    PSH,
    SYN,
    Talk,
    client_hello,
    dns,
    ethernet,
    pcap,
    tcp,
    udp,
)
from tests.bench.measuring import Row, compared, interleaved

ROUNDS = 3
PACKETS = 98_274
TARGET = "≤ 0.3 × its CPU, ≤ 100 MB"
# A process of its own, as in the product: starting and importing count.
_OURS = """
import json, resource, sys
def highest():
    # The kernel's figure by getrusage is never below that of the process that started this one.
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
from assessments.analysers.captures.analysing import analyse
from assessments.analysers.captures.windows import packet_rows
from assessments.analysers.operations import recognised
with open(sys.argv[1], "rb") as content:
    analysis = analyse(content, recognised(content))
    json.dumps(analysis.to_json())
    peak = highest()
    begun = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    packet_rows(content, analysis.detail, analysis.facts["packets"] - 200, 100)
    window = resource.getrusage(resource.RUSAGE_SELF).ru_utime - begun
print(json.dumps([analysis.facts["packets"], peak, window]))
"""


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "capture.pcap"
        rows = []
        for what, write in (("each its own conversation", worst_case), ("40 a conversation", ordinary)):
            size = write(file) / 1_000_000
            rows += _rows(f"Capture, {size:.0f} MB, {PACKETS:,} packets, {what}", file)
    return rows


def _rows(what: str, file: Path) -> list[Row]:
    found: list[float] = []
    ways = {"ours": lambda: _ours(file, found)}
    if shutil.which("tshark"):
        ways["tshark"] = lambda: _cpu(["tshark", "-r", str(file), "-q", "-z", "io,phs", "-z", "conv,ip"])
    seconds = interleaved(ways, rounds=ROUNDS)
    peak, window = found[0] / 1024, found[1]
    ours = f"{seconds['ours']:.2f} s of CPU, {peak:.0f} MB"
    shown = Row("Show 100 packets near its end", f"{window * 1000:.0f} ms of CPU", target="≤ 0.5 s")
    if "tshark" not in seconds:
        return [Row(what, ours, "not measured: tshark not installed", target=TARGET), shown]
    peer = seconds["tshark"]
    ratio = f"{compared(seconds['ours'], peer)}, {seconds['ours'] / peer:.2f} × its CPU"
    return [Row(what, ours, f"tshark {peer:.2f} s of CPU", ratio, TARGET), shown]


def _ours(file: Path, found: list[float]) -> float:
    """Seconds of CPU; peak memory in KiB and the seconds of one window are kept."""
    out: list[str] = []
    seconds = _cpu([sys.executable, "-c", _OURS, str(file)], out)
    packets, peak, window = json.loads(out[0])
    assert packets == PACKETS
    found[:] = [peak, window]
    return seconds


def _cpu(command: list[str], out: list[str] | None = None) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if out is not None:
        out.append(done.stdout)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def worst_case(file: Path) -> int:
    """Write the capture and return its size: what an office sends, each packet between other ends."""
    rng = random.Random(5)
    noise = rng.randbytes(1 << 16)
    moment = 0
    with file.open("wb") as out:
        out.write(pcap([]))
        for number in range(PACKETS):
            frame = ethernet(_packet(rng, number, noise))
            moment += rng.randrange(2000)
            head = (MORNING + moment // 1_000_000, moment % 1_000_000, len(frame), len(frame))
            out.write(struct.pack("<IIII", *head) + frame)
        return out.tell()


def ordinary(file: Path) -> int:
    """Write the capture of as many packets of an office's encrypted web sessions, forty a session."""
    rng = random.Random(6)
    frames: list[bytes] = []
    while len(frames) < PACKETS:
        client = f"10.0.{rng.randrange(8)}.{rng.randrange(1, 255)}"
        talk = Talk(client, "203.0.113.9", (rng.randrange(1024, 65_535), 443))
        talk.open().up(client_hello(f"server{rng.randrange(500)}.example.net"))
        for _ in range(11):
            size = rng.randrange(200, 1400)
            talk.down(b"\x17\3\3" + struct.pack(">H", size) + rng.randbytes(size))
            talk.up(b"").up(b"\x17\3\3\0\x20" + bytes(32))
        frames += talk.close().frames
    return file.write_bytes(pcap(frames[:PACKETS]))


def _packet(rng: random.Random, number: int, noise: bytes) -> bytes:
    client = f"10.{rng.randrange(4)}.{rng.randrange(16)}.{rng.randrange(1, 255)}"
    server = f"192.0.{rng.randrange(8)}.{rng.randrange(1, 255)}"
    port, kind = rng.randrange(1024, 65_535), rng.random()
    at = rng.randrange(60_000)
    content = noise[at : at + rng.randrange(300, 1400)]
    if kind < 0.15:
        return udp(
            client, server, (port, 53), dns(f"host{number % 3000}.example.org", number=number & 0xFFFF)
        )
    if kind < 0.25:
        return tcp(client, server, (port, 443), PSH | ACK, client_hello(f"server{number % 500}.example.net"))
    if kind < 0.35:
        head = f"GET /page{number % 90} HTTP/1.1\r\nHost: www{number % 40}.example.org\r\nAccept: */*\r\n\r\n"
        return tcp(client, server, (port, 80), PSH | ACK, head.encode())
    if kind < 0.45:
        return tcp(client, server, (port, rng.choice((22, 80, 443))), SYN)
    if kind < 0.8:
        record = b"\x17\3\3" + struct.pack(">H", len(content)) + content
        return tcp(client, server, (port, 443), PSH | ACK, record)
    if kind < 0.9:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(content)
        return tcp(server, client, (80, port), PSH | ACK, head + content)
    return udp(client, server, (port, rng.randrange(1024, 65_535)), content)
