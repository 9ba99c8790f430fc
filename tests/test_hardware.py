"""Keys inside a security module: SoftHSM plays it, through the same PKCS#11 as any other."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from badges import signing
from badges.hardware import Module, ModuleError
from badges.models import Credential, SigningKey
from badges.openbadges import keys
from badges.publishing import did_document, jwks
from badges.rewrapping import rewrap_keys
from badges.rotating import active_key, prepare_keys, rotate_key
from badges.signing import LocalSigner, private_half
from badges.verifying import verify
from tests import factories
from workbench import environment, jobs
from workbench.errors import DomainError

LIBRARY = next(
    (
        path
        for path in (
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
            "/opt/homebrew/lib/softhsm/libsofthsm2.so",
        )
        if Path(path).exists()
    ),
    "",
)
PIN = "123456"


def why_absent() -> str:
    if not LIBRARY or shutil.which("softhsm2-util") is None:
        return "SoftHSM is not installed (on Debian: apt-get install softhsm2)"
    try:
        __import__("pkcs11")
    except ImportError:
        return "python-pkcs11 is not installed"
    return ""


@pytest.fixture(scope="session")
def token(tmp_path_factory) -> str:
    """A token in a folder of its own. The library reads its configuration once in a process."""
    absent = why_absent()
    if absent:
        pytest.fail(absent) if os.environ.get("CI") else pytest.skip(absent)
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    made = ["softhsm2-util", "--init-token", "--free", "--label", "workbench", "--so-pin", PIN, "--pin", PIN]
    subprocess.run(made, check=True, capture_output=True)
    return f"pkcs11:{LIBRARY}?token=workbench"


@pytest.fixture
def moved(token, settings):
    """Move into a module, that of the tests unless another is named; it is left when the test ends."""

    def move(address: str = token, pin: str = PIN) -> None:
        settings.SIGNER, settings.SIGNER_PIN = address, pin
        signing.module.cache_clear()

    yield move
    signing.module().close()
    signing.module.cache_clear()


@pytest.fixture
def module(moved) -> None:
    moved()


@pytest.fixture
def badge(module, ada, bo, programme) -> Credential:
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    return Credential.objects.get()


def test_a_badge_signed_in_the_module_verifies_in_both_forms(badge):
    assert badge.state == "issued"
    for key in (badge.signing_key, badge.jwt_key):
        assert (key.keeper, bytes(key.sealed)) == ("pkcs11", b"")
    assert verify(badge.signed.encode()).verified and verify(badge.jwt.encode()).verified
    changed = badge.signed.replace("Firewall management", "Firewall wizardry")
    assert not verify(changed.encode()).verified


def test_the_status_list_is_signed_in_the_module_too(badge, client):
    listing = json.loads(client.get(f"/status/{badge.status_list_id}").content)
    assert listing["proof"][0]["verificationMethod"].endswith(badge.signing_key.public_multibase)


def test_the_module_keeps_the_private_half(badge):
    """Neither in the row nor to be had from the module: sensitive, not extractable."""
    from pkcs11 import Attribute, ObjectClass

    with signing.module()._opened() as (_pkcs11, session):
        for key in SigningKey.objects.all():
            private = session.get_key(label=str(key.pk), object_class=ObjectClass.PRIVATE_KEY)
            assert private[Attribute.SENSITIVE] and not private[Attribute.EXTRACTABLE]
            assert private[Attribute.ALWAYS_SENSITIVE] and private[Attribute.NEVER_EXTRACTABLE]
    with pytest.raises(keys.SealError):
        LocalSigner().opened(badge.signing_key)


def test_keys_of_both_kinds_live_side_by_side(ada, bo, programme, organisation, moved, settings):
    """An installation that moves into a module: older badges and lists go on, new keys are made inside."""
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    moved()
    prepare_keys(organisation, by=None)
    key = rotate_key(organisation, by=None)
    assert key.keeper == "pkcs11"
    learner = factories.make_user("Alma Nieuw")
    factories.enrol(programme, learner)
    factories.make_decision(factories.make_submission(learner, programme), bo)
    jobs.run_due()
    for badge in Credential.objects.all():
        assert verify(badge.signed.encode()).verified and verify(badge.jwt.encode()).verified
    assert len(did_document(organisation)["verificationMethod"]) == 4 and len(jwks(organisation)["keys"]) == 2
    settings.KEY_ENCRYPTION_KEY_OLD = settings.KEY_ENCRYPTION_KEY
    settings.KEY_ENCRYPTION_KEY = bytes(range(32))
    assert rewrap_keys() == 2  # what the module holds is not ours to wrap


@pytest.mark.parametrize(
    ("address", "pin"),
    [
        ("pkcs11:/nowhere/library.so?token=workbench", PIN),
        ("pkcs11:{library}?token=another", PIN),
        ("pkcs11:{library}?token=workbench", "000000"),
    ],
)
def test_a_module_that_is_away_makes_no_key_and_says_so(address, pin, moved, organisation):
    moved(address.format(library=LIBRARY), pin)
    with pytest.raises(DomainError) as refusal:
        prepare_keys(organisation, by=None)
    assert (refusal.value.code, refusal.value.status) == ("signer-away", 503)
    assert not SigningKey.objects.exists()


def test_a_key_that_the_module_lost_signs_nothing_and_the_job_tries_again(module, ada, bo, programme):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    key = SigningKey.objects.get()
    with signing.module()._opened() as (_pkcs11, session):
        for found in session.get_objects({}):
            if found.label == str(key.pk):
                found.destroy()
    with pytest.raises(ModuleError):
        private_half(key).sign(b"anything")
    jobs.run_due()
    planned = Credential.objects.get()
    assert (planned.state, planned.signed) == ("planned", "")
    assert jobs.Job.objects.get(subject_id=planned.pk).error == "ModuleError"


def test_after_a_failure_the_next_call_opens_another_session(module, organisation):
    key = active_key(organisation)
    assert private_half(key).sign(b"one")
    signing.module().session.close()
    with pytest.raises(ModuleError):
        private_half(key).sign(b"two")
    assert private_half(key).sign(b"two") != private_half(key).sign(b"three")


def test_without_the_package_the_refusal_names_it(organisation, monkeypatch):
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("badges.hardware.import_module", absent)
    with pytest.raises(ModuleError, match="python-pkcs11"):
        Module("pkcs11:/x.so?token=t", PIN).sign("label", b"", "EDDSA")


@pytest.mark.parametrize("value", ["softhsm", "pkcs11:?token=x", "pkcs11:/x.so", "https://signer.example"])
def test_an_address_that_is_none_stops_the_start(value, monkeypatch):
    monkeypatch.setenv("WORKBENCH_SIGNER", value)
    with pytest.raises(ImproperlyConfigured, match="WORKBENCH_SIGNER"):
        environment.signer("WORKBENCH_SIGNER")
