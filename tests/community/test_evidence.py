"""What a case keeps as evidence is neither erased nor forgotten nor expires, until an administrator lets it go."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.utils import timezone
from wagtail.models import ModelLogEntry

from community.actions.empty_account import empty_account
from community.actions.erase_account import accounts_to_erase
from community.actions.forget_comments import forget_comments
from community.actions.keep_evidence import keep_evidence, release_evidence
from community.actions.leave import leave
from community.actions.remove_comment import remove_comment
from community.models import Case, Comment, Profile, User
from gallery.actions.erase_post import erase_post
from gallery.actions.expire_unattached_original import expire_unattached_original
from gallery.actions.remove_unused_original import remove_unused_original
from gallery.actions.withdraw_post import withdraw_post
from gallery.files import vault
from gallery.models import Original, PostPage
from tests.cases_world import a_case, a_comment_on
from tests.factories import a_member, a_post, a_staff_member, an_avatar, an_original

pytestmark = pytest.mark.django_db


def let_go(case):
    """As if an administrator had closed and released it."""
    Case.objects.filter(pk=case.pk).update(holds_evidence=False)


@pytest.fixture
def ana():
    return a_member("ana")


def test_a_post_that_is_evidence_is_not_erased_with_its_files(ana):
    post = a_post(ana)
    case = a_case(post, category="child_safety")
    withdraw_post(post, by=ana)
    post = PostPage.objects.get(pk=post.pk)
    files = [
        post.photos.get().picture.original.name,
        *post.photos.get().picture.renditions.values_list("file", flat=True),
    ]
    assert not erase_post(post)
    assert PostPage.objects.filter(pk=post.pk).exists() and all(vault().exists(name) for name in files)
    let_go(case)
    assert erase_post(post) and not PostPage.objects.filter(pk=post.pk).exists()


def test_a_post_stays_while_a_comment_below_it_is_evidence(ana):
    post = a_post(ana)
    case = a_case(a_comment_on(post), category="child_safety")
    withdraw_post(post, by=ana)
    assert not erase_post(PostPage.objects.get(pk=post.pk))
    let_go(case)
    assert erase_post(PostPage.objects.get(pk=post.pk))


def test_another_case_of_the_post_holds_nothing(ana):
    post = a_post(ana)
    a_case(post, category="spam")
    withdraw_post(post, by=ana)
    assert erase_post(PostPage.objects.get(pk=post.pk))


def test_a_file_that_a_case_names_by_its_hash_is_neither_removed_nor_expires():
    held, other = an_original(), an_original()
    Original.objects.update(first_seen_at=F("first_seen_at") - timedelta(days=30))
    case = a_case(category="child_safety", frozen={"photos": [{"sha256": held.sha256}]})
    assert not expire_unattached_original(held) and not remove_unused_original(held, why="a test")
    assert vault().exists(held.name)
    assert expire_unattached_original(other)
    let_go(case)
    assert expire_unattached_original(held) and not vault().exists(held.name)


def test_the_words_of_a_comment_that_is_evidence_are_not_forgotten(ana):
    comment, other = a_comment_on(a_post(), ana), a_comment_on(a_post(), ana)
    case = a_case(comment, category="child_safety")
    for one in (comment, other):
        remove_comment(one, by=ana)
    Comment.objects.update(removed_at=timezone.now() - timedelta(days=91))
    assert forget_comments() == 1
    assert Comment.objects.get(pk=comment.pk).text == "A very rude remark"
    let_go(case)
    assert forget_comments() == 1


def test_the_account_of_a_member_who_left_stays_as_it_is_while_something_of_theirs_is_evidence(ana, settings):
    settings.KEEP_LEFT_ACCOUNTS_DAYS = 10
    an_avatar(ana)
    Profile.objects.filter(user=ana).update(biography="Words")
    case = a_case(ana, category="child_safety")
    leave(ana)
    User.objects.filter(pk=ana.pk).update(standing_since=timezone.now() - timedelta(days=60))
    assert not empty_account(User.objects.get(pk=ana.pk))
    assert User.objects.get(pk=ana.pk).email == ana.email and Profile.objects.get(user=ana).biography == "Words"
    User.objects.filter(pk=ana.pk).update(emptied_at=timezone.now() - timedelta(days=20))
    assert not accounts_to_erase().exists()
    let_go(case)
    assert accounts_to_erase().get() == ana
    User.objects.filter(pk=ana.pk).update(emptied_at=None)
    assert empty_account(User.objects.get(pk=ana.pk))


# --- Letting it go ----------------------------------------------------------------------------------------------------


def test_an_administrator_lets_go_the_evidence_of_a_closed_case_with_a_reason():
    boss = a_staff_member("Administrators")
    case = a_case(category="child_safety", closed_at=timezone.now())
    assert not release_evidence(case, by=boss, reason="Handed over.").holds_evidence
    assert keep_evidence(case, by=boss, reason="Asked again.").holds_evidence
    entries = ModelLogEntry.objects.filter(action__contains="evidence").order_by("pk")
    assert [(entry.action, entry.user, entry.data["reason"]) for entry in entries] == [
        ("pixlpix.release_evidence", boss, "Handed over."),
        ("pixlpix.keep_evidence", boss, "Asked again."),
    ]


def test_nobody_lets_go_an_open_case_or_without_a_reason():
    boss, case = a_staff_member("Administrators"), a_case(category="child_safety")
    with pytest.raises(PermissionDenied):
        release_evidence(case, by=boss, reason="Too early.")
    Case.objects.update(closed_at=timezone.now())
    with pytest.raises(ValidationError):
        release_evidence(case, by=boss, reason=" ")
    assert Case.objects.get().holds_evidence


def test_moderators_and_whom_it_is_about_let_nothing_go():
    boss = a_staff_member("Administrators")
    case = a_case(a_post(boss), category="child_safety", closed_at=timezone.now())
    for who in (a_staff_member("Moderators"), a_staff_member("Curators"), boss):
        with pytest.raises(PermissionDenied):
            release_evidence(case, by=who, reason="Mine.")
