"""The share of test code, as CI counts it."""

import pytest

from scripts import count_tests

pytestmark = pytest.mark.once


@pytest.fixture
def tree(tmp_path):
    """A folder to which a test adds files: tree("tests/test_a.py", lines=3)."""

    def add(name, lines):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# a comment\n\n" + "x = 1\n" * lines)
        return tmp_path

    return add


def test_blank_lines_and_comments_do_not_count(tmp_path):
    (tmp_path / "code.py").write_text("\n\n# why\n    # indented\nx = 1  # counts\n\n\ny = 2\n")
    assert count_tests.count(tmp_path) == (0, 2)


def test_only_the_top_folder_tests_counts_as_tests(tree):
    tree("tests/gallery/test_a.py", 3)
    root = tree("gallery/tests.py", 4)
    assert count_tests.count(root) == (3, 4)


@pytest.mark.parametrize("name", ["gallery/migrations/0001_initial.py", ".venv/lib/site.py", "var/script.py"])
def test_migrations_and_what_is_not_ours_are_left_out(tree, name):
    assert count_tests.count(tree(name, 50)) == (0, 0)


@pytest.mark.parametrize(
    ("tests", "product", "status"), [(50, 50, 0), (45, 55, 0), (55, 45, 0), (44, 56, 1), (56, 44, 1), (0, 0, 1)]
)
def test_fails_outside_45_to_55_percent(tree, tests, product, status, capsys):
    tree("tests/test_a.py", tests)
    assert count_tests.main(tree("code.py", product)) == status
    assert f"{tests} of {tests + product} lines" in capsys.readouterr().out
