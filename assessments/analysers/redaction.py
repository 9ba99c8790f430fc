"""Make a copy of a file without the secrets that the analysers mark in it; runs in the confined child."""

from typing import Any, BinaryIO

from assessments.analysers.captures.rewriting import redacted as redacted_capture
from assessments.analysers.images.encoding import without_metadata
from assessments.analysers.operations import recognised
from assessments.analysers.recognition.decoding import decode
from assessments.analysers.secrets.mixed import holds_more
from assessments.analysers.secrets.redacting import StillSecret, freed
from workbench.confined import Refused


def redact(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write the cleaned copy. Raises Refused with ``no-copy`` where only the learner can make one."""
    found = recognised(content)
    if found.kind == "packet-capture":
        redacted_capture(content, out)
    elif found.kind == "image":
        out.write(without_metadata(content))
    elif found.encoding is not None:
        data = content.read()
        decoded = decode(data, cut=False)
        if decoded is None or holds_more(data, decoded):
            raise Refused("no-copy")
        try:
            copy = freed(decoded.text, "")
        except StillSecret as error:
            raise Refused("no-copy") from error
        out.write(copy.text.encode())
    else:
        raise Refused("no-copy")
