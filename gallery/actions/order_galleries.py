"""Put one's galleries in order."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..acts import write_down
from ..locks import lock_galleries_of
from ..models import GalleryPage
from ..states import AuthorState


def order_galleries(author, slugs):
    """Give the galleries of `author` that are not deleted the order of `slugs`: the address of each, exactly once.

    Raises ValidationError where these are not theirs: one was made or deleted meanwhile.
    """
    slugs = list(slugs)
    with transaction.atomic():
        galleries = lock_galleries_of(author).values()
        own = {gallery.gallery_slug: gallery for gallery in galleries if gallery.author_state == AuthorState.PUBLISHED}
        if sorted(slugs) != sorted(own):
            message = _("Your galleries have changed meanwhile. Please look at them again.")
            raise ValidationError(message, code="galleries_changed")
        for position, slug in enumerate(slugs, start=1):
            own[slug].position = position
        GalleryPage.objects.bulk_update(own.values(), ["position"])
        write_down(author, "member.galleries_ordered", by=author)
    return [own[slug] for slug in slugs]
