"""Which announcements somebody is shown above a page: at no query while the cache is warm and there is none."""

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone

from .models import Announcement, Dismissal
from .permissions import may_enter_console
from .remembered import keep, keep_first, recall

KEY = "community.announcements"
# Seconds. Saving one clears the cache; where each process has a cache of its own, the others follow within this time.
KEPT = 60
MOST = 3  # above one page
REMEMBERED = 20


def shown_to(user):
    """The announcements of now that are for `user`, the latest first, without what they have put aside.

    1 query with a cold cache. With a warm one none, and 1 for a member where there is something that can be put aside.
    """
    found = recall(KEY)
    if found is None:
        put_aside = Dismissal.objects.filter(announcement=OuterRef("pk"), user=user.pk)
        aside = Exists(put_aside) if user.is_authenticated else Value(False)
        found = list(lasting().annotate(aside=aside).order_by("-starts_at", "-pk")[:REMEMBERED])
        keep(KEY, found, KEPT)
        return [one for one in found if is_for(user, one) and not one.aside][:MOST]
    mine = [one for one in found if is_for(user, one)]
    if user.is_authenticated and any(one.dismissible for one in mine):
        aside = set(Dismissal.objects.filter(user=user, announcement__in=mine).values_list("announcement", flat=True))
        mine = [one for one in mine if one.pk not in aside]
    return mine[:MOST]


def lasting():
    """What has not ended yet; what is to begin may begin while it is remembered."""
    return Announcement.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()))


def remember_none():
    """There is none at the moment: somebody has asked along with something else."""
    keep_first(KEY, [], KEPT)


def is_for(user, announcement):
    """Whether it is on now, and for `user`."""
    now = timezone.now()
    if announcement.starts_at > now or (announcement.ends_at and announcement.ends_at <= now):
        return False
    if announcement.audience == Announcement.Audience.STAFF:
        return may_enter_console(user)
    return announcement.audience == Announcement.Audience.ALL or user.is_authenticated


def forget():
    """Ask the database again, now and after the transaction that changed something."""
    cache.delete(KEY)
    transaction.on_commit(lambda: cache.delete(KEY))
