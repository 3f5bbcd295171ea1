"""What docs tell people to type exists, with the options that they name; what they link is there."""

import re
import shlex

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class

from gallery.states import TeamState
from tests import factories as f

pytestmark = pytest.mark.once

ROOT = settings.BASE_DIR
DOCS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/runbooks/*.md"), *ROOT.glob(".github/*.md")]
)


def commands_in(text):
    """Each `manage.py …` that a text names, as its words; code of `shell -c` is left out."""
    for match in re.finditer(r"manage\.py ([a-z][^`\n#;&|]*)", text):
        line = re.sub(r"shell -c .*", "shell", match[1]).strip()
        yield shlex.split(line.replace("…", "").rstrip(".,:") if line.count('"') % 2 == 0 else line.partition('"')[0])


def options_of(name):
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    return {option for action in parser._actions for option in action.option_strings}


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_exist_with_their_options(path):
    for name, *rest in commands_in(path.read_text(encoding="utf-8")):
        assert name in get_commands(), f"manage.py {name}"
        named = {word.partition("=")[0] for word in rest if re.match(r"--[a-z]", word)}
        assert named <= options_of(name), f"manage.py {name}: {named - options_of(name)}"


def test_the_reader_of_docs_sees_commands_and_options():
    text = 'Run `python manage.py restore DIR --yes`.\n    python manage.py shell -c "import os; x(--no)"\n'
    assert list(commands_in(text)) == [["restore", "DIR", "--yes"], ["shell"]]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_exist(path):
    for named in re.findall(
        r"`((?:scripts|\.do|\.github|\.ci|gallery|community|pixlpix|home|search)/[\w./-]+\.\w+)`", path.read_text()
    ):
        assert (ROOT / named).exists(), named


# --- How the team works -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def form():
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/fault.yml").read_text(encoding="utf-8"))
    return {part["id"]: part for part in form["body"] if "id" in part}


def test_an_issue_says_what_the_team_needs(form):
    assert set(form) == {"level", "location", "description", "found-how", "found-on"}
    needed = {name for name, part in form.items() if part.get("validations", {}).get("required")}
    assert needed == {"level", "description", "found-how", "found-on"}, "the location only where it is known"


def test_an_issue_has_one_of_three_levels_and_says_what_it_means(form):
    assert [option[:2] for option in form["level"]["attributes"]["options"]] == ["3:", "2:", "1:"]


def test_a_resolution_says_when_how_where_and_what_else():
    text = (ROOT / ".github/resolution.md").read_text(encoding="utf-8")
    assert re.findall(r"^- \*\*(.+?)\*\*", text, re.MULTILINE) == [
        "Resolved on",
        "How",
        "Where in the code",
        "What else it may affect",
    ]


@pytest.mark.parametrize("path", sorted(ROOT.glob(".github/**/*.yml")), ids=lambda path: path.name)
def test_forms_and_workflows_can_be_read(path):
    assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)


def test_ci_runs_the_script_that_everybody_runs():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["ci"]["steps"][-1]["run"] == "bash .ci/run"
    assert "postgres" in workflow["jobs"]["ci"]["services"]


def test_production_follows_staging_after_its_smoke_test_and_never_by_force():
    steps = yaml.safe_load((ROOT / ".github/workflows/promote.yml").read_text(encoding="utf-8"))["jobs"]["promote"][
        "steps"
    ]
    runs = [step["run"] for step in steps if "run" in step]
    assert [run.split()[1] for run in runs[:2]] == ["scripts/await_deployment.py", "scripts/smoke.py"]
    assert runs[2:] == ['git push origin "$COMMIT:refs/heads/release"']


@pytest.mark.django_db
def test_the_takedown_by_the_command_line_takes_down():
    """As the runbook has it for a night on which the console does not open."""
    text = (ROOT / "docs/runbooks/takedown-under-pressure.md").read_text(encoding="utf-8")
    code = re.search(r'shell -c "(.+)"$', text, re.MULTILINE)[1]
    post, moderator = f.a_post(), f.a_staff_member("Moderators")
    exec(code.replace("SHORT_ID", post.short_id).replace("YOU", moderator.username))
    post.refresh_from_db()
    assert post.team_state == TeamState.TAKEN_DOWN
