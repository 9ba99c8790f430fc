"""The package is pure: it can be used without Django."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "badges" / "openbadges").rglob("*.py")
    if path.stem != "__init__"
)


def test_no_module_needs_django():
    code = f"import sys, {', '.join(MODULES)}; sys.exit('django' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, env={"PATH": ""})
    assert len(MODULES) > 15
    assert result.returncode == 0
