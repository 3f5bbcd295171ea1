"""Move a post to another of its author's galleries. Its short id stays, and its old address leads to the new one."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models.pages import AbstractPage

from .. import permissions
from ..acts import write_down
from ..locks import lock, lock_galleries
from ..models import FormerAddress, PostPage
from ..publication import show
from ..states import TeamState, narrower
from .set_visibility import follow_narrowing, follow_widening

MOST_TRIES = 5


def move_post(post, gallery, *, by):
    """Move `post` into `gallery`. Where its old gallery was deleted, it is seen again in the new one; where the new one is
    narrower or wider than the old one, it is seen by fewer or by more.

    Raises PermissionDenied, also for a gallery that the team took down: nothing leaves that. Returns the post as it is now.
    """
    post = relocate(post, gallery, by=by, allowed=lambda locked: permissions.may_edit(by, locked))
    if post.hidden_by != post.gallery.hides | post.author.hides:
        post = show(post)
    return post


def relocate(post, gallery, *, by, allowed):
    """Move `post` in the tree and write it down, in one transaction; `allowed(post)` decides on the locked post.

    Where the galleries differ in visibility, its files and the ledger follow; what else it does to the post's being seen
    is the caller's. Tree moves take no lock of their own (two at once break the
    tree): both galleries are locked first, in the order of locks.py, then everything is read again.
    """
    for _attempt in range(MOST_TRIES):
        source_key = PostPage.objects.values_list("gallery", flat=True).get(pk=post.pk)
        with transaction.atomic():
            galleries = lock_galleries(source_key, gallery.pk)
            post = lock(post)
            if post.gallery_id != source_key:
                continue  # moved by somebody else while we waited: the wrong gallery is locked
            source, target, before = galleries[source_key], galleries[gallery.pk], post.effective_visibility
            if not allowed(post) or target.author_id != by.pk or not target.is_open:
                raise PermissionDenied(_("A post moves between its author's own galleries."))
            if source.team_state != TeamState.NONE:
                raise PermissionDenied(_("The team took this gallery down: its posts stay in it."))
            if source.pk == target.pk:
                return post
            post = move_in_tree(post, source, target, by=by)
            follow_narrowing(post, before)
        return follow_widening(post, before)
    raise RuntimeError(f"Post {post.pk} was moved again and again while it was moved.")


def move_in_tree(post, source, target, *, by):
    former = f"{source.author.username}/{source.gallery_slug}/{post.short_id}"
    FormerAddress.objects.get_or_create(path=former, defaults={"post": post})
    # Back where it once was: that address is no former one any more.
    FormerAddress.objects.filter(path=f"{target.author.username}/{target.gallery_slug}/{post.short_id}").delete()
    # Treebeard's own move: Wagtail's would ask for staff's permissions, and update descendants that a post has not.
    super(AbstractPage, post).move(target, "last-child")
    post = PostPage.objects.select_related("author", "gallery").get(pk=post.pk)
    post.gallery = target
    post.effective_visibility = narrower(post.visibility, target.visibility)
    post.gallery_position = 0  # first in one that is ordered by hand, as what is new there
    post.url_path = f"{target.url_path}{post.slug}/"
    post.save(update_fields=["gallery", "effective_visibility", "gallery_position", "url_path"])
    write_down(post, "post.moved", by=by, **{"from": source.gallery_slug, "to": target.gallery_slug})
    return post
