"""Settings: everything from the environment, and a clear refusal instead of a guess."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from workbench import environment

ROOT = Path(__file__).parent.parent
GOOD = {
    "WORKBENCH_SECRET_KEY": "s" * 60,
    "WORKBENCH_KEY_ENCRYPTION_KEY": "k" * 43,
    "WORKBENCH_BASE_URL": "https://badges.example",
    "EMAIL_URL": "smtp://mail.example:25",
}


def start(tmp_path: Path, *arguments: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own with exactly these settings; None takes one away."""
    given = {name: value for name, value in (GOOD | variables).items() if value is not None}
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WORKBENCH_", "DJANGO_", "DATABASE_", "EMAIL_"))
    }
    return subprocess.run(  # noqa: PLW1510 (the test looks at the exit code)
        [sys.executable, "manage.py", *(arguments or ("check",))],
        cwd=ROOT,
        env=kept | given | {"WORKBENCH_VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_complete_environment_starts(tmp_path) -> None:
    assert start(tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WORKBENCH_SECRET_KEY", None),
        ("WORKBENCH_KEY_ENCRYPTION_KEY", None),
        ("WORKBENCH_KEY_ENCRYPTION_KEY", "too-short"),
        ("WORKBENCH_STORAGE_URL", "ftp://files.example"),
        ("WORKBENCH_DEBUG", "perhaps"),
        ("WORKBENCH_MAX_EVIDENCE_BYTES", "64 MB"),
    ],
)
def test_a_wrong_variable_stops_the_start_and_is_named(tmp_path, variable, value) -> None:
    stopped = start(tmp_path, **{variable: value})
    assert stopped.returncode != 0
    assert f"ImproperlyConfigured: {variable}" in stopped.stderr


def test_debug_draws_secrets_once_and_keeps_them_private(tmp_path) -> None:
    without = {"WORKBENCH_SECRET_KEY": None, "WORKBENCH_KEY_ENCRYPTION_KEY": None, "WORKBENCH_DEBUG": "1"}
    assert start(tmp_path, **without).returncode == 0
    secret = tmp_path / "secret-key"
    first = secret.read_text()
    assert len(first) >= 60
    assert secret.stat().st_mode & 0o077 == 0
    assert start(tmp_path, **without).returncode == 0
    assert secret.read_text() == first


def test_production_has_no_warning_of_its_own_when_the_evidence_has_its_host(tmp_path) -> None:
    answer = start(tmp_path, "check", "--deploy", WORKBENCH_EVIDENCE_HOST="evidence.example")
    assert "workbench.W" not in answer.stderr
    assert "workbench.W001" in start(tmp_path, "check", "--deploy").stderr
    assert "workbench.W003" in start(tmp_path, "check", "--deploy", EMAIL_URL=None).stderr


def test_https_makes_host_cookies(tmp_path) -> None:
    shown = start(tmp_path, "diffsettings", "--all")
    assert "SESSION_COOKIE_NAME = '__Host-session'" in shown.stdout
    assert "SESSION_COOKIE_SECURE = True" in shown.stdout


def test_storage_addresses_are_read() -> None:
    folder = environment.storage("file:///srv/evidence", root=Path("/var"))
    assert folder["OPTIONS"] == {"location": "/srv/evidence"}
    bucket = environment.storage(
        "s3://evidence/pilot?endpoint=https://s3.example&region=eu", root=Path("/var")
    )
    options = bucket["OPTIONS"]
    assert options["bucket_name"] == "evidence"
    assert (options["location"], options["endpoint_url"], options["region_name"]) == (
        "pilot",
        "https://s3.example",
        "eu",
    )
    assert options["signature_version"] == "s3v4"
    with pytest.raises(ImproperlyConfigured):
        environment.storage("s3:bucket", root=Path("/var"))
