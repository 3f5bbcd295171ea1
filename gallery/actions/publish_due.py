"""Publish what was scheduled for a time that has come. The sweeper calls it every minute."""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from ..models import PostPage
from ..states import AuthorState
from .publish_draft import publish_draft

logger = logging.getLogger(__name__)

CHUNK = 200


def due_posts():
    """Scheduled posts whose time has come."""
    return PostPage.objects.filter(author_state=AuthorState.SCHEDULED, scheduled_for__lte=timezone.now())


def publish_due():
    """Publish them; returns how many were published.

    One whose photo failed, whose gallery is closed, or whose author is suspended stays as it is and is tried again: its
    author sees why on its page. So all are walked through, by key, and what waits holds up no other.
    """
    count, last = 0, 0
    while posts := list(due_posts().filter(pk__gt=last).select_related("author").order_by("pk")[:CHUNK]):
        last = posts[-1].pk
        for post in posts:
            try:
                count += bool(publish_draft(post, by=post.author, only_due=True))
            except (PermissionDenied, ValidationError) as waits:
                logger.info("Post %s was due and waits: %s", post.short_id, waits)
            except Exception:
                logger.exception("Post %s was due and could not be published.", post.short_id)
    return count
