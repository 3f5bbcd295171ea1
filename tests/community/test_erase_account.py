"""Long after leaving, where a setting says so: the shell is erased with all that it kept, and nothing of anybody else's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from community.actions import erase_account as erasing
from community.actions.add_comment import add_comment
from community.actions.empty_account import empty_account
from community.actions.erase_account import COLLECTIVE, accounts_to_erase, erase_account
from community.actions.leave import leave
from community.actions.like_comment import like_comment
from community.actions.like_post import like_post
from community.checks import everybody_has_consented, left_accounts_are_kept_for_a_time
from community.counting import wrong_numbers
from community.models import Avatar, Comment, ConsentRecord, Invitation, TakenName, User
from community.sweep import sweep_people
from gallery import forgetting
from gallery.actions import erase_post as erasing_posts
from gallery.actions.move_post import move_post
from gallery.actions.remove_photo import remove_photo
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import StorageUnavailable, vault
from gallery.models import MemberAct, Original, Photo, Picture, PostPage, Publication
from gallery.reconcile import reconcile
from home.actions.pick_post import pick_post
from home.models import Pick
from tests.factories import a_draft, a_gallery, a_member, a_post, a_staff_member, an_avatar, an_original
from tests.traces import ledger_acts, public_files, staff_acts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_year(settings):
    settings.KEEP_LEFT_ACCOUNTS_DAYS = 365


@pytest.fixture
def ana():
    return a_member("ana", name="Ana Duarte")


def a_shell(user, days=366):
    """The account of `user`, left and emptied `days` ago."""
    leave(user)
    User.objects.filter(pk=user.pk).update(standing_since=timezone.now() - timedelta(days=days + 30))
    assert empty_account(user)
    User.objects.filter(pk=user.pk).update(emptied_at=timezone.now() - timedelta(days=days))
    return User.objects.get(pk=user.pk)


def in_vault(folder):
    return [name for name, _size, _modified in vault().list_names(folder)]


def busy(ana):
    """Ana has posts in every state, pictures of herself, and a gallery."""
    a_post(ana, original=an_original())  # which somebody else brought first
    post = a_post(ana, photos=2, caption="Seen by all")
    remove_photo(post.photos.first(), by=ana)
    withdraw_post(a_post(ana), by=ana)
    a_draft(ana, caption="Not yet")
    move_post(post, a_gallery(ana, "Iceland"), by=ana)
    an_avatar(ana), an_avatar(ana)
    return post


def test_nothing_of_theirs_is_left_in_rows_and_storages(ana, both_storages):
    post = busy(ana)
    assert erase_account(a_shell(ana))
    for model in (PostPage, Photo, Picture, Original, Publication, Avatar, ConsentRecord, MemberAct, User):
        assert not model.objects.exists(), model
    assert in_vault("originals/") == in_vault("derived/") == [] and public_files() == set()
    assert not any(reconcile(at_once=True)["found"].values())
    assert Page.find_problems() == ([], [], [], [], [])
    assert ledger_acts(post.short_id)[-1] == "post.erased"
    assert ledger_acts(f"former-member-{ana.pk}")[-1] == "member.erased"


def test_without_the_setting_before_the_time_and_of_others_nothing_is_touched(ana, settings):
    post, shell = a_post(a_member()), a_shell(ana, days=364)
    assert not erase_account(shell) and not erase_account(post.author)
    settings.KEEP_LEFT_ACCOUNTS_DAYS = None
    User.objects.filter(pk=ana.pk).update(emptied_at=timezone.now() - timedelta(days=9999))
    assert not accounts_to_erase().exists() and not erase_account(shell)
    assert User.objects.filter(pk=ana.pk).exists()


def test_original_that_another_members_post_shows_stays_and_is_nobodys_first(client, ana):
    original = an_original(by=ana)
    a_post(ana, original=original)
    theirs = a_post(a_member("milo"), original=original)
    files = public_files(theirs)
    assert erase_account(a_shell(ana))
    original.refresh_from_db()
    assert original.first_by is None and vault().exists(original.name) and public_files() == files
    assert client.get(theirs.address()).status_code == 200


def test_original_that_somebody_is_just_uploading_again_stays(ana):
    original = an_original(by=ana)
    a_post(ana, original=original)
    a_member("milo").uploads.create(size=original.size, offset=original.size, original=original)
    assert erase_account(a_shell(ana))
    assert Original.objects.get().first_by is None and vault().exists(original.name)


@pytest.mark.parametrize("what", ["post", "photo", "avatar", "gallery", "comment"])
def test_while_the_team_holds_something_of_theirs_all_of_it_waits(ana, what):
    post, avatar = a_post(ana), an_avatar(ana)
    comment = Comment.objects.create(post=a_post(a_member()), author=ana, text="Hm")
    held = {"post": post, "photo": post.photos.get(), "avatar": avatar, "gallery": post.gallery, "comment": comment}
    shell = a_shell(ana)
    rows = type(held[what]).objects.filter(pk=held[what].pk)
    rows.update(team_state="held")
    assert not erase_account(shell) and vault().exists(post.photos.get().picture.original.name)
    rows.update(team_state="taken_down")
    assert erase_account(shell)


def test_post_that_is_held_in_between_stays(ana, monkeypatch):
    post = a_post(ana)
    shell = a_shell(ana)
    monkeypatch.setattr(erasing, "held_rows", list)  # looked before it was held
    PostPage.objects.filter(pk=post.pk).update(team_state="held")
    assert not erase_account(shell) and PostPage.objects.filter(pk=post.pk).exists()


def test_comments_stay_those_of_a_former_member_and_nobody_tells_whose(client, ana):
    post = a_post(a_member("milo"))
    for author in (ana, a_member("bert")):
        Comment.objects.create(post=post, author=author, text=f"Lovely {author.pk}")
        assert erase_account(a_shell(author))
    page = client.get(f"/p/{post.short_id}/comments/", follow=True).content.decode()
    assert page.count("Lovely") == page.count("A former member") == 2
    assert {comment.author.username for comment in Comment.objects.all()} == {COLLECTIVE}


def test_row_of_all_former_members_is_no_account_and_stays(client, ana):
    Comment.objects.create(post=a_post(a_member()), author=ana, text="Hm")
    assert erase_account(a_shell(ana))
    User.objects.filter(username=COLLECTIVE).update(
        emptied_at=timezone.now() - timedelta(days=999), date_joined=timezone.now() - timedelta(days=999)
    )
    done = sweep_people()
    assert done["accounts_dropped"] == done["accounts_emptied"] == done["accounts_erased"] == 0
    row = User.objects.get(username=COLLECTIVE)
    assert (
        not row.is_active and not row.has_usable_password() and client.get(f"/members/{COLLECTIVE}/").status_code == 404
    )
    assert everybody_has_consented(None, ["default"]) == []


def test_what_they_did_for_the_team_stays_as_nobodys(ana):
    post = a_post(a_member())
    curator = a_staff_member("Curators")
    pick_post(post, by=curator)
    Invitation.objects.create(email="x@example.org", expires_at=timezone.now(), group_id=1, invited_by=curator)
    assert erase_account(a_shell(curator))
    assert Pick.objects.get().curator is None and Invitation.objects.get().invited_by is None


def test_pages_name_no_curator_who_is_gone(client, ana):
    curator = a_staff_member("Curators")
    pick_post(a_post(ana, caption="A quay"), by=curator)
    assert erase_account(a_shell(curator))
    page = client.get("/").content.decode()
    assert "A quay" in page and "chosen by" not in page
    client.force_login(a_staff_member("Administrators"))
    assert client.get(reverse("picks:index")).status_code == 200
    assert client.get(reverse("picks:edit", args=[Pick.objects.get().pk])).status_code == 200


def test_numbers_are_right_afterwards(ana):
    own, theirs, milo = a_post(ana), a_post(a_member()), a_member("milo")
    for post in (own, theirs):
        like_post(post, by=milo), add_comment(post, "Hm", by=milo)
    comment = add_comment(theirs, "Hm", by=ana)
    like_comment(comment, by=milo)
    assert erase_account(a_shell(ana))
    assert list(wrong_numbers()) == [] and Comment.objects.get(pk=comment.pk).likes == 1


def test_log_of_the_team_keeps_what_was_done_and_quotes_nothing(ana):
    post = a_post(ana, caption="Ana's own words")
    pick_post(post, by=a_staff_member("Curators", "zoe"))
    assert erase_account(a_shell(ana))
    assert ("pixlpix.pick", "zoe") in staff_acts(post)
    assert not PageLogEntry.objects.filter(label__contains="Ana").exists() and not Pick.objects.exists()


def test_names_stay_taken_and_addresses_lead_nowhere(client, ana):
    post = a_post(ana)
    assert erase_account(a_shell(ana))
    assert not TakenName.is_free("ana")
    assert client.get("/members/ana/").status_code == 404
    for path in (post.address(), f"/p/{post.short_id}/"):
        assert client.get(path).status_code == 410, path


# --- What a crash leaves, the next round does -----------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing catches it, as nothing catches the end of a process."""


