"""What the confined child makes of a picture for a viewer."""

from typing import Any, BinaryIO

from assessments.analysers.images.encoding import encoded_again


def picture(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write the picture drawn anew, at most ``side`` pixels long, and nothing else that the file holds."""
    out.write(encoded_again(content, arguments["side"]))
