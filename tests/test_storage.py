"""Storage: bytes appear whole under their digest, in a folder and in a bucket."""

import hashlib
import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from moto import mock_aws

from tests import factories
from workbench import environment
from workbench.storage import FolderStorage, blob_name, keep_blob, open_blob

CONTENT = b"permit tcp 192.0.2.0 0.0.0.255 any eq 443"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["folder", "bucket"])
def storage(request, settings, monkeypatch, tmp_path):
    """Each of the two storages that an operator can choose."""
    if request.param == "folder":
        yield default_storage
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        import boto3

        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="evidence")
        address = "s3://evidence/pilot?region=us-east-1"
        settings.STORAGES = settings.STORAGES | {"default": environment.storage(address, root=tmp_path)}
        yield storages["default"]


def test_what_is_kept_comes_back_and_is_kept_once(storage) -> None:
    keep_blob(ContentFile(CONTENT), DIGEST)
    keep_blob(ContentFile(b"never written: the digest is there already"), DIGEST)
    with open_blob(DIGEST) as file:
        assert file.read() == CONTENT
    assert storage.exists(blob_name(DIGEST))


def test_a_digest_that_is_not_there_is_not_found(storage) -> None:
    with pytest.raises(FileNotFoundError):
        open_blob("0" * 64).read()


def test_a_write_that_breaks_off_leaves_nothing(tmp_path) -> None:
    class Breaking(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half of it"
            raise ConnectionResetError

    storage = FolderStorage(location=str(tmp_path / "broken"))
    with pytest.raises(ConnectionResetError):
        storage.save("blobs/aa/bb/name", Breaking(b"x"))
    assert [path for path in (tmp_path / "broken").rglob("*") if path.is_file()] == []


def test_upload_and_evidence_in_either_storage(storage, ada, programme) -> None:
    evidence = factories.make_evidence(factories.make_draft(ada, programme), content=factories.RULES)
    with open_blob(evidence.sha256) as file:
        assert hashlib.sha256(file.read()).hexdigest() == evidence.sha256


def test_a_large_file_is_read_in_pieces(storage) -> None:
    large = b"x" * (3 * 1024 * 1024)
    digest = hashlib.sha256(large).hexdigest()
    keep_blob(ContentFile(large), digest)
    with open_blob(digest) as file:
        copy = io.BytesIO()
        for piece in file.chunks(64 * 1024):
            copy.write(piece)
    assert hashlib.sha256(copy.getvalue()).hexdigest() == digest
