"""What opening a post's page does with what its viewer was told of it."""

from django.db.models import Exists

from ..bell import mark_read, unread_about
from .guards import is_opened


def opened(request, post):
    """Asking part of a post's page, without anything for its template: whoever opens a post, which way ever, has read what
    they were told about it. One query where something was unread, else none."""
    if not request.user.is_authenticated or request.htmx or not is_opened(request):
        return {}, lambda row: {}

    def show(row):
        if row["told_unread"]:
            mark_read(request.user, post=post)
        return {}

    return {"told_unread": Exists(unread_about(request.user, post))}, show
