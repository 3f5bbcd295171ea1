"""Export: everything that is kept about a member, and their files as they came."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from community.actions.request_export import request_export
from community.actions.suspend_member import suspend_member
from community.export import name_of
from community.exports import make
from community.models import Block, Comment, Export, Follow, Like, Notification, Profile, Save, SaveList
from community.sweep import sweep_people
from gallery.actions.edit_post import edit_post
from gallery.actions.remove_photo import remove_photo
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import StorageUnavailable, vault
from gallery.reconcile import reconcile
from tests.factories import a_draft, a_gallery, a_member, a_picture, a_post, a_staff_member, an_avatar, an_original

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return a_member("ana", name="Ana Duarte", email="ana@example.org")


def link_of(export):
    return reverse("export_file", args=[export.key])


def exported(client, member):
    client.force_login(member)
    assert client.post(reverse("export")).url == reverse("export")
    response = client.get(link_of(Export.objects.filter(user=member).latest("created_at")))
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


def test_photos_that_were_taken_out_are_there_with_when_and_their_originals(client, ana):
    post = a_post(ana, photos=2)
    photo = post.photos.order_by("position").first()
    remove_photo(photo, by=ana)
    archive = exported(client, ana)
    stays, out = document(archive, "posts.json")[0]["photos"]
    assert stays["taken_out"] is None
    assert (out["key"], bool(out["taken_out"])) == (photo.key, True)
    assert out["original"] in archive.namelist()


def test_drafts_are_there_and_what_was_chosen_for_a_post(client, ana):
    draft = a_draft(ana, caption="Not yet")
    edit_post(draft, by=ana, sensitive=True, sensitive_reason="Blood", show_camera=True)
    (row,) = document(exported(client, ana), "posts.json")
    assert (row["author_state"], row["caption"], len(row["photos"])) == ("draft", "Not yet", 1)
    assert (row["sensitive"], row["sensitive_reason"]) == (True, "Blood")
    assert (row["shows_camera"], row["allows_download"]) == (True, False)
    assert row["photos"][0]["camera"] == {}


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


def test_profile_pictures_are_there_with_their_files_former_ones_too(client, ana):
    first, second = an_avatar(ana, crop=(10, 20, 100)), an_avatar(ana)
    archive = exported(client, ana)
    rows = document(archive, "profile_pictures.json")
    assert [row["cut"]["side"] for row in rows] == [100, None]
    assert rows[0]["removed_or_replaced"] and not rows[1]["removed_or_replaced"]
    for row, avatar in zip(rows, (first, second), strict=True):
        assert archive.read(row["original"]) == vault().open(avatar.picture.original.name).read()


def test_nothing_of_others_is_in_it(client, ana):
    a_post(a_member("milo"), caption="Milo's own")
    an_avatar(a_member("milos"))
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


def test_file_is_handed_to_its_member_alone_and_kept_by_no_cache(client, ana):
    export = request_export(ana)
    assert client.get(link_of(export)).url.startswith("/accounts/login/")
    client.force_login(a_staff_member("Administrators"))
    assert client.get(link_of(export)).status_code == 404
    client.force_login(ana)
    assert "no-store" in client.get(link_of(export)).headers["Cache-Control"]
    file = Export.objects.get().file
    assert client.get(f"/private/{file}").status_code == 404, "not by the address of renditions"


def test_suspended_member_reaches_page_and_file(client, ana):
    suspend_member(ana, by=None, reason="Spam")
    client.force_login(ana)
    assert client.get(reverse("export")).status_code == 200
    assert exported(client, ana).namelist()[0] == "README.txt"


def test_asking_too_often_is_refused(client, ana, settings):
    settings.ACCOUNT_RATE_LIMITS = {"export": "1/h/user"}
    client.force_login(ana)
    statuses = [client.post(reverse("export")).status_code for _ in range(2)]
    assert statuses == [302, 429]


def test_mail_says_that_it_is_ready_and_gives_no_secret_away(ana, mailoutbox):
    export = request_export(ana)
    [mail] = mailoutbox
    assert mail.to == ["ana@example.org"] and "/settings/export/" in mail.body and export.key not in mail.body


def test_comments_likes_saves_people_and_choices_are_there_with_others_names_alone(client, ana):
    milo = a_member("milo", name="Milo Secret", email="milo@secret.example")
    post = a_post(milo, caption="Milo wrote this", original=an_original())
    Comment.objects.create(post=post, author=ana, text="Lovely light")
    Comment.objects.create(post=post, author=milo, text="Thank you from Milo")
    Like.objects.create(user=ana, post=post)
    saves = SaveList.objects.create(user=ana, key="abcdefghjk", name="Later")
    Save.objects.create(list=saves, post=post)
    Follow.objects.create(follower=ana, followed=milo)
    Block.objects.create(blocker=ana, blocked=milo)
    Block.objects.create(blocker=a_member("bert"), blocked=ana)
    Profile.objects.filter(user=ana).update(biography="Birds", hidden_words="spam")
    Notification.objects.create(recipient=ana, kind="moderation", post=None, details={"words": "A warning"})
    archive = exported(client, ana)
    assert [row["text"] for row in document(archive, "comments.json")] == ["Lovely light"]
    assert document(archive, "likes.json")["posts"][0]["by"] == "milo"
    assert document(archive, "saves.json")[0]["list"] == "Later"
    people = document(archive, "people.json")
    assert people["asked_to_follow"][0]["username"] == people["blocked"][0]["username"] == "milo"
    settings = document(archive, "settings.json")
    assert document(archive, "profile.json")["biography"] == "Birds"
    assert (settings["hidden_words"], settings["usernames"]) == (["spam"], ["ana"])
    assert len(settings["signed_in_devices"]) == 1
    assert document(archive, "moderation.json")["told"][0]["words"] == {"words": "A warning"}
    everything = b" ".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    for secret in ("Milo Secret", "secret.example", "Milo wrote this", "Thank you from Milo", "bert"):
        assert secret not in everything


def test_originals_of_withdrawn_and_taken_down_posts_are_in_it(client, ana):
    gone, down = a_post(ana), a_post(ana)
    names = {name_of(post.photos.get().picture.original) for post in (gone, down)}
    withdraw_post(gone, by=ana)
    take_down_post(down, by=None, reason="Not theirs")
    assert names <= set(exported(client, ana).namelist())


# --- As a task ----------------------------------------------------------------------------------------------------------


def aged(**times):
    Export.objects.update(**{name: timezone.now() - delta for name, delta in times.items()})


@pytest.mark.queued
def test_request_makes_nothing_and_a_second_one_waits_for_the_first(client, ana, run_tasks):
    client.force_login(ana)
    client.post(reverse("export"))
    client.post(reverse("export"))
    export = Export.objects.get()
    assert (export.state, export.file) == ("waiting", "") and client.get(link_of(export)).status_code == 404
    assert "It is being made" in client.get(reverse("export")).content.decode()
    run_tasks()
    assert Export.objects.get().state == "ready"
    page = client.get(reverse("export")).content.decode()
    assert link_of(export) in page


@pytest.mark.queued
def test_lost_task_is_queued_again_and_given_up_in_the_end(client, ana):
    request_export(ana)
    DBTaskResult.objects.all().delete()
    aged(retry_at=timedelta(minutes=1))
    assert sweep_people()["exports_queued_again"] == 1
    assert sweep_people()["exports_queued_again"] == 0, "not before its next deadline"
    Export.objects.update(attempts=6)
    aged(retry_at=timedelta(minutes=1))
    sweep_people()
    assert Export.objects.get().state == "failed"
    client.force_login(ana)
    assert "could not be made" in client.get(reverse("export")).content.decode()


@pytest.mark.queued
def test_task_that_runs_twice_makes_one_file(ana):
    export = request_export(ana)
    assert make(export.pk) and not make(export.pk)
    assert [name for name, _size, _at in vault().list_names("derived/exports/")] == [Export.objects.get().file]


@pytest.mark.queued
def test_vault_that_fails_leaves_it_waiting(ana, monkeypatch):
    export = request_export(ana)

    def fail(*args):
        raise StorageUnavailable("down")

    monkeypatch.setattr(type(vault()), "save_in_parts", fail)
    with pytest.raises(StorageUnavailable):
        make(export.pk)
    assert (Export.objects.get().state, Export.objects.get().attempts) == ("waiting", 1)


def test_after_its_time_the_link_is_dead_and_the_file_deleted(client, ana):
    export = request_export(ana)
    client.force_login(ana)
    assert client.get(link_of(export)).status_code == 200
    aged(expires_at=timedelta(seconds=1))
    assert client.get(link_of(export)).status_code == 404
    assert sweep_people()["exports_deleted"] == 1
    assert not Export.objects.exists() and list(vault().list_names("derived/exports/")) == []


def test_reconcile_finds_files_without_rows_and_rows_without_files_and_leaves_the_rest(ana):
    request_export(ana)
    assert not any(reconcile(at_once=True)["found"].values())
    vault().save("derived/exports/lost.zip", ContentFile(b"PK"))
    other = Export.objects.create(user=ana, key="k", state="ready", file="derived/exports/nowhere.zip")
    counts = reconcile(at_once=True)["mended"]
    assert (counts["export_file_without_row"], counts["export_without_file"]) == (1, 1)
    assert not vault().exists("derived/exports/lost.zip") and not Export.objects.filter(pk=other.pk).exists()
    assert vault().exists(Export.objects.get().file)


def test_it_is_made_on_s3_as_well(client, ana, s3_storages):
    a_post(ana)
    names = exported(client, ana).namelist()
    assert sum(name.startswith("originals/") for name in names) == 1
