"""Share photographs in one step: store the files that were uploaded, and publish them."""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..ids import new_short_id
from ..imaging import PictureRefused, inspect
from ..making import MOST_PHOTOS
from ..models import Original, PostPage
from ..words import clean_alt_text, clean_caption, clean_gallery_name
from .create_gallery import create_gallery
from .publish_post import clean_choices, publish_post
from .remove_unused_original import remove_unused_original
from .store_original import store_original

logger = logging.getLogger(__name__)


def share_photos(
    author, contents, *, gallery=None, new_gallery="", caption="", alt_texts=(), short_id, separately=False, **choices
):
    """Publish `contents` (a list of readable, seekable files) in `gallery`, or in a new one called `new_gallery`.

    As one post, or `separately` as a post each; `choices` as for `publish_post`. All or nothing: what can be refused is
    looked at before the first file is stored, and where something is refused after all, what was stored goes again.
    `short_id` was drawn with the form: the same files sent twice with it, even at once, lead to the same post. Raises
    PermissionDenied, or ValidationError by field; for files that are no pictures it says which, by their place in the
    list, or raises PictureRefused where there is only one. Returns the posts, a list.
    """
    if not permissions.may_share(author):
        raise PermissionDenied(_("Confirm your email address first, then share."))
    alt_texts = [*alt_texts, *[""] * len(contents)][: len(contents)]
    clean_caption(caption), clean_choices(**choices), [clean_alt_text(alt_text) for alt_text in alt_texts]
    if new_gallery:
        clean_gallery_name(new_gallery)
    elif gallery is None or gallery.author_id != author.pk or not gallery.is_open:
        raise ValidationError({"gallery": _("Choose one of your galleries.")})
    if not 1 <= len(contents) <= MOST_PHOTOS:
        raise ValidationError({"pictures": _("A post has 1 to %(most)s photos.") % {"most": MOST_PHOTOS}})
    look_at(contents)

    originals = []
    try:
        for content in contents:
            originals.append(store_original(content, by=author))
        once_seen = originals[:1] if separately else originals
        if PostPage.objects.filter(short_id=short_id).exists():
            # Sent again: the same pictures lead to the post that is there, others are a post of their own.
            if post := sent_before(author, once_seen, short_id):
                return [post]
            short_id = new_short_id()
        photos = list(zip(originals, alt_texts, strict=True))
        try:
            with transaction.atomic():
                home = create_gallery(author, new_gallery) if new_gallery else gallery
                posts = [[photo] for photo in photos] if separately else [photos]
                short_ids = [short_id, *[None] * (len(posts) - 1)]
                return [
                    publish_post(author, home, photos, caption=caption, short_id=short_id, **choices)
                    for photos, short_id in zip(posts, short_ids, strict=True)
                ]
        except IntegrityError:
            # The other of two submissions at once was faster: the constraint on short ids decided.
            if post := sent_before(author, once_seen, short_id):
                return [post]
            raise
    except Exception:
        take_back(originals)
        raise


def look_at(contents):
    """Raise where one of the files is no picture that we accept: PictureRefused, or for several ValidationError."""
    refused = []
    for place, content in enumerate(contents, start=1):
        try:
            inspect(content)
        except PictureRefused as refusal:
            if len(contents) == 1:
                raise
            refused.append(_("File %(place)s: %(reason)s") % {"place": place, "reason": refusal.message})
    if refused:
        raise ValidationError({"pictures": refused})


def sent_before(author, originals, short_id):
    """The author's post with this short id, if it has shown these originals: the same form has led to it already."""
    post = PostPage.objects.of(author).filter(short_id=short_id).first()
    shown = set(Original.objects.filter(pictures__photo__post=post).values_list("pk", flat=True)) if post else set()
    return post if {original.pk for original in originals} <= shown else None


def take_back(originals):
    """Remove what was stored for a form that came to nothing. Where a storage is down they expire by themselves."""
    for original in originals:
        try:
            remove_unused_original(original, why="the form that it came with was refused")
        except Exception:
            logger.exception("Original %s could not be removed: it expires.", original)
