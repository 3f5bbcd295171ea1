"""Pass the shared galleries of a member who has left for good to those who contribute to them."""

from django.db import transaction
from django.db.models import Q

from gallery import ledger
from gallery.actions.create_gallery import create_gallery
from gallery.acts import write_down
from gallery.locks import lock_galleries
from gallery.models import Contributor, GalleryEntry, GalleryPage
from gallery.permissions import may_share

from ..models import Block
from ..models.notifications import Kind
from ..notifying import notify


def pass_on_galleries(user):
    """Each open shared gallery of `user` goes to its longest-standing contributor; returns the new galleries.

    A new page of theirs takes over the rows, their own posts' among them, and the old address leads to it. Whoever has a
    block with the new owner is no longer in it. A gallery without a contributor who may share stays where it is. Run
    again, it does what is left.
    """
    shared = GalleryPage.objects.open().filter(author=user, moved_to=None, contributors__accepted_at__isnull=False)
    passed = (pass_on(gallery) for gallery in shared.distinct().order_by("pk"))
    return [gallery for gallery in passed if gallery is not None]


def pass_on(gallery):
    with transaction.atomic():
        gallery = lock_galleries(gallery.pk)[gallery.pk]
        standing = Contributor.objects.filter(gallery=gallery, accepted_at__isnull=False).select_related("user")
        standing = standing.order_by("accepted_at", "pk")
        heir = next((row.user for row in standing if may_share(row.user)), None)
        if gallery.moved_to_id or heir is None:
            return None
        new = create_gallery(heir, gallery.title, description=gallery.description, visibility=gallery.visibility)
        Contributor.objects.filter(gallery=gallery, user=heir).delete()
        blocks = Block.objects.filter(Q(blocker=heir) | Q(blocked=heir)).values_list("blocker", "blocked")
        apart = {person for pair in blocks for person in pair} - {heir.pk}
        Contributor.objects.filter(gallery=gallery, user__in=apart).delete()
        GalleryEntry.objects.filter(gallery=gallery, added_by__in=apart).delete()
        Contributor.objects.filter(gallery=gallery).update(gallery=new)
        GalleryEntry.objects.filter(gallery=gallery).update(gallery=new)
        new.order = gallery.order
        if GalleryEntry.objects.filter(gallery=new, post=gallery.cover_choice_id).exists():
            new.cover_choice = gallery.cover_choice
        new.save(update_fields=["order", "cover_choice"])
        gallery.moved_to = new
        gallery.save(update_fields=["moved_to"])
        notify(Kind.GALLERY, heir, gallery=new, act="passed")
        write_down(gallery, "gallery.passed_on", by=heir, to=f"{heir.username}/{new.gallery_slug}")
    ledger.enter("gallery.passed_on", gallery, to=f"{heir.username}/{new.gallery_slug}")
    return new
