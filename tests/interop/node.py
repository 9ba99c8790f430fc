"""Runs the independent verifiers, which are Node programs, or says why they cannot run."""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"


@cache
def why_absent() -> str:
    """Empty when the verifiers can run. In CI they are installed first, and not having them is a failure."""
    if os.environ.get("CI"):
        return _install()
    if shutil.which("node") is None:
        return "Node is not installed"
    if not MODULES.is_dir():
        return (
            f"the independent verifiers are not installed: run npm ci in {HERE.relative_to(HERE.parents[1])}"
        )
    return ""


def run(job: dict[str, Any], script: str = "verify.mjs") -> Any:
    """The answer of one of the programs here to one job."""
    result = subprocess.run(
        ["node", script],
        cwd=HERE,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return json.loads(result.stdout)


def need_verifiers() -> None:
    """Skips the test where the verifiers are absent; fails it where CI could not install them."""
    reason = why_absent()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def _install() -> str:
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed, and CI must run the independent verifiers"
    lock = HERE / "package-lock.json"
    marker = MODULES / ".package-lock.json"
    if marker.is_file() and marker.stat().st_mtime >= lock.stat().st_mtime:
        return ""
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts"], cwd=HERE, capture_output=True, text=True, timeout=600, check=False
    )
    return "" if done.returncode == 0 else f"npm ci failed: {done.stderr[-500:]}"
