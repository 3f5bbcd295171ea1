"""Many acts at once, on a database that lets them run at once: one clear winner each, and the tree stays whole."""

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Page

from gallery.actions.delete_gallery import delete_gallery
from gallery.actions.edit_gallery import edit_gallery
from gallery.actions.move_post import move_post
from gallery.actions.publish_post import publish_post
from gallery.actions.restore_post import restore_post
from gallery.actions.share_photos import share_photos
from gallery.actions.take_down_gallery import restore_gallery, take_down_gallery
from gallery.actions.take_down_post import take_down_post
from gallery.models import GalleryPage, PostPage, Publication
from tests import factories as f
from tests.racing import at_once
from tests.traces import public_files

pytestmark = [
    pytest.mark.postgres,  # SQLite lets one write at a time
    pytest.mark.queued,
    pytest.mark.django_db(transaction=True),
]

TIMES = 20


def tree_is_whole():
    return not any(Page.find_problems())


def test_two_uploads_into_one_empty_gallery(run_tasks):
    author, original = f.a_member(), f.an_original()
    for number in range(TIMES):
        gallery = f.a_gallery(author, f"Gallery {number}")
        errors = at_once(*[lambda g=gallery: publish_post(author, g, [(original, "")])] * 2)
        assert errors == [None, None]
        assert GalleryPage.objects.get(pk=gallery.pk).numchild == 2
    assert tree_is_whole()


def test_a_form_that_is_sent_twice_at_once():
    author = f.a_member()
    gallery = f.first_gallery(author)
    for number in range(TIMES):
        content = f.a_picture().read()
        posts = []

        def share(content=content, number=number, posts=posts):
            from django.core.files.base import ContentFile

            posts.extend(share_photos(author, [ContentFile(content)], gallery=gallery, short_id=f"sent{number:06}"))

        assert at_once(share, share) == [None, None]
        assert len({post.pk for post in posts}) == 1
    assert PostPage.objects.count() == TIMES
    assert tree_is_whole()


def test_moves_and_uploads_between_the_same_galleries():
    author, original = f.a_member(), f.an_original()
    one, other = f.a_gallery(author, "One"), f.a_gallery(author, "Other")
    posts = [publish_post(author, home, [(original, "")]) for home in (one, other, one, other)]
    for turn in range(TIMES):
        targets = [other, one, other, one] if turn % 2 == 0 else [one, other, one, other]
        errors = at_once(
            *[lambda p=post, t=target: move_post(p, t, by=author) for post, target in zip(posts, targets, strict=True)],
            lambda: publish_post(author, one, [(original, "")]),
            lambda: edit_gallery(other, by=author, name="Other", description=""),
        )
        assert errors == [None] * 6
    assert PostPage.objects.count() == 4 + TIMES
    assert tree_is_whole()


def test_one_post_moved_to_two_galleries():
    author, original = f.a_member(), f.an_original()
    galleries = [f.a_gallery(author, name) for name in ("One", "Other")]
    post = publish_post(author, f.first_gallery(author), [(original, "")])
    for _ in range(TIMES):
        assert at_once(*[lambda g=gallery: move_post(post, g, by=author) for gallery in galleries]) == [None, None]
        found = PostPage.objects.get(pk=post.pk)
        assert found.get_parent().pk == found.gallery_id
    assert tree_is_whole()


def test_an_upload_into_a_gallery_that_is_being_deleted():
    author, original = f.a_member(), f.an_original()
    for number in range(TIMES):
        gallery = f.a_gallery(author, f"Gallery {number}")
        home = f.first_gallery(author)
        refused, failed = at_once(
            lambda g=gallery: publish_post(author, g, [(original, "")]),
            lambda g=gallery, home=home: delete_gallery(g, by=author, move_to=home),
        )
        assert failed is None
        assert refused is None or isinstance(refused, PermissionDenied)
        left = PostPage.objects.filter(gallery=gallery)
        assert not left.exists()
    assert tree_is_whole()


def test_takedowns_and_restores_of_posts_that_share_originals(run_tasks):
    """Each locks the originals of all its posts before the first post: none waits for another in a circle."""
    author, moderator = f.a_member(), f.a_staff_member("Moderators")
    x, y, z = (f.an_original() for _ in range(3))
    gallery = f.first_gallery(author)
    shown = [[(x, ""), (y, "")], [(y, ""), (z, "")], [(z, ""), (x, "")]]
    posts = [publish_post(author, gallery, photos) for photos in shown]
    run_tasks()
    for _ in range(TIMES // 2):
        assert at_once(*[lambda p=p: take_down_post(p, by=moderator, reason="Not theirs") for p in posts]) == [None] * 3
        assert not public_files()
        at_once(*[lambda p=p: restore_post(p, by=moderator) for p in posts])
    assert Publication.objects.filter(state=Publication.State.OPEN).count() == 3


def test_a_gallery_taken_down_while_its_posts_are_shown_again(run_tasks):
    """Whoever is last decides: with the gallery down, no file of its posts is left on the media host."""
    author, moderator = f.a_member(), f.a_staff_member("Moderators")
    gallery = f.a_gallery(author)
    post = publish_post(author, gallery, [(f.an_original(), "")])
    run_tasks()
    for _ in range(TIMES // 2):
        take_down_post(post, by=moderator, reason="Not theirs")
        errors = at_once(
            lambda: restore_post(post, by=moderator),
            lambda: take_down_gallery(gallery, by=moderator, reason="Nor this"),
        )
        assert errors == [None, None]
        run_tasks()
        assert not public_files()
        restore_gallery(gallery, by=moderator)
        run_tasks()
        assert public_files()
