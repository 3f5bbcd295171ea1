"""A deployment stops while the settings hand data to a company that the policy in force does not name."""

import json
import re
import shlex

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import reverse

from community.actions.publish_policy import publish_policy
from community.models import PolicyVersion
from pixlpix.watching import companies
from pixlpix.watching.checks import policy_names_the_companies
from tests.factories import a_member, a_staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def spaces(settings):
    """The settings of the first deployment, all with DigitalOcean."""
    settings.DATABASES["default"]["HOST"], before = (
        "db-1.b.db.ondigitalocean.com",
        settings.DATABASES["default"].get("HOST"),
    )
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "rediss://u:p@v.ondigitalocean.com:25061"},
    }
    settings.VAULT_BUCKET = "vault"
    settings.STORAGES = {
        **settings.STORAGES,
        "vault": {**settings.STORAGES["vault"], "OPTIONS": {"endpoint_url": "https://fra1.digitaloceanspaces.com"}},
    }
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "localhost"
    yield settings
    settings.DATABASES["default"]["HOST"] = before


def problems():
    return policy_names_the_companies(None, databases=["default"])


def publish(*entries, text=None):
    text = text or "<p>" + " ".join(name for name, *_more in entries) + "</p>"
    blocks = [
        {"type": "company", "value": {"name": name, "service": service, "host": (host or [""])[0], "purpose": ""}}
        for name, service, *host in entries
    ]
    draft = PolicyVersion.objects.create(text=text, summary="Another company.", companies=json.dumps(blocks))
    return publish_policy(draft, by=None)


DO = [("DigitalOcean", "hosting"), ("DigitalOcean", "storage")]


def test_the_first_policy_names_whom_the_first_deployment_needs():
    a_member()
    assert problems() == []


@pytest.mark.parametrize(
    ("setting", "value", "company"),
    [
        ("MAIL_PROVIDER", "postmark", "Postmark"),
        ("MAIL_PROVIDER", "mailgun", "Mailgun"),
        ("EMAIL_HOST", "smtp.eu.mailgun.org", "Mailgun"),
        ("EMAIL_HOST", "mail.unknown.example", "mail.unknown.example"),
        ("ERROR_REPORTING_DSN", "https://key@o1.ingest.sentry.io/1", "Sentry"),
        ("STORAGES", {"vault": {"OPTIONS": {}}}, "Amazon"),
        ("STORAGES", {"vault": {"OPTIONS": {"endpoint_url": "https://s3.other.example"}}}, "s3.other.example"),
    ],
)
def test_another_company_stops_the_deployment_and_is_named(settings, setting, value, company):
    a_member()
    setattr(settings, setting, value)
    [problem] = problems()
    assert problem.id == "watching.E002" and problem.is_serious()
    assert f"does not name {company} for" in problem.msg and "Settings, Policies" in problem.hint
    if "example" not in company:
        service = problem.msg.partition(" for ")[2].partition(",")[0]
        key = next(one for one in companies.Service if str(one.label).lower() == service)
        publish(*DO, (company.upper(), key))
        assert problems() == []


def test_a_company_must_be_named_for_what_it_does(settings):
    a_member()
    settings.MAIL_PROVIDER = "postmark"
    publish(*DO, ("Postmark", "errors"))
    assert [problem.id for problem in problems()] == ["watching.E002"]


def test_a_company_that_nobody_knows_is_told_by_its_host(settings):
    a_member()
    settings.EMAIL_HOST = "out.mails.example"
    publish(*DO, ("Mails & Co", "mail", "s.example"))
    assert problems()  # the end of a word is no end of a host
    publish(*DO, ("Mails & Co", "mail", "mails.example"), text="<p>DigitalOcean, Mails &amp; Co</p>")
    assert problems() == []


@pytest.mark.parametrize("host", ["localhost", "mail", "10.1.2.3", "::1", "mail.internal", "mail.pixlpix.example"])
def test_machines_of_the_team_are_no_company(settings, host):
    a_member()
    settings.SITE_URL, settings.EMAIL_HOST = "https://pixlpix.example", host
    assert problems() == []


