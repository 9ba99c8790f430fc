"""What the confined child makes of a document for a viewer."""

from typing import Any, BinaryIO

from assessments.analysers.documents.rendering import html_of, page_image
from assessments.analysers.operations import recognised


def page(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write one page (``number``, counted from 1) of a PDF as a picture of ``width`` pixels."""
    out.write(page_image(content, arguments["number"], arguments["width"]))


def html(content: BinaryIO, out: BinaryIO, arguments: dict[str, Any]) -> None:
    """Write the text of a document as HTML, which the reader's side cleans again."""
    out.write(html_of(content, recognised(content)).encode())
