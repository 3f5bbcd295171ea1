"""Policies: written as drafts, published once, never changed again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import ModelLogEntry

from community.actions.publish_policy import publish_policy
from community.models import PolicyVersion
from community.policies import binding_number
from tests.factories import a_member

pytestmark = pytest.mark.django_db


def a_draft(text="<p>New words.</p>", summary="We mended a word.", **fields):
    return PolicyVersion.objects.create(text=text, summary=summary, **fields)


def test_publishing_gives_the_next_number_and_asks_everybody_again():
    version = publish_policy(a_draft(), by=None)
    assert (version.number, version.binding_number) == (2, 2)
    assert PolicyVersion.objects.current() == version
    assert binding_number() == 2


def test_minor_version_is_shown_but_binds_nobody_anew():
    version = publish_policy(a_draft(), by=None, minor=True)
    assert (version.number, version.binding_number, version.is_minor) == (2, 1, True)
    assert PolicyVersion.objects.current() == version
    assert binding_number() == 1


def test_a_version_after_a_minor_one_binds_again():
    publish_policy(a_draft(), by=None, minor=True)
    assert publish_policy(a_draft(), by=None).binding_number == 3


def test_draft_is_not_in_force():
    a_draft()
    assert PolicyVersion.objects.current().number == 1


def test_published_text_holds_nothing_but_plain_elements():
    text = '<p style="color:red" onclick="x()">Hello <script>alert(1)</script><a href="javascript:x()">there</a></p>'
    assert publish_policy(a_draft(text), by=None).text == "<p>Hello alert(1)<a>there</a></p>"


def test_link_to_a_page_is_frozen_as_it_was_when_published():
    from wagtail.models import Page

    page = Page.objects.get(slug="members", depth=3)
    version = publish_policy(a_draft(f'<p><a linktype="page" id="{page.pk}">Members</a></p>'), by=None)
    assert version.text == '<p><a href="/members/">Members</a></p>'
    assert version.shown_text() == version.text


@pytest.mark.parametrize("field, value", [("text", "<p>Other words.</p>"), ("number", 9), ("text_sha256", "0" * 64)])
def test_published_version_never_changes(field, value):
    policy = PolicyVersion.objects.current()
    setattr(policy, field, value)
    with pytest.raises(ValidationError):
        policy.save()
    assert getattr(PolicyVersion.objects.current(), field) != value


def test_published_version_cannot_be_updated_in_bulk():
    with pytest.raises(ValidationError):
        PolicyVersion.objects.filter(number=1).update(text="<p>Other words.</p>")


def test_published_version_cannot_be_deleted():
    with pytest.raises(ValidationError):
        PolicyVersion.objects.current().delete()
    with pytest.raises(ValidationError):
        PolicyVersion.objects.all().delete()


def test_draft_can_be_changed_and_deleted():
    draft = a_draft()
    draft.text = "<p>Better words.</p>"
    draft.save()
    draft.delete()
    assert PolicyVersion.objects.count() == 1


def test_published_version_is_not_published_twice():
    with pytest.raises(ValidationError):
        publish_policy(PolicyVersion.objects.current(), by=None)


def test_version_that_does_not_say_what_changed_is_refused():
    with pytest.raises(ValidationError) as refusal:
        publish_policy(a_draft(summary=" "), by=None)
    assert "summary" in refusal.value.message_dict


def test_empty_text_is_refused():
    with pytest.raises(ValidationError) as refusal:
        publish_policy(a_draft(text="<script></script>"), by=None)
    assert "text" in refusal.value.message_dict


def test_member_cannot_publish_a_policy():
    with pytest.raises(PermissionDenied):
        publish_policy(a_draft(), by=a_member())


def test_publishing_stands_in_the_log_of_staff():
    version = publish_policy(a_draft(), by=None)
    assert ModelLogEntry.objects.filter(action="pixlpix.publish_policy", object_id=str(version.pk)).exists()
