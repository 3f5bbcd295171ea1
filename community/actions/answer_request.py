"""Answer who asked to follow: accept, or decline, of which nobody is told."""

from django.db import transaction

from ..models import Follow
from ..models.notifications import Kind
from ..notifying import forget, notify
from ..relating import lock_people
from .follow import accept


def accept_request(user, follower):
    """Let `follower`, who asked, follow `user`; returns whether there was a request. The follower is told."""
    with transaction.atomic():
        user, follower = lock_people(user, follower)
        request = waiting(user, follower).first()
        if request is None:
            return False
        accept(request)
        forget(Kind.REQUEST, user, actor=follower)
        notify(Kind.ACCEPTED, follower, actor=user)
    return True


def decline_request(user, follower):
    """Let `follower` not follow; returns whether there was a request. They are not told, and may ask again."""
    with transaction.atomic():
        user, follower = lock_people(user, follower)
        declined, _rows = waiting(user, follower).delete()
        forget(Kind.REQUEST, user, actor=follower)
    return bool(declined)


def waiting(user, follower):
    return Follow.objects.filter(follower=follower, followed=user, accepted_at__isnull=True)
