"""What a stranger gets at the addresses of files, from a real S3 server with a public media bucket and a private vault."""

import pytest
import requests

from gallery.actions.remove_photo import remove_photo
from gallery.actions.replace_photo import replace_photo
from gallery.actions.set_visibility import set_visibility
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import media, vault
from tests.factories import a_post, a_staff_member, an_original
from tests.s3 import MEDIA_BUCKET, VAULT_BUCKET
from tests.traces import every_name

pytestmark = [pytest.mark.django_db, pytest.mark.s3]


@pytest.fixture
def server(s3_storages):
    return s3_storages


def statuses(names):
    """What an anonymous GET of these public names answers."""
    return {requests.get(media().url(name), timeout=10).status_code for name in names}


def vault_statuses(server):
    """What an anonymous GET answers for every object that the vault holds, originals, ledger and derived files."""
    names = [name for name, _size, _modified in vault().list_names()]
    assert {name.split("/")[0] for name in names} >= {"originals", "derived"}
    return {requests.get(f"{server.endpoint}/{VAULT_BUCKET}/{name}", timeout=10).status_code for name in names}


def take_down(post):
    take_down_post(post, by=a_staff_member("Moderators"), reason="Not theirs")


def withdraw(post):
    withdraw_post(post, by=post.author)


def narrow(post):
    set_visibility(post, by=post.author, visibility="followers")


@pytest.mark.parametrize("hide", [take_down, withdraw, narrow])
def test_every_address_of_a_hidden_post_answers_404_or_403(server, hide):
    post = a_post(photos=2)
    names = every_name(post)
    assert statuses(names) == {200}
    assert vault_statuses(server) <= {403, 404}
    hide(post)
    assert statuses(names) <= {403, 404}
    assert vault_statuses(server) <= {403, 404}


@pytest.mark.parametrize("way", ["removed", "replaced"])
def test_every_address_of_a_photo_that_left_answers_404_or_403_and_the_others_stay(server, way):
    post = a_post(photos=2)
    photo, other = post.photos.order_by("position")
    gone, kept = (set(p.picture.renditions.values_list("public_name", flat=True)) for p in (photo, other))
    if way == "removed":
        remove_photo(photo, by=post.author)
    else:
        replace_photo(photo, an_original(by=post.author), by=post.author)
    assert statuses(gone) <= {403, 404}
    assert statuses(kept) == {200}
    assert vault_statuses(server) <= {403, 404}


def test_neither_bucket_can_be_listed(server):
    a_post()
    for bucket in (MEDIA_BUCKET, VAULT_BUCKET):
        assert requests.get(f"{server.endpoint}/{bucket}/", timeout=10).status_code in (403, 404)


def test_public_files_are_kept_a_year_by_browsers_and_an_hour_by_the_cdn(server):
    name = min(every_name(a_post()))
    answer = requests.get(media().url(name), timeout=10)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable"
