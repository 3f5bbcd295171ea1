"""Where `tests.killing` kills a process that erases a post by order; it is then told to erase once more."""

from contextlib import suppress


def points(death_at):
    """(name, scenario, where it dies) for every point, as `tests.killing.points` has them."""
    from django.core.files.storage import storages

    from gallery import forgetting
    from gallery.actions import erase_by_order as erasing
    from gallery.actions import erase_post as erasing_posts

    vault, media = type(storages["vault"]), type(storages["media"])
    return [
        ("erasing: nothing is hidden yet", erase, death_at((erasing, "take_down_post"))),
        ("erasing: hidden, its public files lie there", erase, death_at((media, "delete_prefix"))),
        ("erasing: hidden, nothing is destroyed", erase, death_at((erasing, "destroy_file"))),
        ("erasing: the original is gone, no row says so", erase, death_at((vault, "remove_original"), after=True)),
        ("erasing: the original is gone and written down", erase, death_at((erasing, "destroy_file"), after=True)),
        ("erasing: it is gone elsewhere as well", erase, death_at((erasing, "forget_elsewhere"), after=True)),
        ("erasing: its derived files are gone", erase, death_at((erasing_posts, "files_deleted"), after=True, call=2)),
        ("erasing: inside the last transaction", erase, death_at((erasing_posts, "delete_pages"), call=2)),
        ("erasing: committed, an original is unused", erase, death_at((forgetting, "remove_unused_original"), call=2)),
        ("erasing: all is done", erase, death_at((erasing, "erase_post"), after=True)),
    ]


def erase(author, prepared, dies):
    """A post, and its author's other post of the same original."""
    from tests.factories import a_post

    a_post(author, original=prepared.photos.get().picture.original)
    with dies:
        once_more(prepared, by=an_administrator())


def once_more(post, *, by=None):
    """What the administrator does after the kill: nothing where the post is gone already."""
    from gallery.actions.erase_by_order import erase_by_order
    from gallery.models import PostPage

    for left in PostPage.objects.filter(pk=post.pk):
        erase_by_order(left, by=by or an_administrator(), reason="An order")


def an_administrator():
    from community.models import User
    from tests.factories import a_staff_member

    with suppress(User.DoesNotExist):
        return User.objects.get(username="adele")
    return a_staff_member("Administrators", "adele")


def still_there(sha256, short_id):
    """What is left of an erased post and its file, in rows that use it and in the vault. (A row that nothing uses goes by
    `reconcile_media`.)"""
    from django.core.files.storage import storages

    from gallery.models import Erasure, Original, PostPage

    return {
        "posts": PostPage.objects.filter(photos__picture__original__sha256=sha256).count(),
        "rows": Original.objects.filter(sha256=sha256, pictures__isnull=False).count(),
        "files": sum(sha256 in name for name, _size, _at in storages["vault"].list_names("originals/")),
        "hashes": 2 - Erasure.objects.filter(sha256__in=(sha256, Erasure.digest(short_id))).count(),
    }
