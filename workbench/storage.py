"""Keep files under the digest of their bytes, in a local folder or in a bucket."""

import contextlib
import os
import uuid
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from storages.backends.s3 import S3Storage


class FolderStorage(FileSystemStorage):
    """A local folder in which a name appears only when its bytes are complete and on disk."""

    def _save(self, name: str, content: File[Any]) -> str:
        path = self.path(name)
        folder = os.path.dirname(path)
        os.makedirs(folder, exist_ok=True)
        temporary = os.path.join(folder, f".{uuid.uuid4().hex}.part")
        try:
            with open(temporary, "xb") as target:
                for chunk in content.chunks():
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)  # the new name itself must survive a power cut, too
        finally:
            os.close(handle)
        return name


class BucketStorage(S3Storage):
    """S3 and its kin: an object is whole or absent by itself."""


def blob_name(sha256: str) -> str:
    return f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def keep_blob(content: File[Any], sha256: str) -> None:
    """Store bytes under their digest; bytes that are there already are not written again."""
    name = blob_name(sha256)
    if not default_storage.exists(name):
        default_storage.save(name, content)


def open_blob(sha256: str) -> File[Any]:
    """The bytes with this digest. Raises FileNotFoundError when they are gone."""
    return default_storage.open(blob_name(sha256), "rb")
