"""Print the share of test code in all Python, and fail where it is not between 45 and 55 %.

Counted are lines that are neither blank nor only a comment; tests are what lies below tests/; migrations are left out.

    python scripts/count_tests.py [folder]
"""

import sys
from pathlib import Path

LEAST, MOST = 45, 55  # percent
LEFT_OUT = {"migrations", "node_modules", "__pycache__", "var"}


def lines_of_code(path):
    """How many lines of a Python file are neither blank nor only a comment."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


def count(root):
    """(lines of tests, lines of everything else) below `root`, a Path; what is hidden (.venv) is left out."""
    tests = product = 0
    for path in root.rglob("*.py"):
        parts = path.relative_to(root).parts
        if any(part in LEFT_OUT or part.startswith(".") for part in parts):
            continue
        if parts[0] == "tests":
            tests += lines_of_code(path)
        else:
            product += lines_of_code(path)
    return tests, product


def main(root):
    """Print the count of `root`; the exit status: 0 where the share is within bounds, else 1."""
    tests, product = count(root)
    share = 100 * tests / (tests + product) if tests + product else 0
    print(f"Test code: {tests} of {tests + product} lines of Python, {share:.1f} % (wanted: {LEAST} to {MOST} %).")  # noqa: T201
    return 0 if LEAST <= share <= MOST else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
