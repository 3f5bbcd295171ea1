"""Photos that come, go and change places at the same moment, while somebody takes their post down."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from gallery.actions.add_photo import add_photo
from gallery.actions.create_draft import create_draft
from gallery.actions.publish_draft import publish_draft
from gallery.actions.remove_photo import remove_photo
from gallery.actions.reorder_photos import reorder_photos
from gallery.actions.replace_photo import replace_photo
from gallery.actions.take_down_post import take_down_post
from gallery.actions.withdraw_post import withdraw_post
from gallery.models import Photo, PostPage, Publication, Rendition
from gallery.states import TeamState
from gallery.tasks import process_photo
from tests import factories as f
from tests.racing import at_once
from tests.traces import member_acts, public_files

pytestmark = [
    pytest.mark.postgres,  # SQLite lets one write at a time
    pytest.mark.queued,
    pytest.mark.django_db(transaction=True),
]

TIMES = 4


def fresh(post):
    return PostPage.objects.select_related("author", "gallery").get(pk=post.pk)


def in_step():
    """No row names a file that is not there, and no file is there that no row names."""
    return public_files() == set(Rendition.objects.exclude(public_name="").values_list("public_name", flat=True))


def test_adding_taking_out_and_reordering(run_tasks):
    post, original = f.a_post(photos=4), f.an_original()
    run_tasks()
    for turn in range(TIMES):
        photos = fresh(post).photos_in_order
        keys = [photo.key for photo in photos]
        errors = at_once(
            lambda: add_photo(post, original, by=post.author),
            lambda p=photos[turn % 4]: remove_photo(p, by=post.author),
            lambda k=keys: reorder_photos(post, k[::-1], by=post.author),
        )
        assert errors[:2] == [None, None]
        assert errors[2] is None or isinstance(errors[2], ValidationError)  # its photos had changed
        run_tasks()
        assert len(fresh(post).photos_in_order) == 4
        assert in_step()
    positions = list(post.photos.current().values_list("position", flat=True))
    assert len(positions) == len(set(positions))


def test_one_photo_added_by_a_request_that_is_sent_twice():
    draft, original = f.a_draft(photos=0), f.an_original()
    for turn in range(TIMES):
        added = []
        errors = at_once(
            *[lambda k=f"key{turn:07}", a=added: a.append(add_photo(draft, original, by=draft.author, key=k))] * 2
        )
        assert errors == [None, None]
        assert added[0] == added[1]
    assert draft.photos.count() == TIMES


def test_one_draft_begun_by_a_request_that_is_sent_twice():
    author = f.a_member()
    for turn in range(TIMES):
        begun = []
        errors = at_once(*[lambda s=f"sent{turn:06}", b=begun: b.append(create_draft(author, short_id=s))] * 2)
        assert errors == [None, None]
        assert begun[0] == begun[1]
    assert PostPage.objects.count() == TIMES


@pytest.mark.parametrize("separately", [False, True])
def test_a_draft_published_twice_is_published_once(run_tasks, separately):
    author, original = f.a_member(), f.an_original()
    for _ in range(TIMES // 2):
        draft = f.a_draft(author, photos=0)
        for _photo in range(2):
            add_photo(draft, original, by=author)
        run_tasks()
        before = PostPage.objects.count()
        errors = at_once(*[lambda d=draft: publish_draft(d, by=author, separately=separately)] * 2)
        assert errors == [None, None]
        assert member_acts(draft.short_id).count("post.published") == 1
        assert Publication.objects.filter(post=draft, state=Publication.State.OPEN).count() == 1
        assert PostPage.objects.count() == before + separately
    assert in_step()


def test_a_draft_published_while_it_is_deleted(run_tasks):
    author = f.a_member()
    for _ in range(TIMES):
        draft = f.a_draft(author)
        run_tasks()
        errors = at_once(lambda d=draft: publish_draft(d, by=author), lambda d=draft: withdraw_post(d, by=author))
        assert all(error is None or isinstance(error, PermissionDenied) for error in errors)
        assert errors.count(None) >= 1
        assert fresh(draft).is_visible == bool(public_files(draft))
        assert in_step()


def test_a_takedown_while_a_photo_is_being_replaced_wins(run_tasks):
    author, moderator = f.a_member(), f.a_staff_member("Moderators")
    for _ in range(TIMES):
        post = f.a_post(author)
        run_tasks()
        new = replace_photo(post.photos.get(), f.an_original(), by=author)
        errors = at_once(
            lambda n=new: process_photo.func(n.pk), lambda p=post: take_down_post(p, by=moderator, reason="Not theirs")
        )
        assert errors == [None, None]
        run_tasks()
        assert fresh(post).team_state == TeamState.TAKEN_DOWN
        assert public_files() == set()


def test_a_photo_taken_out_while_its_renditions_are_made_is_nowhere_public(run_tasks):
    post = f.a_post()
    run_tasks()
    before = public_files()
    for _ in range(TIMES):
        added = add_photo(post, f.an_original(), by=post.author)
        errors = at_once(lambda a=added: process_photo.func(a.pk), lambda a=added: remove_photo(a, by=post.author))
        assert errors == [None, None]
        run_tasks()
        assert not Photo.objects.current().filter(pk=added.pk).exists()
        assert public_files() == before
        assert in_step()


def test_a_takedown_takes_along_the_post_that_gets_the_original_at_that_moment(run_tasks):
    """Or the post gets it after the takedown, which blocks nobody; it is never half-way."""
    author, moderator = f.a_member(), f.a_staff_member("Moderators")
    for _ in range(TIMES):
        original = f.an_original()
        one, other = f.a_post(author, original=original), f.a_post(author)
        run_tasks()
        taken = []
        refused, failed = at_once(
            lambda o=other, x=original: add_photo(o, x, by=author),
            lambda p=one, t=taken: t.extend(take_down_post(p, by=moderator, reason="Not theirs")),
        )
        assert failed is None
        assert refused is None or isinstance(refused, PermissionDenied)
        run_tasks()
        down = fresh(other).team_state == TeamState.TAKEN_DOWN
        assert down == (other in taken)
        assert bool(public_files(other)) == (not down)


def test_two_workers_with_one_photo(run_tasks):
    post = f.a_post()
    for _ in range(TIMES):
        run_tasks()
        added = add_photo(post, f.an_original(), by=post.author)
        assert at_once(*[lambda a=added: process_photo.func(a.pk)] * 2) == [None, None]
        assert fresh(post).photos_in_order[-1] == added
        assert in_step()
