"""Erase a post for good, with its photos and their originals: of a member who left long ago, and of nobody else."""

from django.db import transaction
from django.db.models import F
from wagtail.models import Page

from .. import holds, ledger
from ..files import vault
from ..forgetting import claim_originals, forget_photos
from ..locks import lock, lock_galleries
from ..models import FormerAddress, PostPage, Publication, Rendition
from ..publication import finish_closing
from ..states import TeamState
from .erase_pages import delete_pages


def erase_post(post):
    """Erase `post`, which nobody but the team can reach; its originals go where nothing else needs them.

    Files go before rows, so that what a crash leaves is found by its rows and erased by the next call. False while its
    public files cannot be deleted, or the team holds it or keeps it as evidence. Raises ValueError for a post that is
    visible, and what a storage raises.
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
        ledger.enter("post.erased", post, erased=True)
        Publication.objects.filter(post=post).delete()
        FormerAddress.objects.filter(post=post).delete()
        forget_photos(photos, why="the account of its member, who left, was erased")
        delete_pages(post)
        Page.objects.filter(pk=post.gallery_id).update(numchild=F("numchild") - 1)
    return True


def files_deleted(publications, renditions):
    """Delete the files of `publications` on the media host, then those of `renditions` in the vault; whether all went."""
    if not all(finish_closing(one) for one in publications.exclude(state=Publication.State.CLOSED)):
        return False
    for name in renditions.values_list("file", flat=True):
        vault().delete(name)
    return True
