"""Pages that staff write."""

import json

import pytest
from django.core.files.storage import storages
from wagtail.models import Collection, Page

from gallery.models import Picture
from home.models import EditorialPage
from tests.factories import a_picture, an_original

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "title"), [("/about/", "About PixlPix"), ("/contact/", "Contact"), ("/legal-notice/", "Legal notice")]
)
def test_page_is_there_from_the_start_with_a_first_text(client, path, title):
    response = client.get(path)
    assert response.status_code == 200
    assert f"<h1>{title}</h1>" in response.content.decode()
    assert response.content.decode().count("<p>") >= 1


@pytest.mark.parametrize("path", ["/contact/", "/legal-notice/"])
def test_what_the_operator_has_to_fill_in_is_marked(client, path):
    assert "[EMAIL ADDRESS OF THE OPERATOR]" in client.get(path).content.decode()


def test_every_page_leads_to_contact_and_legal_notice(client):
    page = client.get("/about/").content.decode()
    for path in ("/about/", "/contact/", "/legal-notice/"):
        assert f'href="{path}"' in page


def test_blocks_that_staff_compose_are_shown(client):
    page = EditorialPage.objects.get(slug="about")
    page.body = json.dumps(
        [
            {"type": "heading", "value": "Winter"},
            {"type": "quote", "value": "Look up."},
            {"type": "text", "value": "<p>Do</p>"},
        ]
    )
    page.save_revision().publish()
    html = client.get("/about/").content.decode()
    assert "<h2>Winter</h2>" in html and "Look up." in html and "<p>Do</p>" in html


def test_a_picture_of_the_library_is_shown_in_the_size_that_the_page_asks_for(client):
    picture = Picture(title="Banner", collection=Collection.get_first_root_node())
    picture.attach(an_original(a_picture(1600, 200)))
    picture.save()
    page = EditorialPage.objects.get(slug="about")
    page.body = json.dumps([{"type": "image", "value": picture.pk}])
    page.save_revision().publish()
    html = client.get("/about/").content.decode()
    made = picture.renditions.get()
    assert made.width == 1280
    assert storages["media"].exists(made.public_name)
    assert f'src="{made.url}"' in html


def test_tree_is_sound_with_the_pages_that_the_migration_wrote():
    assert not any(Page.find_problems())


def test_staff_can_add_a_page_beside_them():
    home = Page.objects.get(depth=2)
    home.add_child(instance=EditorialPage(title="Rules", slug="rules"))
    assert not any(Page.find_problems())
