"""What the run was made with, since figures mean nothing without it."""

import os
import platform
import shutil
import sqlite3
import subprocess
from importlib.metadata import version

from cryptography.hazmat.backends.openssl import backend

PACKAGES = ("django", "cryptography", "pyld", "pillow", "weasyprint")


def machine() -> list[str]:
    """Lines on processor, Python, libraries and programs."""
    return [
        f"{os.cpu_count()} cores, {_processor()}, {platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        backend.openssl_version_text(),
        ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        f"Node {_answer('node', '--version') or 'not installed'}",
        f"load average before the run: {os.getloadavg()[0]:.1f}",
    ]


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "unknown processor"


def _answer(program: str, *arguments: str) -> str:
    path = shutil.which(program)
    if path is None:
        return ""
    done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=20, check=False)
    return done.stdout.strip()
