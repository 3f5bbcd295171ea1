"""A post that is withdrawn or taken down is out of reach at every address that ever showed it.

The addresses come from the registry in gallery/addresses.py, which each feature that shows posts extends; a kind of
address that nobody declared is found by `test_every_public_page_that_mentions_a_post_is_declared`.
"""

import json

import pytest
from django.core.files.storage import storages
from django.urls import reverse

from community.actions.change_username import change_username
from community.actions.enter_prompt import enter_prompt
from gallery import addresses
from gallery.actions.move_post import move_post
from gallery.actions.restore_post import restore_post
from gallery.actions.take_down_post import take_down_post
from gallery.actions.undo_withdrawal import undo_withdrawal
from gallery.actions.withdraw_post import withdraw_post
from home.actions.pick_post import pick_post
from home.models import EditorialPage
from tests.factories import a_gallery, a_member, a_post, a_staff_member
from tests.galleries_world import a_prompt
from tests.visiting import body_of, fetch, media_host

pytestmark = pytest.mark.django_db

WORD = "xylophone"  # stands in the caption and nowhere else


@pytest.fixture
def well_travelled(client):
    """A post with a history: moved once, its author renamed, taken down and restored once: it has dead addresses too."""
    author = a_member()
    post = a_post(author, caption=f"A {WORD} at #dawn", photos=2)
    type(post).objects.filter(pk=post.pk).update(allow_download=True)
    post = move_post(post, a_gallery(author), by=author)
    change_username(author, "well-travelled")
    moderator = a_staff_member("Moderators")
    take_down_post(post, by=moderator, reason="A rehearsal")
    post = restore_post(post, by=moderator)
    pick_post(post, by=a_staff_member("Curators"))
    enter_prompt(a_prompt(), post, by=author)
    feature(post)
    return post


def feature(post):
    """Have curators put the post on a page that they write."""
    page = EditorialPage.objects.get(slug="about")
    page.body = json.dumps([{"type": "posts", "value": {"heading": "", "posts": [post.short_id]}}])
    page.save_revision().publish()


def mentions(response, post):
    """Whether the answer leads to the post, or shows its caption (the word alone stands in the search field as well)."""
    body = body_of(response)
    return post.short_id.encode() in body or post.caption.encode() in body


def take_down(post):
    take_down_post(post, by=a_staff_member("Moderators"), reason="Not allowed here")


def withdraw(post):
    withdraw_post(post, by=post.author)


WAYS = pytest.mark.parametrize("hide", [take_down, withdraw], ids=["taken down", "withdrawn"])


def test_the_registry_knows_pages_links_lists_search_sitemap_and_files():
    assert set(addresses.kinds()) >= {
        "page",
        "permanent link",
        "former address",
        "former username",
        "public rendition",
        "private rendition",
        "original",
        "download",
        "front page",
        "editorial page",
        "members page",
        "member's page",
        "gallery",
        "search",
        "sitemap",
        "explore",
        "picks",
        "feed",
        "feed of picks",
        "oembed",
    }


def test_before_a_takedown_every_address_but_the_dead_ones_shows_the_post(client, well_travelled):
    public = set(well_travelled.publications.get(state="open").names)
    seen = dict.fromkeys(addresses.kinds(), 0)
    for address in addresses.addresses_of(well_travelled):
        if address.role == addresses.LISTS:
            shown = mentions(fetch(client, address.url), well_travelled)
        elif address.kind == "public rendition" and address.url.removeprefix(media_host()) not in public:
            shown = fetch(client, address.url).status_code == 200
            assert not shown, f"a dead address answers again: {address.url}"
        else:
            shown = fetch(client, address.url).status_code in (200, 301, 302)
        seen[address.kind] += shown
    assert seen.pop("original") == 0
    assert all(seen.values()), f"these kinds showed nothing: {[kind for kind, count in seen.items() if not count]}"


@WAYS
def test_a_hidden_post_is_out_of_reach_at_every_address_it_ever_had(client, well_travelled, hide):
    ever = addresses.addresses_of(well_travelled)
    hide(well_travelled)
    ever += addresses.addresses_of(well_travelled)
    for address in set(ever):
        response = fetch(client, address.url)
        if address.role == addresses.OWN:
            hops = 0
            while response.status_code in (301, 302):
                assert (hops := hops + 1) < 4, address
                response = client.get(response["Location"])
            assert response.status_code == 410, address
        elif address.role == addresses.FILE:
            assert response.status_code in (403, 404), address
        else:
            assert response.status_code == 200, address
        assert not mentions(response, well_travelled), address


@WAYS
def test_the_vault_still_has_the_originals_and_the_media_folder_nothing(well_travelled, hide):
    hide(well_travelled)
    for photo in well_travelled.photos.all():
        assert storages["vault"].exists(photo.picture.original.name)
        assert photo.picture.renditions.exclude(public_name="").count() == 0
        assert all(storages["vault"].exists(r.file.name) for r in photo.picture.renditions.all())
    assert list(storages["media"].list_names()) == []


@pytest.mark.parametrize("again", ["restored", "undone"])
def test_coming_back_draws_new_names_and_leaves_the_old_ones_dead(client, well_travelled, again):
    before = {name for names in well_travelled.publications.values_list("names", flat=True) for name in names}
    if again == "restored":
        take_down(well_travelled)
        post = restore_post(well_travelled, by=a_staff_member("Moderators"))
    else:
        withdraw(well_travelled)
        post = undo_withdrawal(well_travelled, by=well_travelled.author)
    now = set(post.publications.get(state="open").names)
    assert now and not now & before
    assert client.get(post.address()).status_code == 200
    assert {fetch(client, media_host() + name).status_code for name in before} <= {403, 404}
    assert {fetch(client, media_host() + name).status_code for name in now} == {200}


def test_every_public_page_that_mentions_a_post_is_declared(client, well_travelled):
    """Follows links from the front page as a crawler would; what shows the post must be in the registry."""
    declared = {address.url.split("?")[0] for address in addresses.addresses_of(well_travelled)}
    seen, waiting, showing = set(), ["/", "/robots.txt", "/sitemap.xml"], set()
    while waiting and len(seen) < 80:
        path = waiting.pop(0)
        if path in seen or path.startswith("/accounts/"):
            continue
        seen.add(path)
        response = client.get(path)
        if response.status_code != 200:
            continue
        body = body_of(response)
        if well_travelled.short_id.encode() in body or well_travelled.caption.encode() in body:
            showing.add(path.split("?")[0])
        waiting += links_in(body.decode("utf-8", "replace"))
    assert len(seen) > 8
    # Says back the address in its own query, whatever that is.
    assert showing - declared == {reverse("copyright_notice")}


def links_in(html):
    """Local links of a page or a sitemap, files left out."""
    import re

    found = re.findall(r'href="(/[^"#]*)"|<loc>[^<]*?//[^/<]+(/[^<]*)</loc>', html)
    return [one or two for one, two in found if not (one or two).startswith(("/static/", "/media/", "/private/"))]
