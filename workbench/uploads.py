"""Stream an upload to disk while its SHA-256 is taken, and stop writing at the limit."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class DigestedFile(TemporaryUploadedFile):
    """An upload on disk with ``sha256`` (hex) and ``too_large`` (what came after the limit was dropped)."""

    sha256: str = ""
    too_large: bool = False


class DigestingUploadHandler(TemporaryFileUploadHandler):
    """Replace both of Django's handlers: every file goes to disk, none is held in memory.

    An upload over the limit is read to its end without being written, so that the page can answer with
    the form, everything typed in it, and a clear message, where a cut connection would lose it all. The limit
    counts all files of a request together, since a stranger may send a hundred of them.
    """

    file: DigestedFile
    written = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = DigestedFile(
            self.file_name or "", self.content_type or "", 0, self.charset, self.content_type_extra
        )
        self.hash = hashlib.sha256()
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.file.too_large or self.written + len(raw_data) > settings.MAX_EVIDENCE_BYTES:
            self.file.too_large = True
            return
        self.hash.update(raw_data)
        self.file.write(raw_data)
        self.written += len(raw_data)

    def file_complete(self, file_size: int) -> DigestedFile:
        self.file.seek(0)
        self.file.size = self.received
        self.file.sha256 = self.hash.hexdigest()
        return self.file


def digested(content: bytes, name: str, content_type: str) -> DigestedFile:
    """Bytes made by the program, or typed by a person, in the form that uploads have."""
    file = DigestedFile(name, content_type, len(content), "utf-8", {})
    file.write(content)
    file.seek(0)
    file.sha256 = hashlib.sha256(content).hexdigest()
    file.too_large = len(content) > settings.MAX_EVIDENCE_BYTES
    return file
