"""What the console's templates need of pictures."""

from django import template

register = template.Library()


@register.simple_tag
def rendition_for(photo, spec):
    """The rendition of `photo` that serves a Wagtail filter `spec` best, of those that exist; a drawn square if none."""
    return photo.picture.get_rendition(spec)
