"""The key-encryption key is replaced: every private half is sealed anew, or none is."""

import base64
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from badges.models import Credential, KeyAct, SigningKey
from badges.openbadges import keys
from badges.rewrapping import rewrap_keys
from badges.rotating import prepare_keys, rotate_key
from badges.signing import LocalSigner, jwt_private_half, private_half
from badges.verifying import verify
from tests import factories
from workbench import jobs
from workbench.errors import DomainError
from workbench.models import Event

NEW = bytes(range(32))
SEALING_STOPS = """
import os, signal, sys
import django
django.setup()
from badges import rewrapping
real, count = rewrapping.keys.seal_raw, 0

def seal_raw(*arguments):
    global count
    count += 1
    if count == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments)

rewrapping.keys.seal_raw = seal_raw
from django.core.management import call_command
call_command("rewrap_keys")
"""


@pytest.fixture
def six_keys(organisation) -> list[SigningKey]:
    for _number in range(2):
        rotate_key(organisation, by=None)
    prepare_keys(organisation, by=None)
    return list(SigningKey.objects.all())


@pytest.fixture
def replaced(settings):
    """The new key in the environment, the former one beside it."""

    def replace() -> None:
        settings.KEY_ENCRYPTION_KEY_OLD = settings.KEY_ENCRYPTION_KEY
        settings.KEY_ENCRYPTION_KEY = NEW

    return replace


def sealed_by(kek: bytes) -> int:
    """How many private halves open with this key-encryption key alone."""
    found = 0
    for key in SigningKey.objects.all():
        try:
            keys.unseal_raw(bytes(key.sealed), kek, key.associated_data)
        except keys.SealError:
            continue
        found += 1
    return found


def test_every_half_is_sealed_anew_and_is_the_same(six_keys, settings, replaced):
    before = {key.pk: LocalSigner().opened(key) for key in six_keys}
    replaced()
    assert rewrap_keys() == 6
    assert (sealed_by(NEW), sealed_by(settings.KEY_ENCRYPTION_KEY_OLD)) == (6, 0)
    settings.KEY_ENCRYPTION_KEY_OLD = b""
    assert {key.pk: LocalSigner().opened(key) for key in SigningKey.objects.all()} == before
    assert KeyAct.objects.filter(act="rewrapped").count() == 6
    assert Event.objects.filter(verb="key-rewrapped").count() == 6


def test_between_new_key_and_rewrapping_the_worker_signs_on(ada, bo, programme, replaced, settings):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    replaced()
    jobs.run_due()
    badge = Credential.objects.get()
    assert verify(badge.signed.encode()).verified
    rewrap_keys()
    settings.KEY_ENCRYPTION_KEY_OLD = b""
    assert private_half(badge.signing_key) and jwt_private_half(badge.jwt_key)


def test_asking_again_is_harmless(six_keys, replaced):
    replaced()
    assert rewrap_keys() == 6
    first = list(SigningKey.objects.order_by("pk").values_list("sealed", flat=True))
    assert rewrap_keys() == 0
    assert [bytes(one) for one in SigningKey.objects.order_by("pk").values_list("sealed", flat=True)] == [
        bytes(one) for one in first
    ]
    assert KeyAct.objects.filter(act="rewrapped").count() == 6


def test_one_key_that_opens_with_neither_stops_everything(six_keys, settings, replaced):
    strange = six_keys[3]
    SigningKey.objects.filter(pk=strange.pk).update(sealed=keys.seal_raw(bytes(32), b"x" * 32, "other"))
    replaced()
    with pytest.raises(DomainError) as refusal:
        rewrap_keys()
    assert refusal.value.code == "does-not-open" and strange.public_multibase in str(refusal.value)
    assert (sealed_by(NEW), sealed_by(settings.KEY_ENCRYPTION_KEY_OLD)) == (0, 5)


