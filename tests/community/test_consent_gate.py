"""After a new version of the policy, every member is asked at their next visit, and reaches nothing else meanwhile."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import resolve, reverse

from community.actions.accept_policy import accept_policy
from community.actions.publish_policy import publish_policy
from community.middleware import ConsentGate
from community.models import ConsentRecord, PolicyVersion
from tests.factories import a_member

pytestmark = pytest.mark.django_db
ASKED = "/accounts/policy/"


def a_new_version(summary="We keep less.", **how):
    return publish_policy(PolicyVersion.objects.create(text="<p>New words.</p>", summary=summary), by=None, **how)


@pytest.fixture
def member(client):
    member = a_member("ana")
    client.force_login(member)
    return member


def test_member_who_accepted_is_not_asked(client, member):
    assert client.get("/settings/").status_code == 200


def test_member_is_asked_again_and_told_what_changed(client, member):
    a_new_version("We keep less than before.")
    response = client.get("/settings/")
    assert response.status_code == 302 and response.url == ASKED
    page = client.get(ASKED).content.decode()
    assert "We keep less than before." in page and "<p>New words.</p>" in page


def test_minor_version_asks_nobody(client, member):
    a_new_version(minor=True)
    assert client.get("/settings/").status_code == 200


def test_visitor_is_asked_nothing(client):
    a_new_version()
    assert client.get("/policy/").status_code == 200
    assert client.get("/accounts/login/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/policy/", "/policy/1/", "/settings/export/", "/settings/leave/", "/accounts/logout/"]
)
def test_policy_export_leaving_and_signing_out_stay_open(client, member, path):
    a_new_version()
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/contact/", "/legal-notice/"])
def test_pages_by_which_to_write_to_us_stay_open(client, member, path):
    a_new_version()
    assert client.get(path).status_code in (200, 404), "staff write them; the gate does not stand before them"


@pytest.mark.parametrize("path", ["/settings/", "/accounts/email/", "/accounts/password/change/", "/admin/"])
def test_everything_else_leads_to_the_question(client, member, path):
    a_new_version()
    assert client.get(path).url == ASKED
    assert client.post(path).url == ASKED


def test_htmx_is_told_to_go_there_instead_of_putting_the_page_into_the_page(client, member):
    a_new_version()
    response = client.get("/settings/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == ASKED


def test_accepting_writes_a_record_and_leads_back(client, member):
    version = a_new_version()
    client.get("/accounts/password/change/")
    response = client.post(ASKED, {"policy": version.number, "accept_policy": "on"})
    assert response.url == "/accounts/password/change/"
    record = ConsentRecord.objects.get(user=member, policy=version)
    assert (record.text_sha256, record.minimum_age) == (version.text_sha256, 16)
    assert client.get("/settings/").status_code == 200


def test_accepting_without_the_tick_accepts_nothing(client, member):
    version = a_new_version()
    assert client.post(ASKED, {"policy": version.number}).status_code == 200
    assert not ConsentRecord.objects.filter(policy=version).exists()


def test_version_published_while_they_read_is_shown_next(client, member):
    a_new_version()
    a_new_version("Once more.")
    page = client.post(ASKED, {"policy": 2, "accept_policy": "on"}).content.decode()
    assert "changed while you were reading" in page and "Once more." in page
    assert not ConsentRecord.objects.filter(policy__number__gt=1).exists()


def test_accepting_twice_keeps_one_record(member):
    version = a_new_version()
    first, second = (accept_policy(member, number=version.number, confirmed_age=16) for _ in range(2))
    assert first == second and ConsentRecord.objects.filter(user=member).count() == 2


def test_accepting_a_version_that_is_not_in_force_is_refused(member):
    a_new_version()
    with pytest.raises(ValidationError):
        accept_policy(member, number=1, confirmed_age=16)


def test_declining_offers_export_and_leaving(client, member):
    a_new_version()
    page = client.get("/accounts/policy/declined/").content.decode()
    assert reverse("export") in page and reverse("leave") in page


def test_one_who_skipped_a_binding_version_is_asked_after_a_minor_one(client, member):
    a_new_version()
    a_new_version("A comma.", minor=True)
    assert client.get("/settings/").url == ASKED


@pytest.mark.parametrize("warm, queries", [(True, 0), (False, 1)])
def test_gate_costs_no_query_when_warm_and_one_when_cold(member, django_assert_num_queries, warm, queries):
    gate, request = ConsentGate(lambda request: None), RequestFactory().get("/settings/")
    request.user, request.resolver_match = member, resolve("/settings/")
    cache.clear()
    if warm:
        gate.process_view(request, None, (), {})
    with django_assert_num_queries(queries):
        assert gate.process_view(request, None, (), {}) is None


@pytest.mark.parametrize("path", ["/static/css/base.css", "/media/abc/1/320.webp"])
def test_gate_reads_no_session_for_a_file(path):
    request = RequestFactory().get(path)  # has no `user`: whoever asked for one would fail
    assert ConsentGate(lambda request: None).process_view(request, None, (), {}) is None
