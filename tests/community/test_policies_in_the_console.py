"""Administrators write and publish policies in the console; nobody changes what is published."""

import json

import pytest
from django.urls import reverse

from community.models import PolicyVersion
from tests.factories import a_member, a_staff_member

pytestmark = pytest.mark.django_db

TEXT = json.dumps({"blocks": [{"key": "a", "text": "We keep less.", "type": "unstyled", "depth": 0}], "entityMap": {}})
DRAFT = {"title": "How we handle what you give us", "summary": "We keep less.", "text": TEXT, "companies-count": "0"}


@pytest.fixture
def administrator(client):
    administrator = a_staff_member("Administrators", "boss")
    client.force_login(administrator)
    return administrator


@pytest.fixture
def draft():
    return PolicyVersion.objects.create(text="<p>Draft.</p>", summary="A draft.")


def url(name, *args):
    return reverse(f"policies:{name}", args=args)


def test_administrator_writes_a_draft_that_is_not_in_force(client, administrator):
    client.post(url("add"), DRAFT)
    assert PolicyVersion.objects.get(number=None).summary == "We keep less."
    assert PolicyVersion.objects.current().number == 1


def test_administrator_edits_a_draft(client, administrator, draft):
    assert url("publish", draft.pk) in client.get(url("edit", draft.pk)).content.decode()
    client.post(url("edit", draft.pk), {**DRAFT, "summary": "Better."})
    assert PolicyVersion.objects.get(pk=draft.pk).summary == "Better."


def test_publishing_asks_first_and_says_how_many_are_asked(client, administrator, draft):
    a_member()
    page = client.get(url("publish", draft.pk)).content.decode()
    assert "2 members will be asked" in page and "<p>Draft.</p>" in page
    assert PolicyVersion.objects.current().number == 1


@pytest.mark.parametrize("minor, binding", [({}, 2), ({"minor": "on"}, 1)])
def test_administrator_publishes_and_says_whether_it_is_minor(client, administrator, draft, minor, binding):
    client.post(url("publish", draft.pk), minor)
    version = PolicyVersion.objects.current()
    assert (version, version.number, version.binding_number, version.published_by) == (draft, 2, binding, administrator)


def test_draft_that_does_not_say_what_changed_leads_back_to_editing(client, administrator, draft):
    PolicyVersion.objects.filter(pk=draft.pk).update(summary="")
    response = client.post(url("publish", draft.pk), follow=True)
    assert "Say what changed" in response.content.decode()
    assert PolicyVersion.objects.current().number == 1


@pytest.mark.parametrize("view", ["edit", "delete", "publish"])
def test_published_version_is_only_read(client, administrator, view):
    first = PolicyVersion.objects.get(number=1)
    for answer in (client.get(url(view, first.pk)), client.post(url(view, first.pk), DRAFT)):
        assert answer.status_code == 302
    again = PolicyVersion.objects.get(pk=first.pk)
    assert (again.text, again.summary, again.number) == (first.text, first.summary, 1)


def test_published_version_can_be_read_and_copied_into_a_draft(client, administrator):
    first = PolicyVersion.objects.get(number=1)
    page = client.get(url("inspect", first.pk)).content.decode()
    assert first.text_sha256 in page and "<h2>What we keep</h2>" in page
    client.post(url("copy", first.pk), DRAFT)
    assert PolicyVersion.objects.filter(number=None, published_at=None).count() == 1


@pytest.mark.parametrize("group", ["Moderators", "Curators"])
def test_other_staff_neither_see_nor_publish(client, draft, group):
    client.force_login(a_staff_member(group))
    for name, args in (("index", ()), ("add", ()), ("edit", (draft.pk,)), ("publish", (draft.pk,))):
        assert client.get(url(name, *args)).status_code in (302, 403)
        client.post(url(name, *args), DRAFT)
    assert PolicyVersion.objects.get(pk=draft.pk).published_at is None


def test_list_is_there(client, administrator, draft):
    page = client.get(url("index")).content.decode()
    assert "version 1" in page and "draft" in page
