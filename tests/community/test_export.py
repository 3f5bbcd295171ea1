"""Export: everything that is kept about a member, and their files as they came."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from community.actions.suspend_member import suspend_member
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import vault
from tests.factories import a_gallery, a_member, a_picture, a_post, an_original

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana", name="Ana Duarte", email="ana@example.org")


def exported(client, member):
    client.force_login(member)
    response = client.post(reverse("export"))
    assert response.status_code == 200 and response.headers["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    return archive


def document(archive, name):
    return json.loads(archive.read(name))


def test_profile_holds_all_of_the_account_but_the_password(client, ana):
    archive = exported(client, ana)
    profile = document(archive, "profile.json")
    assert (profile["username"], profile["name"], profile["email"]) == ("ana", "Ana Duarte", "ana@example.org")
    assert "argon2" not in json.dumps(profile)


def test_posts_hold_captions_alternative_texts_and_states(client, ana):
    gallery = a_gallery(ana, "Iceland")
    post = a_post(ana, gallery=gallery, caption="Первый свет #dawn", alt_text="A ridge")
    gone = a_post(ana, caption="Deleted")
    withdraw_post(gone, by=ana)
    down = a_post(ana, caption="Taken down")
    take_down_post(down, by=None, reason="Not theirs")
    first, second, third = document(exported(client, ana), "posts.json")
    assert (first["short_id"], first["gallery"], first["caption"]) == (post.short_id, "iceland", "Первый свет #dawn")
    assert first["photos"][0]["alternative_text"] == "A ridge"
    assert second["author_state"] == "withdrawn"
    assert (third["team_state"], third["team_reason"]) == ("taken_down", "Not theirs")


def test_originals_are_byte_for_byte_what_came(client, ana):
    file = a_picture()
    content = file.read()
    file.seek(0)
    original = an_original(file, by=ana)
    a_post(ana, original=original)
    archive = exported(client, ana)
    [name] = [name for name in archive.namelist() if name.startswith("originals/")]
    assert name == f"originals/{original.sha256}.jpg" and archive.read(name) == content
    assert document(archive, "posts.json")[0]["photos"][0]["original"] == name


def test_one_original_in_two_posts_is_there_once(client, ana):
    original = an_original(by=ana)
    for _ in range(2):
        a_post(ana, original=original)
    names = exported(client, ana).namelist()
    assert len(names) == len(set(names)) and sum(name.startswith("originals/") for name in names) == 1


def test_consents_galleries_and_acts_are_there(client, ana):
    archive = exported(client, ana)
    assert document(archive, "consent.json")[0]["policy_version"] == 1
    assert document(archive, "galleries.json")[0]["name"] == "Photos"
    assert "member.joined" in {act["act"] for act in document(archive, "acts.json")}


def test_nothing_of_others_is_in_it(client, ana):
    a_post(a_member("milo"), caption="Milo's own")
    archive = exported(client, ana)
    assert not any(b"milo" in archive.read(name).lower() for name in archive.namelist())


def test_file_that_cannot_be_read_is_named_and_breaks_nothing(client, ana):
    original = a_post(ana).photos.get().picture.original
    vault().remove_original(original.name, why="lost by accident")
    assert original.sha256 in exported(client, ana).read("missing.txt").decode()


def test_suspended_member_can_export(client, ana):
    suspend_member(ana, by=None, reason="Spam")
    assert document(exported(client, ana), "profile.json")["standing_reason"] == "Spam"


def test_stranger_gets_nothing(client):
    assert client.post(reverse("export")).url.startswith("/accounts/login/")


def test_it_is_kept_by_no_cache(client, ana):
    client.force_login(ana)
    assert "no-store" in client.post(reverse("export")).headers["Cache-Control"]


def test_asking_too_often_is_refused(client, ana, settings):
    settings.ACCOUNT_RATE_LIMITS = {"export": "1/h/user"}
    client.force_login(ana)
    statuses = [client.post(reverse("export")).status_code for _ in range(2)]
    assert statuses == [200, 429]
