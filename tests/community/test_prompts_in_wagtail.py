"""Prompts are editorial pages: curators write, preview, schedule and publish them in Wagtail."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from community.models import PromptPage, PromptsPage
from gallery.files import media
from gallery.models import Rendition
from tests import factories as f
from tests.community.admin.test_library import an_editorial_picture
from tests.galleries_world import a_prompt

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Doors",
    "slug": "doors",
    "text": "null",
    "cover": "",
    "starts_at": "2030-01-05 09:00",
    "ends_at": "2030-01-12 09:00",
    "time_zone": "Asia/Tokyo",
    "comments-TOTAL_FORMS": "0",
    "comments-INITIAL_FORMS": "0",
    "comments-MIN_NUM_FORMS": "0",
    "comments-MAX_NUM_FORMS": "",
}


@pytest.fixture
def curator(client):
    curator = f.a_staff_member("Curators", "cora")
    client.force_login(curator)
    return curator


@pytest.fixture
def add():
    return reverse("wagtailadmin_pages:add", args=["community", "promptpage", PromptsPage.objects.get().pk])


def test_the_prompts_page_is_there_from_the_start(client):
    assert client.get("/prompts/").status_code == 200
    assert PromptsPage.objects.get().get_parent().slug == "home"
    assert not any(PromptsPage.find_problems())


def test_a_curator_publishes_one_whose_dates_are_of_its_own_zone(client, curator, add):
    assert client.get(add).status_code == 200
    client.post(add, FORM | {"action-publish": "1"})
    page = PromptPage.objects.get()
    assert page.live
    assert page.starts_at == datetime(2030, 1, 5, 0, tzinfo=UTC)
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "2030-01-05 09:00" in edit


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"time_zone": "Europe/Atlantis"}, "no such time zone"),
        ({"ends_at": "2030-01-05 08:00"}, "ends before it starts"),
        ({"starts_at": ""}, "required"),
    ],
)
def test_what_cannot_be_is_refused_in_the_form(client, curator, add, wrong, said):
    page = client.post(add, FORM | wrong | {"action-publish": "1"}).content.decode()
    assert said in page
    assert not PromptPage.objects.exists()


def test_a_later_revision_never_takes_the_announcement_back(client, curator):
    page = a_prompt()
    revision = page.save_revision()
    PromptPage.objects.filter(pk=page.pk).update(results_at=datetime(2026, 1, 1, tzinfo=UTC))
    PromptPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    revision.refresh_from_db()
    revision.publish()
    assert PromptPage.objects.get(pk=page.pk).results_at is not None


def test_a_draft_can_be_previewed_and_scheduled(client, curator, add):
    client.post(add, FORM)
    page = PromptPage.objects.get()
    assert not page.live
    assert client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).status_code == 200
    client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        FORM | {"go_live_at": "2029-12-01 09:00", "action-publish": "1"},
    )
    page.refresh_from_db()
    assert not page.live and page.approved_schedule


def test_its_cover_is_chosen_from_what_staff_put_into_the_library(client, curator, add):
    f.a_post(caption="Of a member")
    chosen = client.get(reverse("wagtailimages_chooser:choose"))
    assert chosen.status_code == 200
    assert "Of a member" not in chosen.content.decode()
    assert "cover" in client.get(add).content.decode()


def test_its_cover_stands_on_its_page_from_the_media_host_with_its_description(client, curator):
    cover = an_editorial_picture(curator, width=1600, height=900)
    cover.description = "A blue door"
    cover.save()
    page = a_prompt("Doors", cover=cover)
    client.logout()
    shown = client.get(page.address()).content.decode()
    [image] = re.findall(r"<img[^>]*alt=\"A blue door\"[^>]*>", shown)
    [name] = Rendition.objects.filter(image=cover, filter_spec__startswith="width-1280").values_list(
        "public_name", flat=True
    )
    assert media().url(name) in image and media().exists(name)
    assert 'width="1280"' in image and 'height="720"' in image
    cover.delete()
    assert "<h1>Doors</h1>" in client.get(page.address()).content.decode(), "without a cover it is a page like others"


def test_moderators_write_none(client, add):
    client.force_login(f.a_staff_member("Moderators"))
    assert client.get(add).status_code in (302, 403, 404)