def test_a_half_that_does_not_fit_its_public_key_is_not_sealed(six_keys, settings, replaced):
    """It opens, but it is another key: somebody wrote into the table."""
    key = six_keys[0]
    swapped = keys.seal_raw(bytes(range(1, 33)), settings.KEY_ENCRYPTION_KEY, key.associated_data)
    SigningKey.objects.filter(pk=key.pk).update(sealed=swapped)
    replaced()
    with pytest.raises(DomainError):
        rewrap_keys()
    assert sealed_by(NEW) == 0


def test_the_command_needs_the_former_key_and_says_what_to_do(six_keys, settings, replaced, capsys):
    with pytest.raises(CommandError, match="WORKBENCH_KEY_ENCRYPTION_KEY_OLD is not set"):
        call_command("rewrap_keys")
    replaced()
    call_command("rewrap_keys", witnesses="Two administrators")
    assert "sealed anew: 6" in capsys.readouterr().out
    assert KeyAct.objects.filter(act="rewrapped", witnesses="Two administrators").count() == 6
    settings.KEY_ENCRYPTION_KEY = settings.KEY_ENCRYPTION_KEY_OLD = b"y" * 32
    with pytest.raises(CommandError, match="neither"):
        call_command("rewrap_keys")


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_it_leaves_everything_as_it_was(six_keys, settings, environment):
    old = settings.KEY_ENCRYPTION_KEY
    changed = environment | {
        "WORKBENCH_KEY_ENCRYPTION_KEY": base64.urlsafe_b64encode(NEW).decode(),
        "WORKBENCH_KEY_ENCRYPTION_KEY_OLD": base64.urlsafe_b64encode(old).decode(),
    }
    killed = subprocess.run([sys.executable, "-c", SEALING_STOPS], env=changed, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (sealed_by(NEW), sealed_by(old)) == (0, 6)
    again = subprocess.run(
        [sys.executable, "-m", "django", "rewrap_keys"],
        env=changed,
        timeout=60,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "sealed anew: 6" in again.stdout
    assert (sealed_by(NEW), sealed_by(old)) == (6, 0)


# --- A dump ----------------------------------------------------------------------------------------------


def spellings(key: SigningKey) -> list[bytes]:
    """How a private half might stand somewhere: raw, as a number, hex, base64, Multikey, PEM, DER, JWK."""
    raw = LocalSigner().opened(key)
    private = LocalSigner().jwt(key) if key.algorithm == "P-256" else LocalSigner().embedded(key)
    coded = [base64.b64encode(raw), base64.urlsafe_b64encode(raw)]
    found = [
        raw,
        raw[::-1],
        raw.hex().encode(),
        raw.hex().upper().encode(),
        str(int.from_bytes(raw)).encode(),
    ]
    found += [one.rstrip(b"=") for one in coded] + [str(list(raw)).encode()]
    for encoding in (Encoding.DER, Encoding.PEM):
        whole = private.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())
        found.append(whole.splitlines()[1] if encoding == Encoding.PEM else whole)
    if key.algorithm == "Ed25519":
        found.append(keys.encode_private(keys.from_seed(raw)).encode())
    return found


def dump() -> bytes:
    """Every value of every table, and every stored file."""
    values = [
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in apps.get_models()
        for row in model._base_manager.values_list()
        for value in row
    ]
    files = (path.read_bytes() for path in Path(default_storage.path("")).rglob("*") if path.is_file())
    return b"\n".join([*values, *files])


def test_a_dump_of_database_and_storage_shows_no_private_half(
    six_keys, ada, bo, programme, settings, replaced
):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    replaced()
    rewrap_keys()
    found = dump()
    assert Credential.objects.get().signed.encode() in found
    for key in SigningKey.objects.all():
        assert key.public_multibase.encode() in found and bytes(key.sealed) in found
        for spelling in spellings(key):
            assert spelling not in found
    for kek in (NEW, settings.KEY_ENCRYPTION_KEY_OLD):
        assert kek not in found and kek.hex().encode() not in found
    assert b"PRIVATE KEY" not in found
