"""Let a pinned post stand where it stands by its date."""

from ..models import Pin


def unpin_post(post, *, by):
    """Unpin the member's `post`; True where it was pinned."""
    return bool(Pin.objects.filter(post=post, user=by).delete()[0])
