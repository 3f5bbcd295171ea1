"""What is deployed, as files: the platform's app specs, the image, the stack of one machine. Read here, and run nowhere:
docs/deploying.md says what of them was."""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

from tests.pixlpix.test_strict_settings import SECRETS

pytestmark = pytest.mark.once

ROOT = settings.BASE_DIR
SITES = ("staging", "production")
# boto3's and gunicorn's, which read them by themselves.
NEEDED_TOO = {
    "DATABASE_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "CDN_ENDPOINT_ID",
    "CDN_TOKEN",
    "MEDIA_HOST",
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def spec(site):
    return yaml.safe_load(read(f".do/app.{site}.yaml"))


def components(of):
    return [*of["services"], *of["workers"], *of["jobs"]]


def variables(of):
    """Every environment variable of an app spec by name: what is said of it."""
    listed = [*of["envs"], *(variable for part in components(of) for variable in part.get("envs", ()))]
    return {variable["key"]: variable for variable in listed}


@pytest.fixture(scope="module")
def known():
    """The settings that .env.example explains."""
    return set(re.findall(r"^#?([A-Z0-9_]+)=", read(".env.example"), re.MULTILINE))


# --- The app specs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", SITES)
def test_spec_has_the_platforms_form(site):
    schema = json.loads(read(".do/app-spec.schema.json"))
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(spec(site))] == []


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"workerz": []}, "workerz"),
        ({"jobs": [{"name": "a", "kind": "CRON"}]}, "CRON"),
        ({"services": [{"instance_count": 1}]}, "name"),
        ({"envs": [{"key": "A", "type": "HIDDEN"}]}, "HIDDEN"),
    ],
)
def test_the_form_knows_a_slip(slip, words):
    schema = json.loads(read(".do/app-spec.schema.json"))
    found = [error.message for error in jsonschema_rs.validator_for(schema).iter_errors({**spec("staging"), **slip})]
    assert words in " ".join(found)


@pytest.mark.parametrize("site", SITES)
def test_every_variable_is_a_setting_that_is_explained(site, known):
    assert set(variables(spec(site))) <= known


@pytest.mark.parametrize("site", SITES)
def test_nothing_that_production_needs_is_left_out(site):
    assert set(variables(spec(site))) >= set(SECRETS) | NEEDED_TOO
    assert "DEBUG" not in variables(spec(site))


@pytest.mark.parametrize("site", SITES)
def test_secrets_are_named_and_stand_nowhere(site):
    secret = {name for name, variable in variables(spec(site)).items() if variable.get("type") == "SECRET"}
    named_so = {name for name in variables(spec(site)) if re.search(r"KEY$|TOKEN|SECRET|PASSWORD", name)}
    assert secret >= named_so | {"AWS_ACCESS_KEY_ID"}
    assert all("value" not in variables(spec(site))[name] for name in secret)


@pytest.mark.parametrize("site", SITES)
def test_every_part_runs_the_same_image_from_the_same_branch(site):
    branch = {"staging": "main", "production": "release"}[site]
    for part in components(spec(site)):
        assert part["github"]["branch"] == branch
        assert part["github"]["deploy_on_push"] is True
        assert part["dockerfile_path"] == "Dockerfile"


@pytest.mark.parametrize("site", SITES)
def test_every_command_is_one_that_exists(site):
    commands = [part["run_command"] for part in components(spec(site)) if "run_command" in part]
    assert len(commands) == len(components(spec(site))) - 1  # gunicorn is the image's own
    for command in commands:
        words = command.split()
        if words[0] == "sh":
            assert (ROOT / words[1]).is_file()
        else:
            assert words[:2] == ["python", "manage.py"]
            assert words[2] in get_commands()


@pytest.mark.parametrize("site", SITES)
def test_digests_expiries_and_comparisons_come_by_the_clock_and_say_when_they_fail(site):
    by_clock = {part["name"]: part for part in spec(site)["jobs"] if part["kind"] == "SCHEDULED"}
    assert set(by_clock) == {"digests", "expiries", "reconcile", "counters"}
    for part in by_clock.values():
        assert re.fullmatch(r"(\d+|\*)( (\d+|\*)){4}", part["schedule"]["cron"])
        assert part["schedule"]["time_zone"] == "UTC"
        assert part["alerts"] == [{"rule": "JOB_INVOCATION_FAILED"}]


@pytest.mark.parametrize("site", SITES)
def test_no_backup_is_made_where_disks_do_not_last(site):
    assert "backup" not in " ".join(part.get("run_command", "") for part in components(spec(site)))


