"""Erasing by order: everything of a post is destroyed, files first; what is left are hashes and the entry in the ledger."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from community.actions.add_comment import add_comment
from community.actions.file_report import file_report
from community.actions.like_post import like_post
from community.models import Avatar, Case, Export, Notification, Receipt
from community.receipts import check
from gallery import forgetting
from gallery.actions import erase_by_order as erasing
from gallery.actions.erase_by_order import erase_by_order
from gallery.actions.remove_photo import remove_photo
from gallery.files import StorageUnavailable, vault
from gallery.models import BannedPicture, Erasure, Original, Photo, Picture, PostPage
from gallery.reconcile import reconcile
from tests.factories import a_further_photo, a_member, a_post, a_staff_member, an_avatar, an_original
from tests.traces import ledger_acts, public_files, staff_acts

pytestmark = pytest.mark.django_db
WHY = "Order 4 O 17/26 of a court"
WORD = "xylophone"


@pytest.fixture
def adm():
    return a_staff_member("Administrators", "adele")


@pytest.fixture
def ana():
    return a_member("ana")


@pytest.fixture
def post(ana):
    """A post about which much is known: photos, one of them taken out, a comment, a like, a report, an export."""
    post = a_post(ana, caption=f"My {WORD} #dawn", alt_text=f"A {WORD}", photos=2)
    remove_photo(post.photos.first(), by=ana)
    milo = a_member("milo")
    like_post(post, by=milo), add_comment(post, f"What a {WORD}", by=milo)
    file_report("post", post, category="privacy", text=f"It shows my {WORD}", reporter=milo)
    vault().save_in_parts("derived/exports/x.zip", an_export())
    Export.objects.create(user=ana, state="ready", file="derived/exports/x.zip", expires_at=timezone.now())
    return post


def an_export():
    from django.core.files.base import ContentFile

    return ContentFile(b"zip", name="x.zip")


def in_vault(folder):
    return [name for name, _size, _modified in vault().list_names(folder)]


def models_with(word):
    """The models of which a row has `word` in it, whatever they are about."""
    everything = {model: model._default_manager.all() for model in apps.get_models() if model._meta.managed}
    return [model.__name__ for model, rows in everything.items() if word in serializers.serialize("json", rows)]


def test_nothing_of_it_is_left_in_rows_and_storages(both_storages, post, adm):
    files = set(public_files())
    erase_by_order(post, by=adm, reason=WHY)
    assert files and public_files() == set() and in_vault("originals/") == in_vault("derived/") == []
    for model in (PostPage, Photo, Picture, Original, Export):
        assert not model.objects.exists(), model
    assert models_with(WORD) == []
    assert not any(reconcile(at_once=True)["found"].values())
    assert Page.find_problems() == ([], [], [], [], [])


def test_hashes_and_the_ledger_are_what_is_left(post, adm, settings):
    settings.BACKUP_DAYS = 30
    originals = set(Original.objects.values_list("sha256", flat=True))
    until = erase_by_order(post, by=adm, reason=WHY)
    assert abs(until - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert set(Erasure.objects.filter(kind="original").values_list("sha256", flat=True)) == originals
    assert Erasure.of_post(post.short_id) and set(Erasure.objects.values_list("reason", flat=True)) == {WHY}
    assert ledger_acts(post.short_id)[-1] == "post.erased"


def test_its_addresses_say_that_it_was_removed(client, post, adm):
    url = post.address()
    erase_by_order(post, by=adm, reason=WHY)
    for path in (
        url,
        f"/p/{post.short_id}/",
        f"/p/{post.short_id}/comments/",
        f"/p/{post.short_id}/likes/",
        f"/api/v1/posts/{post.short_id}",
    ):
        assert client.get(path).status_code == 410, path
    assert client.get("/p/abcdefghij/").status_code == 404


def test_its_author_is_told_why_and_until_when_backups_hold_it(client, post, ana, adm):
    erase_by_order(post, by=adm, reason=WHY)
    told = Notification.objects.get(recipient=ana, details__act="erase")
    assert WHY in told.details["reason"] and "Backups hold it until" in told.details["reason"]
    client.force_login(ana)
    assert "The team erased a post of yours for good." in client.get("/notifications/").content.decode()


def test_the_log_keeps_who_and_why_and_no_words_of_it(post, adm):
    erase_by_order(post, by=adm, reason=WHY)
    assert staff_acts(post)[-1] == ("pixlpix.erase", "adele")
    assert not PageLogEntry.objects.filter(label__contains=WORD).exists()


def test_revisions_and_what_the_queue_says_of_it_go(post, adm):
    kind = ContentType.objects.get_for_model(PostPage)
    Revision.objects.create(
        content_type=kind, base_content_type=kind, object_id=str(post.pk), content={"caption": WORD}
    )
    results = apps.get_model("django_tasks_database", "DBTaskResult").objects
    now = {"status": "FAILED", "enqueued_at": timezone.now(), "backend_name": "default", "exception_class_path": ""}
    key = post.photos.first().pk
    for task, args, traceback in [
        ("gallery.tasks.process_photo", [key], ""),
        ("gallery.tasks.process_photo", [key + 999], ""),
        ("gallery.tasks.purge_cdn", [], f"of post {post.short_id}"),
    ]:
        kwargs = {"args": args, "kwargs": {}}
        results.create(task_path=task, args_kwargs=kwargs, traceback=traceback, run_after=timezone.now(), **now)
    erase_by_order(post, by=adm, reason=WHY)
    assert not Revision.objects.exists()
    assert [result.args_kwargs["args"] for result in results.all()] == [[key + 999]]


def test_reports_quote_nothing_of_it_any_more(post, adm):
    erase_by_order(post, by=adm, reason=WHY)
    case = Case.objects.get()
    assert case.frozen == {"erased": True} and case.about == Erasure.digest(post.short_id)[:30]
    assert case.reports.get().text == ""


def test_the_file_stays_banned_and_names_no_post(post, adm):
    erase_by_order(post, by=adm, reason=WHY)
    assert set(BannedPicture.objects.values_list("about", flat=True)) == {Erasure.digest(post.short_id)[:10]}


def test_receipts_are_proven_and_keep_only_hashes_then(site, post, adm):
    erase_by_order(post, by=adm, reason=WHY)
    receipt = Receipt.objects.get(kind="post")
    assert check(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.state == "clean" and receipt.about == Erasure.digest(post.short_id)[:10]
    assert {len(url) for url in receipt.lines.values_list("url", flat=True)} == {64}
    assert 410 in receipt.lines.values_list("status", flat=True)
    assert post.short_id not in json.dumps(list(receipt.lines.values("url", "error")))


# --- What is refused --------------------------------------------------------------------------------------------------


def refused(post, by, match, **more):
    with pytest.raises((PermissionDenied, ValidationError), match=match):
        erase_by_order(post, by=by, **{"reason": WHY, **more})
    assert PostPage.objects.filter(pk=post.pk).exists() and vault().exists(Original.objects.first().name)


def test_nobody_but_administrators_erases_and_nobody_what_is_their_own(post, adm):
    for person in (a_staff_member("Moderators"), a_staff_member("Curators"), post.author):
        refused(post, person, "Only administrators")
    refused(a_post(adm), adm, "Somebody else")


def test_it_needs_a_reason(post, adm):
    refused(post, adm, "by whose order", reason="  ")


def test_what_is_evidence_or_held_is_not_erased(post, adm):
    Case.objects.update(holds_evidence=True)
    refused(post, adm, "evidence")
    Case.objects.update(holds_evidence=False)
    PostPage.objects.filter(pk=post.pk).update(team_state="held")
    post.refresh_from_db()
    refused(post, adm, "held for review")


def test_a_file_that_another_members_post_shows_goes_only_by_an_order_for_the_file(client, ana, adm):
    original = an_original(by=ana)
    post, milos = a_post(ana, original=original), a_post(a_member("milo"), photos=2)
    photo = a_further_photo(milos, original=original)
    refused(post, adm, "Another member shows the same file")
    assert client.get(post.address()).status_code == client.get(milos.address()).status_code == 200
    erase_by_order(post, by=adm, reason=WHY, everywhere=True)
    assert not vault().exists(original.name) and not Original.objects.filter(pk=original.pk).exists()
    assert not Photo.objects.filter(pk=photo.pk).exists() and client.get(milos.address()).status_code == 200
    assert ("photo.erased") in ledger_acts(milos.short_id)


def test_another_members_post_of_nothing_else_is_erased_with_it(client, ana, adm):
    original = an_original(by=ana)
    post, milos = a_post(ana, original=original), a_post(a_member("milo"), original=original)
    erase_by_order(post, by=adm, reason=WHY, everywhere=True)
    assert not PostPage.objects.exists() and client.get(milos.address()).status_code == 410


def test_what_its_author_shows_elsewhere_goes_along_and_others_withdrawn_posts_do(ana, adm):
    original = an_original(by=ana)
    posts = [a_post(ana, original=original), a_post(ana, original=original), a_post(a_member(), original=original)]
    PostPage.objects.filter(pk=posts[2].pk).update(author_state="withdrawn")
    erase_by_order(posts[0], by=adm, reason=WHY)
    assert not PostPage.objects.exists() and not Original.objects.exists()


def test_profile_pictures_of_the_file_go_and_another_members_keeps_it(ana, adm):
    original = an_original(by=ana)
    post = a_post(ana, original=original)
    an_avatar(ana, original), an_avatar(a_member("milo"), original)
    refused(post, adm, "Another member shows the same file")
    erase_by_order(post, by=adm, reason=WHY, everywhere=True)
    assert not Avatar.objects.exists() and not Original.objects.exists() and public_files() == set()


# --- What a crash leaves, the next call does --------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing catches it, as nothing catches the end of a process."""


