"""Follow a hashtag, and stop following it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.acts import write_down

from ..models import HashtagFollow
from ..permissions import may_take_part


def follow_hashtag(hashtag, *, by):
    """Have `by` follow `hashtag`; True unless they did already. Raises PermissionDenied for who may not take part."""
    if not may_take_part(by):
        raise PermissionDenied(_("Confirm your email address first."))
    with transaction.atomic():
        _follow, new = HashtagFollow.objects.get_or_create(user=by, hashtag=hashtag)
        if new:
            write_down(by, "hashtag.followed", by=by, hashtag=hashtag.name)
    return new


def unfollow_hashtag(hashtag, *, by):
    """Have `by` no longer follow `hashtag`; True where they did."""
    with transaction.atomic():
        gone, _by_model = HashtagFollow.objects.filter(user=by, hashtag=hashtag).delete()
        if gone:
            write_down(by, "hashtag.unfollowed", by=by, hashtag=hashtag.name)
    return bool(gone)
