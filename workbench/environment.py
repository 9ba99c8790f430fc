"""Read the settings that an operator gives through the environment."""

import base64
import binascii
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """A yes or a no; anything else stops the start with a message naming the variable."""
    value = text(name, "1" if default else "").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def secret(name: str, *, development_file: Path | None) -> str:
    """A secret, which has no default outside development.

    With ``development_file`` (debug mode) a missing secret is drawn at random once and kept in that
    file, so that a developer's sessions and keys survive a restart and still no secret is guessable.
    """
    value = text(name)
    if value:
        return value
    if development_file is None:
        raise ImproperlyConfigured(
            f"{name} is not set. It has no default when WORKBENCH_DEBUG is off: "
            "generate one with `python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    if not development_file.exists():
        development_file.parent.mkdir(parents=True, exist_ok=True)
        development_file.touch(mode=0o600)
        development_file.write_text(secrets.token_urlsafe(48))
    return development_file.read_text().strip()


def encryption_key(name: str, value: str) -> bytes:
    """32 bytes from base64url, of what may be longer."""
    try:
        key = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))[:32]
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured(
            f"{name} must be at least 32 random bytes in base64url: "
            "generate it with `python -c 'import secrets; print(secrets.token_urlsafe(32))'`."
        )
    return key


def signer(name: str) -> str:
    """The security module that keeps new signing keys; empty for none."""
    value = text(name)
    parts = urlsplit(value)
    if value and not (parts.scheme == "pkcs11" and parts.path and parse_qs(parts.query).get("token")):
        raise ImproperlyConfigured(f"{name} must be pkcs11:/path/of/library.so?token=LABEL, not {value!r}.")
    return value


def clamd(name: str) -> str:
    """Where a malware scanner listens; empty for none."""
    value = text(name)
    parts = urlsplit(value)
    if value and not ((parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and parts.path)):
        raise ImproperlyConfigured(f"{name} must be tcp://host:port or unix:///path, not {value!r}.")
    return value


def storage(url: str, *, root: Path) -> dict[str, object]:
    """The Django storage entry for an address.

    ``file:`` or ``file:///path`` is a local folder; ``s3://bucket/prefix?endpoint=https://…&region=…``
    is S3 or anything that speaks it (credentials come from the usual AWS variables).
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "workbench.storage.FolderStorage",
            "OPTIONS": {"location": parts.path or str(root)},
        }
    if parts.scheme == "s3" and parts.netloc:
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return {
            "BACKEND": "workbench.storage.BucketStorage",
            "OPTIONS": {
                "bucket_name": parts.netloc,
                "location": parts.path.strip("/"),
                "endpoint_url": query.get("endpoint"),
                "region_name": query.get("region"),
                "signature_version": "s3v4",
                "addressing_style": query.get("addressing", "auto"),
                "file_overwrite": False,
                "default_acl": None,
                "querystring_auth": True,
            },
        }
    raise ImproperlyConfigured(
        f"WORKBENCH_STORAGE_URL must be file:… or s3://bucket?endpoint=…, not {url!r}."
    )
