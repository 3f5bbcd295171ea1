"""What the console's templates need of pictures, and of reasons that not all of the staff read."""

from django import template

from gallery.files import vault
from gallery.imaging import BLURRED_SPEC
from gallery.models import Rendition

from ..confidential import by_administrators, shown

register = template.Library()


@register.simple_tag
def rendition_for(photo, spec, clear=False):
    """The rendition of `photo` that serves a Wagtail filter `spec` best, of those that exist; a drawn square if none.

    Of a sensitive post the blurred one, unless `clear`: lists show no more than is asked for.
    """
    if photo.post.is_sensitive and not clear:
        blurred = (r for r in photo.picture.renditions.all() if r.filter_spec == BLURRED_SPEC)
        return next(blurred, Rendition(image=photo.picture, width=photo.picture.width, height=photo.picture.height))
    return photo.picture.get_rendition(spec)


@register.simple_tag
def face_of(avatar):
    """The rendition of a profile picture that the console shows: the large square, or a drawn one while there is none."""
    return avatar.picture.get_rendition("width-320")


@register.simple_tag
def private_address_of(rendition):
    """Where staff see a rendition without asking the media host for it, whether or not it is public; nothing for none."""
    return vault().url(rendition.file.name) if rendition.file else rendition.url


@register.filter
def but_for(reason, hidden):
    """`reason` where it is not among the `hidden` ones (`confidential.reasons_hidden_from`); where nobody said which, none is
    shown."""
    return by_administrators() if isinstance(hidden, str) else shown(reason, hidden)