@pytest.mark.parametrize("site", SITES)
def test_a_database_that_is_down_restarts_nothing_and_takes_no_visitors_away(site):
    web = spec(site)["services"][0]
    assert web["health_check"]["http_path"] == "/healthz"
    assert web["liveness_health_check"]["http_path"] == "/healthz"
    assert resolve("/healthz").url_name == "healthz"


def test_staging_is_production_but_for_names_and_numbers():
    """What is tried there is what goes live: the same parts, commands, schedules and variables."""

    def shape(part):
        varies = {"github", "instance_count", "instance_size_slug", "envs"}
        return {key: value for key, value in part.items() if key not in varies}

    staging, production = spec("staging"), spec("production")
    assert [shape(part) for part in components(staging)] == [shape(part) for part in components(production)]
    assert set(variables(staging)) == set(variables(production))


def test_staging_shares_nothing_with_production():
    def own(site):
        told = variables(spec(site))
        names = ("SITE_URL", "ALLOWED_HOSTS", "VAULT_BUCKET", "MEDIA_BUCKET", "MEDIA_HOST", "MEDIA_ORIGIN_URL")
        clusters = {database["cluster_name"] for database in spec(site)["databases"]}
        return {told[name]["value"] for name in names} | clusters | {spec(site)["name"]}

    assert not own("staging") & own("production")


def test_connections_of_a_deployment_fit_the_database():
    """Old and new processes stand side by side for a moment; see "Connections" in docs/deploying.md."""
    production = spec("production")
    assert "threads" not in read("Dockerfile").rpartition("CMD")[2], (
        "gunicorn.conf.py is the one place that says how many"
    )
    threads = int(re.search(r'"WEB_THREADS"\) or (\d+)', read("gunicorn.conf.py"))[1])
    web = production["services"][0]
    processes = int(next(one["value"] for one in web["envs"] if one["key"] == "WEB_CONCURRENCY"))
    most = 2 * (web["instance_count"] * processes * threads + 2 * production["workers"][0]["instance_count"]) + 3
    said = int(re.search(r"allows (\d+) connections", read("docs/deploying.md"))[1])
    assert most <= said


# --- The image and the stack of one machine ---------------------------------------------------------------------------


def test_image_passes_its_linter():
    linter = Path(sys.executable).parent / "hadolint"
    linted = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, timeout=60)
    assert (linted.returncode, linted.stdout) == (0, "")


def test_image_runs_as_nobody_and_takes_no_secret_along():
    dockerfile = read("Dockerfile")
    last = dockerfile[dockerfile.rindex("\nFROM ") :]
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert "SECRET" not in last
    assert not re.search(r"^(ARG|ENV) .*(SECRET|PASSWORD|TOKEN)", dockerfile, re.MULTILINE)
    assert read(".dockerignore").splitlines()[1] == "*", "all is left out but what is named"


def test_image_takes_along_all_that_the_site_is():
    kept = set(re.findall(r"^!(\S+)$", read(".dockerignore"), re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    # A backup, and the snapshot that each restore takes first, note the version that pyproject.toml names.
    files = {"manage.py", "gunicorn.conf.py", "requirements.txt", "pyproject.toml"}
    assert kept >= packages | files | {"templates", "static", "scripts"}
    assert not kept & {"tests", ".env", ".git", "var"}


@pytest.fixture(scope="module")
def stack():
    return yaml.safe_load(read("compose.yaml"))


def test_stack_gives_every_process_of_the_site_what_it_needs(stack, known):
    for name in ("web", "worker", "migrate", "buckets"):
        told = stack["services"][name]["environment"]
        assert set(told) <= known
        assert set(told) >= set(SECRETS) - {"MAIL_API_KEY"} | {"EMAIL_URL", "DATABASE_URL"}
        assert "DEBUG" not in told


def test_stack_keeps_no_secret_and_opens_no_port_to_others(stack):
    text = read("compose.yaml")
    assert set(re.findall(r"\$\{(SECRET_KEY|STORE_KEY|DATABASE_PASSWORD)(?=[:}])", text))
    assert not re.search(r"(SECRET_KEY|PASSWORD|ACCESS_KEY): (?!\$\{)\S", text)
    for service in stack["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_stack_begins_in_order_and_names_versions(stack):
    services = stack["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        assert service["image"] == "pixlpix" or re.search(r":\d+\.\d+", service["image"])
    done = {"condition": "service_completed_successfully"}
    assert services["web"]["depends_on"] == services["worker"]["depends_on"] == {"migrate": done}
    assert services["migrate"]["depends_on"]["buckets"] == done
