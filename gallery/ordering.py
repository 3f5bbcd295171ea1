"""The order of what stands in a gallery: its author's own posts, and the rows by which contributors' posts stand there.

Both lists have the same order, so that a page of the gallery is a page of the two merged (`keyset.page_in`).
"""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from .keyset import By
from .models import GalleryEntry, PostPage
from .models.pages import GalleryOrder

# {order: of the gallery's own posts, of entries}. By hand, what has no place yet (0) stands first, the newest before.
ORDERS = {
    GalleryOrder.NEWEST: (
        (By("published_at", datetime), By("short_id")),
        (By("entry_published_at", datetime), By("short_id")),
    ),
    GalleryOrder.OLDEST: (
        (By("published_at", datetime, descending=False), By("short_id", descending=False)),
        (By("entry_published_at", datetime, descending=False), By("short_id", descending=False)),
    ),
    GalleryOrder.BY_HAND: (
        (By("gallery_position", int, descending=False), By("published_at", datetime), By("short_id")),
        (By("entry_position", int, descending=False), By("entry_published_at", datetime), By("short_id")),
    ),
}


def lists_of(gallery, posts, *, shared=True):
    """What stands in `gallery` of the queryset `posts`, as (queryset, order) pairs for `keyset.page_in`.

    `shared` False says that nothing stands there but its author's own posts: one query less.
    """
    own, entries = ORDERS[gallery.order]
    lists = [(posts.filter(gallery=gallery), own)]
    if shared:
        entered = posts.filter(entries__gallery=gallery).annotate(
            entry_position=F("entries__position"), entry_published_at=F("entries__published_at")
        )
        lists.append((entered, entries))
    return lists


def posts_in(gallery):
    """All posts that stand in `gallery`, whatever their state: its author's own and contributors'. Unordered."""
    entered = GalleryEntry.objects.filter(gallery=gallery, post=OuterRef("pk"))
    return PostPage.objects.filter(Q(gallery=gallery) | Exists(entered))
