"""Template filters for pictures."""

from django import template

from gallery import cards
from gallery.ratios import ratio_hundredths

register = template.Library()


@register.filter
def ratio_class(width, height):
    """The class of a picture's shape, `r-150` for 3:2: `{{ picture.width|ratio_class:picture.height }}` (pixels)."""
    return f"r-{ratio_hundredths(width, height)}"


@register.filter
def shown(photo):
    """A photo as any page may show it (gallery.cards.Shown): blurred where its post is sensitive. None for no photo."""
    return cards.shown(photo) if photo else None


@register.filter
def clear(photo):
    """A photo as it is: for its author, and behind the veil of a sensitive post. None for no photo."""
    return cards.clear(photo) if photo else None


@register.filter
def photo_count(post):
    """How many photos of a post there are to look at, or to wait for."""
    return len(cards.photos_in_order(post, waiting=not post.is_visible))
