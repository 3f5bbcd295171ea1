"""/policy/: what is in force, what was, and what changed."""

import pytest

from community.actions.publish_policy import publish_policy
from community.models import PolicyVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer():
    return publish_policy(
        PolicyVersion.objects.create(text="<p>Newer words.</p>", summary="Shorter, and clearer."), by=None
    )


def test_current_text_is_public(client):
    page = client.get("/policy/").content.decode()
    assert "Who owns it, and who is the author" in page and "Version 1" in page


def test_older_version_stays_readable_and_says_that_it_is_old(client, newer):
    page = client.get("/policy/1/").content.decode()
    assert "Who owns it, and who is the author" in page and "no longer in force" in page and "noindex" in page


def test_current_page_says_what_changed_and_lists_the_versions(client, newer):
    page = client.get("/policy/").content.decode()
    assert "Newer words." in page and "Shorter, and clearer." in page and 'href="/policy/1/"' in page


def test_draft_is_nowhere(client):
    PolicyVersion.objects.create(text="<p>Not yet.</p>", summary="x")
    assert "Not yet." not in client.get("/policy/").content.decode()
    assert client.get("/policy/2/").status_code == 404


def test_page_holds_no_inline_style_or_script(client):
    page = client.get("/policy/").content.decode()
    assert "style=" not in page and "<style" not in page and "<script>" not in page
