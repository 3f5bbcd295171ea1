"""Shared galleries as people see them: who contributes, to which ones somebody may add, where an old address leads."""

from django.db.models import Exists, OuterRef
from django.http import Http404

from gallery.models import Contributor, GalleryEntry, GalleryPage, PostPage

from .names import skeleton
from .visibility import galleries_for, members_for, posts_for, without_blocked

OFFERED = 12  # shared galleries that a post's page offers its author


def contributors_of(gallery, viewer):
    """Who contributes to `gallery`, of whom `viewer` may see, who came first first; invited ones too, for its owner and
    for themselves. A list of Contributor with their users; as many as a gallery may have. 1 query."""
    rows = Contributor.objects.filter(gallery=gallery, user__in=members_for(viewer)).select_related("user")
    if viewer.pk != gallery.author_id:
        rows = rows.filter(accepted_at__isnull=False) | rows.filter(user=viewer.pk)
    return list(rows.order_by("accepted_at", "invited_at", "pk"))


def entries_of(gallery, viewer):
    """The posts that contributors have in `gallery`, whatever order and state they have, each with `is_seen`: whether
    `viewer` may see it. Of others nothing may be shown but that they stand there. A queryset to page."""
    posts = PostPage.objects.filter(entries__gallery=gallery).select_related("author", "gallery")
    posts = posts.annotate(is_seen=Exists(posts_for(viewer).filter(pk=OuterRef("pk"))))
    return without_blocked(posts, viewer, "author")


def shared_with(user):
    """The galleries of others to which `user` contributes or is invited, newest first: Contributors, each with the gallery
    and its author. 1 query."""
    visible = galleries_for(user).values("pk")
    rows = Contributor.objects.filter(user=user, gallery__in=visible).select_related("gallery__author")
    return list(rows.order_by("accepted_at", "-pk"))


def offers_for(post, user):
    """The shared galleries to which `user`, its author, may add `post`, or has: each with `has_it`. 1 query."""
    entry = GalleryEntry.objects.filter(gallery=OuterRef("pk"), post=post)
    mine = Contributor.objects.filter(gallery=OuterRef("pk"), user=user, accepted_at__isnull=False)
    galleries = galleries_for(user).exclude(author=user).filter(Exists(mine)).annotate(has_it=Exists(entry))
    return list(galleries.select_related("author").order_by("-pk")[:OFFERED])


def passed_on_to(username, gallery_slug, viewer):
    """The gallery that took over what was shared at this address, by any name that its owner had. Raises Http404."""
    there = GalleryPage.objects.filter(
        author__names__skeleton=skeleton(username), gallery_slug=gallery_slug, moved_to__isnull=False
    )
    for _step in range(5):  # passed on again since
        moved = there.values_list("moved_to", flat=True).first()
        found = galleries_for(viewer).select_related("author").filter(pk=moved).first() if moved else None
        if found is not None or moved is None:
            break
        there = GalleryPage.objects.filter(pk=moved, moved_to__isnull=False)
    if found is None:
        raise Http404
    return found
