"""Imports run one way: home, search, community, gallery; and no app imports the project package. See pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_imports_keep_the_contracts():
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter, "import-linter is not installed: make setup"
    answer = subprocess.run([linter, "--no-cache"], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stdout
    assert "2 kept, 0 broken" in answer.stdout
