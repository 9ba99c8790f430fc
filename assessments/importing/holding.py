"""Hold an upload between the page that shows what it changes and the click that confirms it."""

import hashlib
import io
import secrets
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from workbench.errors import DomainError
from workbench.models import Organisation, User
from workbench.storage import blob_name, keep_blob, open_blob

HOUR = 3600
_SALT = "assessments.importing.holding"


@dataclass(frozen=True)
class Held:
    """What a token stands for; ``compared_with`` is the digest of the version that was shown beside it."""

    files: Mapping[str, bytes]
    organisation_id: uuid.UUID
    sha256: str
    compared_with: str


def hold(files: Mapping[str, bytes], *, organisation: Organisation, compared_with: str, by: User) -> str:
    """Keep the files and return the token that finds them for an hour, for this person alone."""
    content = _zipped(files)
    sha256 = hashlib.sha256(content).hexdigest()
    keep_blob(ContentFile(content), sha256)
    held = [str(by.pk), str(organisation.pk), sha256, compared_with]
    return signing.dumps(held, salt=_SALT)


def held(token: str, *, by: User) -> Held:
    """The upload behind a token. Raises DomainError ``upload-expired`` when it is not theirs, or no more."""
    try:
        person, organisation, sha256, compared_with = signing.loads(token, salt=_SALT, max_age=HOUR)
        if person != str(by.pk):
            raise _expired()
        with open_blob(sha256) as file:
            content = file.read()
    except (signing.BadSignature, FileNotFoundError):
        raise _expired() from None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return Held(files, uuid.UUID(organisation), sha256, compared_with)


def let_go(upload: Held) -> None:
    """Forget an upload that was saved. No other file can have its digest: each archive has its own nonce."""
    default_storage.delete(blob_name(upload.sha256))


def _zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = secrets.token_bytes(16)
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def _expired() -> DomainError:
    return DomainError(
        "upload-expired",
        _("This upload is no longer kept: it was confirmed already, or an hour has passed. Choose it again."),
    )
