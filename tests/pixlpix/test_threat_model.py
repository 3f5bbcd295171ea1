"""docs/threat-model.md names a test for each threat, and each of these exists."""

import ast
import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

TEXT = (settings.BASE_DIR / "docs" / "threat-model.md").read_text()


def names_in(path):
    """The names of all tests of a file, those in classes too."""
    nodes = ast.walk(ast.parse((settings.BASE_DIR / path).read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_each_test_that_it_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) > 40
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_each_threat_names_one():
    rows = [line for line in TEXT.splitlines() if line.startswith("|") and line.count("|") == 4]
    threats = [row for row in rows if not re.match(r"\| (threat|---)|\|---", row)]
    assert len(threats) > 20
    assert [row for row in threats if "::test_" not in row] == []