@pytest.mark.parametrize(
    "where",
    [
        (erasing, "take_down_post"),
        (erasing, "destroy_file"),
        (erasing, "forget_elsewhere"),
        (erasing, "erase_post"),
        (erasing, "forget_around"),
        (forgetting, "remove_unused_original"),
    ],
    ids=lambda where: where[1],
)
def test_killed_at_any_point_the_next_call_finishes_it(post, ana, adm, monkeypatch, where):
    shared = Original.objects.order_by("pk").last()
    a_post(ana, original=shared)

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(*where, die)
        with pytest.raises(Killed):
            erase_by_order(post, by=adm, reason=WHY)
    for left in PostPage.objects.filter(pk=post.pk):
        erase_by_order(left, by=adm, reason=WHY)
    assert not PostPage.objects.exists() and in_vault("originals/") == [] and public_files() == set()


def test_a_vault_that_is_down_loses_nothing_and_the_next_call_finishes_it(post, adm, monkeypatch):
    def fail(*args, **kwargs):
        raise StorageUnavailable("down")

    with monkeypatch.context() as patched:
        patched.setattr(type(vault()), "remove_original", fail)
        with pytest.raises(StorageUnavailable):
            erase_by_order(post, by=adm, reason=WHY)
    post = PostPage.objects.get(pk=post.pk)
    assert post.team_state == "taken_down"
    erase_by_order(post, by=adm, reason=WHY)
    assert not PostPage.objects.exists() and not Original.objects.exists()


# --- The console ------------------------------------------------------------------------------------------------------


def test_in_the_console_it_takes_a_reason_and_the_short_id_typed_once_more(client, post, adm):
    client.force_login(adm)
    url = f"/admin/posts/{post.short_id}/erase/"
    assert url in client.get(f"/admin/posts/{post.short_id}/").content.decode()
    for wrong in ({"reason": WHY, "again": "abc"}, {"reason": "", "again": post.short_id}):
        assert client.post(url, wrong).context["form"].errors
    assert PostPage.objects.filter(pk=post.pk).exists()
    answer = client.post(url, {"reason": WHY, "again": post.short_id}, follow=True).content.decode()
    assert "Backups hold it until" in answer and not PostPage.objects.exists()


def test_a_moderator_is_neither_offered_it_nor_let_in(client, post):
    client.force_login(a_staff_member("Moderators"))
    url = f"/admin/posts/{post.short_id}/erase/"
    assert url not in client.get(f"/admin/posts/{post.short_id}/").content.decode()
    assert client.post(url, {"reason": WHY, "again": post.short_id}).status_code in (302, 403)
    assert PostPage.objects.filter(pk=post.pk).exists()
