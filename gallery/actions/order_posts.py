"""Put the posts of a gallery in order by hand."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock_galleries
from ..models import GalleryEntry, PostPage

MOST = 200  # posts that are put in order at once; what stands further back follows them in the order that it has


def order_posts(gallery, short_ids, *, by):
    """Let the posts with `short_ids` come first in `gallery`, in this order; everything else in it follows as it stood.

    What was published after all of these stays before them, unless a single one is put first. Contributors' posts are put
    in order like the author's own.
    Raises PermissionDenied, or ValidationError where one is named twice, is not there any more, or they are too many.
    """
    short_ids = list(short_ids)
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        if not permissions.is_author(by, gallery) or not gallery.is_open:
            raise PermissionDenied(_("Only its author can change a gallery."))
        places = {short_id: place for place, short_id in enumerate(short_ids, start=1)}
        own = {post.short_id: post for post in PostPage.objects.filter(gallery=gallery, short_id__in=places)}
        entries = GalleryEntry.objects.filter(gallery=gallery, post__short_id__in=places).select_related("post")
        entries = {entry.post.short_id: entry for entry in entries}
        strange = places.keys() - own.keys() - entries.keys()
        if strange or not 1 <= len(short_ids) == len(places) <= MOST:
            message = _("The posts of this gallery have changed meanwhile. Please look at them again.")
            raise ValidationError(message, code="posts_changed")
        make_room(gallery, own.values(), entries.values(), len(places))
        for short_id, post in own.items():
            post.gallery_position = places[short_id]
        for short_id, entry in entries.items():
            entry.position = places[short_id]
        PostPage.objects.bulk_update(sorted(own.values(), key=lambda post: post.pk), ["gallery_position"])
        GalleryEntry.objects.bulk_update(entries.values(), ["position"])
        write_down(gallery, "gallery.posts_ordered", by=by)
    return gallery


def make_room(gallery, own, entries, number):
    """Move what stands in the first `number` places, but for `own` and `entries`, behind them. Mostly there is nothing."""
    dates = [post.published_at for post in own] + [entry.published_at for entry in entries]
    newest = max((date for date in dates if date), default=None)
    for rows, moving, column in (
        (PostPage.objects.filter(gallery=gallery), own, "gallery_position"),
        (GalleryEntry.objects.filter(gallery=gallery), entries, "position"),
    ):
        others = rows.exclude(pk__in=[row.pk for row in moving])
        # What has no place yet and is newer than all of these stays first; what was never published waits as it is.
        if newest and number > 1:
            others = others.filter(Q(**{f"{column}__gt": 0}) | Q(published_at__lte=newest))
        lowest = others.filter(**{f"{column}__lte": number})
        if lowest.exists():
            others.update(**{column: F(column) + number + 1})
