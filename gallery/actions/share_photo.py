"""Share one photograph: store the file that was uploaded, and publish it as a post."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..ids import new_short_id
from ..models import PostPage
from ..words import clean_alt_text, clean_caption, clean_gallery_name
from .create_gallery import create_gallery
from .publish_post import publish_post
from .store_original import store_original


def share_photo(author, content, *, gallery=None, new_gallery="", caption="", alt_text="", short_id):
    """Publish `content` (a readable, seekable file) in `gallery`, or in a new one called `new_gallery`.

    `short_id` was drawn with the form: the same file sent twice with it, even at once, leads to the same post. All that can
    be refused is looked at before the file is stored, so that nothing is left behind. Raises PermissionDenied,
    ValidationError by field, or PictureRefused; returns the post.
    """
    if not permissions.may_share(author):
        raise PermissionDenied(_("Confirm your email address first, then share."))
    clean_caption(caption), clean_alt_text(alt_text)
    if new_gallery:
        clean_gallery_name(new_gallery)
    elif gallery is None or gallery.author_id != author.pk or not gallery.is_open:
        raise ValidationError({"gallery": _("Choose one of your galleries.")})
    original = store_original(content, by=author)
    if PostPage.objects.filter(short_id=short_id).exists():
        # Sent again: the same picture leads to the post that is there, another one is a post of its own.
        if post := sent_before(author, original, short_id):
            return post
        short_id = new_short_id()
    try:
        with transaction.atomic():
            home = create_gallery(author, new_gallery) if new_gallery else gallery
            return publish_post(author, home, [(original, alt_text)], caption=caption, short_id=short_id)
    except IntegrityError:
        # The other of two submissions at once was faster: the constraint on short ids decided.
        if post := sent_before(author, original, short_id):
            return post
        raise


def sent_before(author, original, short_id):
    """The post that the same form has led to already, if it has."""
    return PostPage.objects.of(author).filter(short_id=short_id, photos__picture__original=original).first()