@pytest.mark.parametrize(
    "where",
    [
        (erasing_posts, "lock_galleries"),  # files are gone, rows are not
        (erasing_posts, "delete_pages"),  # in the middle of the rows
        (forgetting, "remove_unused_original"),  # rows are gone, the original is not
        (erasing, "forget_pictures"),
        (erasing, "let_originals_go"),
        (erasing, "erase_empty_pages"),
        (erasing.logger, "info"),  # all is done
    ],
    ids=lambda where: where[1],
)
def test_killed_at_any_point_the_next_round_finishes_it(ana, both_storages, monkeypatch, where):
    busy(ana)
    shell = a_shell(ana)

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(*where, die)
        with pytest.raises(Killed):
            erase_account(shell)
    sweep_people()
    assert not User.objects.exists() and not Original.objects.exists()
    assert in_vault("originals/") == in_vault("derived/") == [] and public_files() == set()
    assert not any(reconcile(at_once=True)["found"].values())


def test_more_than_one_go_takes_is_done_bit_by_bit(ana, monkeypatch):
    monkeypatch.setattr(erasing, "MOST", 1)
    a_post(ana), a_post(ana), an_avatar(ana)
    a_shell(ana)
    assert [sweep_people()["accounts_erased"] for _round in range(3)] == [0, 1, 0]


def test_storage_that_is_down_stops_that_account_and_no_other(ana, monkeypatch):
    post, milo = a_post(ana), a_member("milo")
    a_shell(ana), a_shell(milo, days=400)
    with monkeypatch.context() as patched:

        def fail(*args, **kwargs):
            raise StorageUnavailable("down")

        patched.setattr(type(vault()), "delete", fail)
        assert sweep_people()["accounts_erased"] == 1
    assert PostPage.objects.filter(pk=post.pk).exists() and not User.objects.filter(pk=milo.pk).exists()
    assert sweep_people()["accounts_erased"] == 1


def test_post_of_one_who_is_here_is_never_erased(ana):
    with pytest.raises(ValueError, match="can be seen"):
        erasing_posts.erase_post(a_post(ana))


def test_time_of_less_than_nothing_is_refused(settings):
    assert left_accounts_are_kept_for_a_time(None) == []
    settings.KEEP_LEFT_ACCOUNTS_DAYS = -1
    assert [error.id for error in left_accounts_are_kept_for_a_time(None)] == ["community.E002"]