def test_only_what_is_published_counts(settings):
    a_member()
    settings.MAIL_PROVIDER = "postmark"
    names = [*DO, ("Postmark", "mail")]
    entries = [{"type": "company", "value": {"name": name, "service": service}} for name, service in names]
    PolicyVersion.objects.create(text="<p>DigitalOcean, Postmark</p>", companies=json.dumps(entries))
    assert [problem.id for problem in problems()] == ["watching.E002"]


def test_each_place_that_data_goes_to_is_asked_for(settings):
    settings.DATABASES["default"]["HOST"] = "db.one.example"
    settings.CACHES["default"]["LOCATION"] = "rediss://u:p@two.example:25061"
    settings.STORAGES["vault"]["OPTIONS"]["endpoint_url"] = "https://three.example"
    settings.CDN_ENDPOINT_ID, settings.CDN_API_URL = "1", "https://four.example"
    settings.MAIL_PROVIDER, settings.ERROR_REPORTING_DSN = "postmark", "https://key@six.example/1"
    assert {need.setting: need.company for need in companies.missing()} == {
        "DATABASE_URL": "db.one.example",
        "CACHE_URL": "two.example",
        "S3_ENDPOINT_URL": "three.example",
        "CDN_API_URL": "four.example",
        "MAIL_PROVIDER": "Postmark",
        "ERROR_REPORTING_DSN": "six.example",
    }


def test_before_anybody_has_joined_it_only_warns_so_that_staff_can_begin(settings):
    settings.MAIL_PROVIDER = "postmark"
    a_staff_member("Administrators")
    assert [problem.id for problem in problems()] == ["watching.W002"]
    a_member()
    assert [problem.id for problem in problems()] == ["watching.E002"]


def test_what_runs_before_each_deployment_asks_for_it(settings):
    """One of the checks in the script of the deployment finds it: only one that looks at the database as well does."""
    a_member()
    settings.MAIL_PROVIDER = "postmark"
    script = (settings.BASE_DIR / "scripts" / "predeploy.sh").read_text(encoding="utf-8")
    checks = [shlex.split(line) for line in re.findall(r"^python manage.py check (.*?)(?:#.*)?$", script, re.MULTILINE)]
    asking = [arguments for arguments in checks if "--database" in arguments]
    with pytest.raises(SystemCheckError, match="does not name Postmark"):
        for arguments in asking:
            call_command("check", *arguments)


def test_without_a_database_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert policy_names_the_companies(None, databases=None) == []


class TestPolicies:
    def test_a_company_that_the_text_does_not_name_cannot_be_published(self):
        with pytest.raises(ValidationError, match="does not name Postmark"):
            publish(("Postmark", "mail"), text="<p>Somebody sends our mails.</p>")
        assert PolicyVersion.objects.current().number == 1

    def test_the_list_of_a_published_version_stays(self):
        version = PolicyVersion.objects.get(pk=publish(*DO).pk)
        version.companies = json.dumps([])
        with pytest.raises(ValidationError, match="never changes"):
            version.save()
        again = PolicyVersion.objects.get(pk=version.pk)
        again.save()
        assert [entry["service"] for entry in again.company_entries()] == ["hosting", "storage"]

    def test_staff_write_copy_and_read_it_in_the_console(self, client, monkeypatch):
        monkeypatch.setattr(
            "pixlpix.middleware.is_on", lambda: False
        )  # the vault of these settings can be asked nothing
        client.force_login(a_staff_member("Administrators"))
        first = PolicyVersion.objects.get(number=1)
        url = reverse("policies:copy", args=[first.pk])
        page = client.get(url).content.decode()
        assert re.search(r"service&quot;: \[?&quot;storage", page)
        text = {"blocks": [{"key": "a", "text": "DigitalOcean", "type": "unstyled", "depth": 0}], "entityMap": {}}
        form = {"title": "Policy", "summary": "Fewer.", "text": json.dumps(text), "companies-count": "1"}
        value = {"name": "DigitalOcean", "service": "hosting", "purpose": "machines", "host": ""}
        block = {"deleted": "", "order": "0", "type": "company", "id": ""}
        form |= {f"companies-0-{name}": part for name, part in block.items()}
        form |= {f"companies-0-value-{name}": part for name, part in value.items()}
        client.post(url, form)
        assert PolicyVersion.objects.get(number=None).company_entries() == [value]
        read = client.get(reverse("policies:inspect", args=[first.pk])).content.decode()
        assert "DigitalOcean (Storing and handing out files)" in read
