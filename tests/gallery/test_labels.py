"""What the team marks and leaves where it is: limited posts, sensitive posts."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from gallery.actions.edit_post import edit_post
from gallery.actions.label_sensitive import label_sensitive, unlabel_sensitive
from gallery.actions.limit_post import limit_post, unlimit_post
from gallery.models import PostPage
from tests.factories import a_member, a_post, a_staff_member
from tests.traces import ledger, ledger_acts, public_files, staff_acts

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize(
    ("put_on", "take_off", "column"),
    [(limit_post, unlimit_post, "limited"), (label_sensitive, unlabel_sensitive, "team_sensitive")],
    ids=["limited", "sensitive"],
)


@pytest.fixture
def mod():
    return a_staff_member("Moderators", "marta")


def is_labelled(post, column):
    return getattr(PostPage.objects.get(pk=post.pk), column)


@BOTH
def test_a_label_stands_until_it_is_taken_off_and_both_are_in_the_log(mod, put_on, take_off, column):
    post = a_post()
    assert getattr(put_on(post, by=mod, reason="Loud"), column) and is_labelled(post, column)
    assert not getattr(take_off(post, by=mod), column) and not is_labelled(post, column)
    acts = {"limited": ["limit", "unlimit"], "team_sensitive": ["label_sensitive", "unlabel_sensitive"]}[column]
    assert staff_acts(post) == [(f"pixlpix.{act}", "marta") for act in acts]


@BOTH
def test_done_twice_it_is_said_once(mod, put_on, take_off, column):
    post = a_post()
    put_on(post, by=mod, reason="Loud"), put_on(post, by=mod, reason="Loud")
    take_off(post, by=mod), take_off(post, by=mod)
    assert len(staff_acts(post)) == 2


@BOTH
def test_nobody_but_moderators_and_administrators_puts_one_on_or_takes_it_off(put_on, take_off, column):
    post = a_post()
    for person in (post.author, a_member(), a_staff_member("Curators")):
        with pytest.raises(PermissionDenied):
            put_on(post, by=person, reason="Mine")
        with pytest.raises(PermissionDenied):
            take_off(post, by=person)
    assert not is_labelled(post, column)


@BOTH
def test_a_moderator_decides_nothing_about_what_is_their_own(mod, put_on, take_off, column):
    post = a_post(mod)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        put_on(post, by=mod, reason="Mine")
    put_on(post, by=a_staff_member("Administrators"), reason="Loud")
    with pytest.raises(PermissionDenied, match="Somebody else"):
        take_off(post, by=mod)
    assert is_labelled(post, column)


@BOTH
def test_a_label_needs_a_reason(mod, put_on, take_off, column):
    with pytest.raises(ValidationError, match="Say why"):
        put_on(a_post(), by=mod, reason="  ")


@BOTH
def test_what_was_erased_is_left_alone(mod, put_on, take_off, column):
    post = a_post()
    PostPage.objects.filter(pk=post.pk).update(team_state="erased")
    with pytest.raises(PermissionDenied, match="erased"):
        put_on(post, by=mod, reason="Loud")


@BOTH
def test_its_files_stay_as_they_are(mod, put_on, take_off, column):
    post = a_post()
    before = public_files()
    put_on(post, by=mod, reason="Loud")
    assert public_files() == before != set()


def test_a_limit_is_in_the_ledger_and_so_is_its_end(mod):
    post = a_post()
    limit_post(post, by=mod, reason="Loud"), unlimit_post(post, by=mod)
    assert ledger_acts(post.short_id) == ["post.limited", "post.unlimited"]
    assert [entry["state"] for entry in ledger()][-2:] == [{"limited": True}, {"limited": False}]


def test_a_label_that_takes_no_reach_away_is_not_in_the_ledger(mod):
    post = a_post()
    label_sensitive(post, by=mod, reason="Blood")
    assert ledger_acts(post.short_id) == []


def test_its_author_takes_neither_off_by_editing(mod):
    post = a_post()
    limit_post(post, by=mod, reason="Loud"), label_sensitive(post, by=mod, reason="Blood")
    edit_post(post, by=post.author, caption="Another", sensitive=False)
    assert is_labelled(post, "limited") and is_labelled(post, "team_sensitive")


def test_the_teams_mark_and_the_authors_are_apart(mod):
    post = a_post()
    edit_post(post, by=post.author, sensitive=True)
    label_sensitive(post, by=mod, reason="Blood")
    post = unlabel_sensitive(post, by=mod)
    assert post.sensitive and post.is_sensitive and not post.team_sensitive
