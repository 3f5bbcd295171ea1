"""Move a post to another of its author's galleries. Its short id stays, and its old address leads to the new one."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from .. import ledger, permissions
from ..acts import write_down
from ..models import FormerAddress, GalleryPage, PostPage
from ..publication import lock
from ..states import narrower


def move_post(post, gallery, *, by, withdrawn=False):
    """Move `post` into `gallery`. `withdrawn` allows it for a deleted post, on its way back.

    Tree moves take no lock of their own: both parents are locked in order of primary key, then the post is read again.
    Raises PermissionDenied; returns the post as it is now.
    """
    with transaction.atomic():
        parents = sorted({post.gallery_id, gallery.pk})
        # The rows of Wagtail's page table are what treebeard changes.
        list(Page.objects.select_for_update().filter(pk__in=parents).order_by("pk").values_list("pk", flat=True))
        galleries = {g.pk: g for g in GalleryPage.objects.select_related("author").filter(pk__in=parents)}
        post = lock(post)
        target = galleries[gallery.pk]
        allowed = permissions.may_undo(by, post) if withdrawn else permissions.may_edit(by, post)
        if not allowed or target.author_id != by.pk or not target.is_open:
            raise PermissionDenied(_("A post moves between its author's own galleries."))
        if post.gallery_id == target.pk:
            return post
        source = galleries.get(post.gallery_id) or GalleryPage.objects.select_related("author").get(pk=post.gallery_id)
        FormerAddress.objects.get_or_create(
            path=f"{source.author.username}/{source.gallery_slug}/{post.short_id}", defaults={"post": post}
        )
        FormerAddress.objects.filter(path=f"{target.author.username}/{target.gallery_slug}/{post.short_id}").delete()
        # Treebeard's own move: Wagtail's MovePageAction would walk permissions and update descendants that a post has not.
        super(Page, post).move(target, "last-child")
        post = PostPage.objects.select_related("author", "gallery").get(pk=post.pk)
        post.gallery = target
        before = post.effective_visibility
        post.effective_visibility = narrower(post.visibility, target.visibility)
        post.url_path = f"{target.url_path}{post.slug}/"
        post.save()
        write_down(post, "post.moved", by=by, **{"from": source.gallery_slug, "to": target.gallery_slug})
        if post.effective_visibility != before:
            ledger.enter("post.visibility", post, visibility=post.effective_visibility)
    return post
