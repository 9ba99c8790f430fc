"""tshark counts the same packets in the same captures."""

import random
import re
import shutil
import subprocess
from itertools import pairwise

import pytest

from tests.analysers.captures.building import pcap
from tests.analysers.captures.cases import CASES
from tests.analysers.captures.test_cases import analysed, packets_by_path
from workbench.demo.captures import capture

pytestmark = pytest.mark.skipif(not shutil.which("tshark"), reason="tshark is not installed")

# Ours: theirs. Applications are left out: what counts as one of their packets differs.
NAMES = {
    "ethernet": "eth",
    "ipv4": "ip",
    "ipv6": "ipv6",
    "tcp": "tcp",
    "udp": "udp",
    "arp": "arp",
    "icmp": "icmp",
}
LINE = re.compile(r"^( *)(\S+) +frames:(\d+) bytes:(\d+)", re.MULTILINE)
CONVERSATION = re.compile(r"^(\S+):(\d+) +<-> (\S+):(\d+) +(\d+) .+?(\d+) .+?(\d+) ", re.MULTILINE)


def run(*arguments):
    return subprocess.run(["tshark", *arguments], capture_output=True, text=True, check=True).stdout


def files():
    yield from ((case.title, case.data) for case in CASES)
    for scenario in ("baseline", "port-scan", "beaconing"):
        for form in ("pcap", "pcapng"):
            yield f"{scenario} {form}", capture(random.Random(7), scenario, form).data


@pytest.mark.parametrize(("title", "data"), [pytest.param(*one, id=one[0]) for one in files()])
def test_protocols_and_conversations_agree(title, data, tmp_path):
    file = tmp_path / "capture"
    file.write_bytes(data)
    shown = run("-r", file, "-q", "-z", "io,phs", "-z", "conv,tcp", "-z", "conv,udp")
    theirs = {name: (int(packets), int(size)) for _indent, name, packets, size in LINE.findall(shown)}
    facts = analysed(data).facts
    ours = {path.rsplit("/", 1)[-1]: count for path, count in packets_by_path(facts["protocols"]).items()}
    for name, other in NAMES.items():
        assert ours.get(name, 0) == theirs.get(other, (0, 0))[0], name
    assert facts["bytes"]["original"] == theirs["eth"][1]
    tables = shown.split("Conversations\n")
    for name, title in (("tcp", "TCP"), ("udp", "UDP")):
        (table,) = [after for before, after in pairwise(tables) if before.endswith(title + " ")]
        conversations = {frozenset(((a, p), (b, q))) for a, p, b, q, *_rest in CONVERSATION.findall(table)}
        listed = {
            frozenset(((one["a"], str(one["a_port"])), (one["b"], str(one["b_port"]))))
            for one in facts["conversations"]["largest"]
            if one["protocol"] == name
        }
        assert facts["conversations"][name] == len(conversations)
        assert listed <= conversations


def test_names_agree(tmp_path):
    data = capture(random.Random(7), "baseline", "pcap").data
    file = tmp_path / "capture"
    file.write_bytes(data)
    facts = analysed(data).facts
    asked = run("-r", file, "-Y", "dns.flags.response==0", "-T", "fields", "-e", "dns.qry.name").split()
    assert {one["name"]: one["queries"] for one in facts["dns"]["top"]} == {
        name: asked.count(name) for name in asked
    }
    greeted = run("-r", file, "-T", "fields", "-e", "tls.handshake.extensions_server_name").split()
    assert {one["name"]: one["count"] for one in facts["tls"]["servers"]} == {
        name: greeted.count(name) for name in greeted
    }


def test_times_agree(tmp_path):
    file = tmp_path / "capture"
    data = pcap(CASES[0].frames(), nano=True, order=">", step=1_500_001)
    file.write_bytes(data)
    last = run("-r", file, "-T", "fields", "-e", "frame.time_relative").split()[-1]
    assert float(last) == analysed(data).facts["seconds"]
