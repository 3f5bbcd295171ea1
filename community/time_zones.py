"""The time zones that members chose for themselves: times are stored in UTC, shown in theirs, and named where the hour is."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone

from .middleware import Gate
from .models import Profile

UTC = ZoneInfo("UTC")


def zone_of(user):
    """The ZoneInfo that `user` chose; UTC for one that this machine does not know. One query."""
    return zone_called(Profile.objects.filter(user=user.pk).values_list("time_zone", flat=True).first())


def zone_called(name):
    """The ZoneInfo of that name; UTC for none, and for one that this machine does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


class MemberTimeZone(Gate):
    """Middleware: pages of a signed-in member show times in their zone; the console's have Wagtail's own setting.

    It comes with the account: no query. Visitors are shown UTC: what zone they are in is nothing that they told us.
    """

    open_names = frozenset({"unsubscribe", "healthz", "readyz"})  # these look into no session

    def __call__(self, request):
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def decide(self, request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            profile = getattr(request.user, "profile", None)
            timezone.activate(zone_called(profile and profile.time_zone))
        return None
