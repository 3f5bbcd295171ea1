"""Somebody who left and has shown who they are, while they decide whether to come back: remembered in the session."""

import time

from .actions.come_back import may_come_back
from .models import User

KEY = "community.returning"
PATIENCE = 15 * 60  # seconds


def remember(request, user):
    """They gave the password, and the second factor where they have one."""
    request.session[KEY] = {"user": user.pk, "at": time.time()}


def forget(request):
    request.session.pop(KEY, None)


def who_returns(request):
    """The member who left and may come back, of whom this is remembered; or None."""
    kept = request.session.get(KEY)
    if not kept or time.time() - kept["at"] > PATIENCE:
        return None
    user = User.objects.filter(pk=kept["user"]).first()
    return user if user is not None and may_come_back(user) else None
