"""Publish a post: one caption, its photos, in one of the author's galleries."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..licences import Licence
from ..locks import lock_galleries
from ..making import MOST_PHOTOS, add_photo_row, add_post, attach
from ..tasks import process_photo
from ..words import clean_alt_text, clean_caption, clean_licence, clean_sensitive_reason, clean_visibility


def publish_post(author, gallery, photos, *, caption="", short_id=None, **choices):
    """Publish `photos`, a list of (Original, alternative text), with `caption` in `gallery`; returns the PostPage.

    The originals are in the vault already (see store_original). The post is there at once, for its author and staff;
    everyone sees it when its renditions are made. `short_id` is one that was drawn before, for a form that may be sent
    twice: the second of two calls raises IntegrityError. `choices`: as in clean_choices. Raises PermissionDenied when the
    author may not share or the gallery is somebody else's or closed, ValidationError for no photo or more than 20, and for
    words that are too long.
    """
    if not permissions.may_share(author):
        raise PermissionDenied(_("Confirm your email address first, then share."))
    if not 1 <= len(photos) <= MOST_PHOTOS:
        raise ValidationError(_("A post has 1 to %(most)s photos.") % {"most": MOST_PHOTOS})
    caption, choices = clean_caption(caption), clean_choices(**choices)
    photos = [(original, clean_alt_text(alt_text)) for original, alt_text in photos]

    with transaction.atomic():
        gallery = lock_open_gallery(gallery, author)
        alt_texts = [alt_text for _original, alt_text in photos]
        post = add_post(gallery, caption=caption, alt_texts=alt_texts, short_id=short_id, **choices)
        rows = [
            add_photo_row(post, original, position=position, alt_text=alt_text)
            for position, (original, alt_text) in enumerate(photos)
        ]
        # When all rows are there: the task that finds every photo of the post ready shows it.
        for photo in rows:
            process_photo.enqueue(photo.pk)
        attach([original for original, _alt in photos])
        write_down(post, "post.published", by=author)
    return post


def lock_open_gallery(gallery, author):
    """The gallery as it is now, locked: by treebeard's add_child as well, but here one that was deleted meanwhile is seen.

    Raises PermissionDenied where it is not an open gallery of `author`.
    """
    gallery = lock_galleries(gallery.pk)[gallery.pk]
    if gallery.author_id != author.pk or not gallery.is_open:
        raise PermissionDenied(_("Choose one of your own galleries."))
    return gallery


def clean_choices(
    *,
    sensitive=False,
    sensitive_reason="",
    show_camera=False,
    allow_download=False,
    comments_off=False,
    licence=Licence.ALL_RIGHTS,
    visibility=None,
):
    """What an author chooses for a post besides its words, as columns. A reason goes with the mark that it explains.

    Without a visibility there is none among them: the post gets the usual one. Raises ValidationError.
    """
    chosen = {"visibility": clean_visibility(visibility)} if visibility else {}
    return {
        **chosen,
        "comments_off": bool(comments_off),
        "licence": clean_licence(licence),
        "sensitive": bool(sensitive),
        "sensitive_reason": clean_sensitive_reason(sensitive_reason) if sensitive else "",
        "show_camera": bool(show_camera),
        "allow_download": bool(allow_download),
    }
