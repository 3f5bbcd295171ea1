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
    """A photo as an `<img>` needs it (gallery.cards.Shown); None for no photo."""
    return cards.shown(photo) if photo else None
