"""A Node process that stays warm and signs or verifies with @digitalbazaar/vc when asked."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

INTEROP = Path(__file__).parents[1] / "interop"


class NodePeer:
    """Speaks with tests/interop/stopwatch.mjs: a line of JSON for each question, and for each answer."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, question: dict[str, Any]) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the Node peer ended before it answered")
        return json.loads(line)

    def seconds(self, verb: str) -> float:
        """The mean seconds of one document when all are signed, or verified, once."""
        answer: float = self.ask({"verb": verb})
        return answer


@contextmanager
def node_peer(opening: dict[str, Any]) -> Iterator[NodePeer | None]:
    """None where Node or its packages are not installed; ``opening`` holds documents, badges and key."""
    node = shutil.which("node")
    if node is None or not (INTEROP / "node_modules" / "@digitalbazaar" / "vc").is_dir():
        yield None
        return
    with subprocess.Popen(
        [node, "stopwatch.mjs"], cwd=INTEROP, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        peer = NodePeer(process)
        peer.ask(opening)
        yield peer
        assert process.stdin
        process.stdin.close()
