"""A draft is its author's: no page, list, feed, search or sitemap shows it to anybody else."""

import pytest
from django.contrib.auth.models import AnonymousUser

from community.lists import (
    drafts_of,
    galleries_of,
    hidden_and_drafts_of,
    newest_members,
    newest_posts,
    posts_of_gallery,
)
from community.views.vault_file import may_see
from gallery.actions.add_photo import add_photo
from gallery.actions.discard_draft import discard_draft
from gallery.actions.publish_draft import publish_draft
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return f.a_draft(f.a_member("ana"), caption="A lighthouse nobody knows")


ADDRESSES = ["/", "/members/", "/members/ana/", "/members/ana/photos/", "/search/?q=lighthouse", "/sitemap.xml"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_of_the_site_mentions_it_to_others(client, draft, address):
    for visitor in (None, f.a_member()):
        if visitor:
            client.force_login(visitor)
        page = client.get(address, follow=True)
        assert draft.short_id not in page.content.decode()
        assert draft.caption not in page.content.decode()


@pytest.mark.parametrize("address", ["/p/{}/", "/members/ana/photos/{}/", "/p/{}/edit/"])
def test_its_addresses_are_not_found_by_others_even_when_it_was_discarded(client, draft, address):
    client.force_login(f.a_member())
    assert client.get(address.format(draft.short_id)).status_code == 404
    assert draft.caption not in client.get(address.format(draft.short_id)).content.decode()


def test_its_author_sees_it_on_its_page_and_among_their_own(client, draft):
    client.force_login(draft.author)
    assert "This is a draft" in client.get(draft.address()).content.decode()
    assert drafts_of(draft.author) == [draft]
    assert hidden_and_drafts_of(draft.author) == ([], [draft])


def test_a_discarded_one_is_in_no_list_of_its_authors_either(client, draft):
    discard_draft(draft, by=draft.author)
    assert drafts_of(draft.author) == []
    client.force_login(draft.author)
    assert draft.short_id not in client.get("/settings/deleted/").content.decode()


@pytest.mark.parametrize("visitor", ["anonymous", "member", "author"])
def test_no_list_has_it(draft, visitor):
    viewer = {"anonymous": AnonymousUser(), "member": f.a_member(), "author": draft.author}[visitor]
    assert newest_posts(viewer).items == []
    assert posts_of_gallery(draft.gallery, viewer).items == []
    assert all(gallery.cover_post is None for gallery in galleries_of(draft.author, viewer))
    assert all(member.newest == [] for member in newest_members(viewer))


def test_its_pictures_answer_its_author_and_staff_alone(draft):
    picture = draft.photos.get().picture
    assert may_see(draft.author, picture)
    assert may_see(f.a_staff_member("Moderators"), picture)
    for somebody in (AnonymousUser(), f.a_member(), f.a_staff_member("Curators")):
        assert not may_see(somebody, picture)


def test_published_it_is_found_everywhere(client, draft):
    publish_draft(draft, by=draft.author)
    for address in ("/members/ana/", "/members/ana/photos/", "/search/?q=lighthouse"):
        assert draft.short_id in client.get(address).content.decode()


# --- Photos that come to a post that can be seen ----------------------------------------------------------------------


@pytest.mark.queued
def test_a_photo_that_is_still_being_prepared_is_nobodys_but_its_authors(client, run_tasks):
    post = f.a_post()
    run_tasks()
    photo = add_photo(post, f.an_original(), by=post.author, alt_text="Not yet")
    assert not may_see(AnonymousUser(), photo.picture)
    assert "Not yet" not in client.get(post.address()).content.decode()
    client.force_login(post.author)
    assert "A photo is being prepared" in client.get(post.address()).content.decode()


def test_that_one_could_not_be_processed_its_author_alone_reads(client):
    post = f.a_post()
    add_photo(post, f.an_original(f.a_broken_picture()), by=post.author)
    assert "damaged or incomplete" not in client.get(post.address()).content.decode()
    client.force_login(post.author)
    page = client.get(post.address()).content.decode()
    assert "The post is shown without it." in page
    assert "damaged or incomplete" in page
