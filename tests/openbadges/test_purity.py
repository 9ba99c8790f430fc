"""The package is pure: it can be used without Django."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.stem for path in (ROOT / "badges" / "openbadges").glob("*.py") if path.stem != "__init__"
)


def test_no_module_needs_django():
    names = ", ".join(f"badges.openbadges.{name}" for name in MODULES)
    code = f"import sys, {names}; sys.exit('django' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, env={"PATH": ""})
    assert len(MODULES) > 15
    assert result.returncode == 0
