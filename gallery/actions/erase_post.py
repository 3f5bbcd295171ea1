"""Erase a post for good, with its photos and their originals: of a member who left long ago, or by order (erase_by_order)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Page

from .. import holds, ledger
from ..files import vault
from ..forgetting import claim_originals, forget_photos
from ..locks import lock, lock_galleries
from ..models import Erasure, FormerAddress, Original, PostPage, Publication, Rendition
from ..publication import finish_closing
from ..states import TeamState
from .erase_pages import delete_pages

WHY = "the account of its member, who left, was erased"


def erase_post(post, *, first=None, why=WHY, reason=""):
    """Erase `post`, which nobody but the team can reach; its originals go where nothing else needs them.

    Files go before rows, so that what a crash leaves is found by its rows and erased by the next call. False while its
    public files cannot be deleted, or the team holds it or keeps it as evidence. Raises ValueError for a post that is
    visible, and what a storage raises. `first(post)` is done in the transaction that deletes the rows, before them; `why` is
    for the log, `reason` stands with the hash that is left.
    """
    if post.is_visible and post.author.is_member_visible:
        raise ValueError(f"Post {post.short_id} can be seen: it is not erased.")
    if holds.is_held(post):
        return False
    if not files_deleted(Publication.objects.filter(post=post), Rendition.objects.filter(image__photo__post=post)):
        return False
    with transaction.atomic():
        lock_galleries(post.gallery_id)
        if not PostPage.objects.filter(pk=post.pk).exists():
            return True  # somebody else's call was faster
        post = lock(post)
        if post.team_state == TeamState.HELD or holds.is_held(post):
            return False
        photos = list(post.photos.select_related("picture"))
        claim_originals([photo.picture_id for photo in photos], by=post.author)
        if first is not None:
            first(post)
        note_erasure(Erasure.Kind.POST, Erasure.digest(post.short_id), reason)
        ledger.enter("post.erased", post, erased=True, ordered=first is not None, **hashes_of(photos))
        Publication.objects.filter(post=post).delete()
        FormerAddress.objects.filter(post=post).delete()
        forget_photos(photos, why=why)
        delete_pages(post)
        Page.objects.filter(pk=post.gallery_id).update(numchild=F("numchild") - 1)
    return True


def hashes_of(photos):
    """The hashes of their files, for the ledger: a roll-back lets them go again. And of those, which were destroyed by order,
    wherever they are shown."""
    files = sorted(set(Original.objects.filter(pictures__photo__in=photos).values_list("sha256", flat=True)))
    destroyed = Erasure.objects.filter(kind=Erasure.Kind.ORIGINAL, sha256__in=files)
    return {"files": files, "originals": sorted(destroyed.values_list("sha256", flat=True))}


def note_erasure(kind, sha256, reason=""):
    """Keep the hash of what is erased: its address says so, and until when backups hold it can be said."""
    until = timezone.now() + timedelta(days=settings.BACKUP_DAYS)
    Erasure.objects.get_or_create(kind=kind, sha256=sha256, defaults={"reason": reason, "in_backups_until": until})


def files_deleted(publications, renditions):
    """Delete the files of `publications` on the media host, then those of `renditions` in the vault; whether all went."""
    if not all(finish_closing(one) for one in publications.exclude(state=Publication.State.CLOSED)):
        return False
    for name in renditions.values_list("file", flat=True):
        vault().delete(name)
    return True
