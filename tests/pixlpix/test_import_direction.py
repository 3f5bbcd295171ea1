"""Imports run one way, no app imports the project package, and views make no circle. See pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once


def test_imports_keep_the_contracts():
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter, "import-linter is not installed: make setup"
    answer = subprocess.run([linter, "--no-cache"], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stdout
    assert "3 kept, 0 broken" in answer.stdout
