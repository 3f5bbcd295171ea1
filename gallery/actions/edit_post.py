"""Change a post's caption and the alternative texts of its photos."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions, text
from ..acts import write_down
from ..locks import lock
from ..words import clean_alt_text, clean_caption


def edit_post(post, *, by, caption=None, alt_texts=None):
    """Set the caption and alternative texts, {photo's primary key: text}; None leaves a part as it is.

    Title and search tokens follow in the same transaction. Raises PermissionDenied, or ValidationError for
    what is too long; returns the saved post.
    """
    caption = None if caption is None else clean_caption(caption)
    alt_texts = {key: clean_alt_text(value) for key, value in (alt_texts or {}).items()}
    with transaction.atomic():
        post = lock(post)
        if not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post cannot be edited."))
        if caption is not None:
            post.caption = caption
            post.title = post.draft_title = text.title_of(post.caption, post.author.name)
        photos = list(post.photos.order_by("position"))
        for photo in photos:
            if photo.pk in alt_texts:
                photo.alt_text = alt_texts[photo.pk]
                photo.save(update_fields=["alt_text"])
        post.tokens = text.token_text(post.caption, [photo.alt_text for photo in photos])
        post.save()
        write_down(post, "post.edited", by=by)
    return post
