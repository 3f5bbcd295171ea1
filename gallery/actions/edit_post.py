"""Change a post's caption and the alternative texts of its photos."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions, text
from ..acts import write_down
from ..publication import lock


def edit_post(post, *, by, caption=None, alt_texts=None):
    """Set the caption and alternative texts, {photo's primary key: text}; None leaves a part as it is.

    Title and search tokens follow in the same transaction. Raises PermissionDenied; returns the saved post.
    """
    with transaction.atomic():
        post = lock(post)
        if not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post cannot be edited."))
        if caption is not None:
            post.caption = text.clean_text(caption)
            post.title = post.draft_title = text.title_of(post.caption, post.author.name)
        photos = list(post.photos.order_by("position"))
        for photo in photos:
            if alt_texts and photo.pk in alt_texts:
                photo.alt_text = text.clean_text(alt_texts[photo.pk])
                photo.save(update_fields=["alt_text"])
        post.tokens = text.token_text(post.caption, [photo.alt_text for photo in photos])
        post.save()
        write_down(post, "post.edited", by=by)
    return post
