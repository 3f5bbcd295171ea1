"""Change a post's caption, the alternative texts of its photos, and what its author chose for it besides."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions, text
from ..acts import write_down
from ..captions import follow_caption
from ..locks import lock
from ..making import bring_words_in_step
from ..words import clean_alt_text, clean_caption, clean_licence, clean_sensitive_reason


def edit_post(
    post,
    *,
    by,
    caption=None,
    alt_texts=None,
    sensitive=None,
    sensitive_reason=None,
    show_camera=None,
    allow_download=None,
    comments_off=None,
    licence=None,
):
    """Set what is given, for a draft or a published post; None leaves a part as it is.

    `alt_texts` is {photo's key or primary key: text}. Title and search tokens follow in the same transaction. A reason
    goes with the mark that it explains; the team's own mark is never touched. Raises PermissionDenied, or ValidationError
    for what is too long; returns the saved post.
    """
    caption = None if caption is None else clean_caption(caption)
    alt_texts = {key: clean_alt_text(value) for key, value in (alt_texts or {}).items()}
    sensitive_reason = None if sensitive_reason is None else clean_sensitive_reason(sensitive_reason)
    licence = None if licence is None else clean_licence(licence)
    choices = {
        "sensitive": sensitive,
        "show_camera": show_camera,
        "allow_download": allow_download,
        "comments_off": comments_off,
    }
    with transaction.atomic():
        post = lock(post)
        if not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post cannot be edited."))
        if caption is not None and caption != post.caption:
            post.caption = caption
            follow_caption(post)
        if caption is not None:
            post.title = post.draft_title = text.title_of(post.caption, post.author.name)
        for name, choice in choices.items():
            if choice is not None:
                setattr(post, name, bool(choice))
        if licence is not None:
            post.licence = licence
        if sensitive_reason is not None:
            post.sensitive_reason = sensitive_reason
        if not post.sensitive:
            post.sensitive_reason = ""
        for photo in post.photos.current() if alt_texts else ():
            new = alt_texts.get(photo.key, alt_texts.get(photo.pk, photo.alt_text))
            if new != photo.alt_text:
                photo.alt_text = new
                photo.save(update_fields=["alt_text"])
        bring_words_in_step(post)
        post.save()
        write_down(post, "post.edited", by=by)
    return post
