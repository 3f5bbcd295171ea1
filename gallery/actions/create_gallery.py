"""Make a gallery below its author's member page."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..ids import new_short_id
from ..models import GalleryPage, MemberPage
from ..states import Visibility
from ..words import clean_description, clean_gallery_name

# Words that stand, or may come to stand, where a gallery's address does.
RESERVED_SLUGS = frozenset(
    """
    about activity albums api archive block edit feed feeds follow followers following galleries gallery likes mute
    new order posts remove-follower saves search settings shared stats tagged unblock unfollow unmute
    """.split()  # noqa: SIM905
)
MOST_TRIES = 8


def create_gallery(author, name, *, description="", visibility=Visibility.PUBLIC, first=False):
    """Make a gallery called `name`; returns the GalleryPage. `first` is the one that comes with the account.

    Its address is made from the name, is free for good (deleted galleries keep theirs) and avoids reserved words; two at
    once end with two addresses. It stands last among the author's. Raises PermissionDenied, or ValidationError for an
    empty name and for what is no visibility.
    """
    if not first and not permissions.may_share(author):
        raise PermissionDenied(_("Confirm your email address first, then share."))
    name, description = clean_gallery_name(name), clean_description(description)
    if visibility not in Visibility.values:
        raise ValidationError({"visibility": _("Choose who can see this gallery.")})
    for attempt in range(MOST_TRIES):
        try:
            with transaction.atomic():
                member_page = MemberPage.objects.select_related("user").get(user=author)
                slug = free_slug(author, name, random=attempt > 1)
                gallery = GalleryPage(
                    author=author,
                    title=name,
                    draft_title=name,
                    slug=slug,
                    gallery_slug=slug,
                    description=description,
                    visibility=visibility,
                    position=0 if first else next_position(author),
                    locale_id=member_page.locale_id,
                )
                member_page.add_child(instance=gallery)
                write_down(gallery, "gallery.created", by=author)
            return gallery
        except IntegrityError:
            if attempt == MOST_TRIES - 1:
                raise
    raise AssertionError("unreachable")


def next_position(author):
    """The place of a further gallery: 0 like all others while the author has put none in order, else behind them."""
    last = GalleryPage.objects.filter(author=author).aggregate(last=Max("position"))["last"]
    return last + 1 if last else 0


def free_slug(author, name, *, random=False):
    """An address for a gallery called `name` that this author never used: "iceland", "iceland-2", or random letters."""
    base = slugify(name)[:60].strip("-_") or "album"
    if base in RESERVED_SLUGS:
        base = f"{base}-gallery"
    if random:
        return f"{base}-{new_short_id().lower()}"
    taken = set(
        GalleryPage.objects.filter(author=author, gallery_slug__startswith=base).values_list("gallery_slug", flat=True)
    )
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
