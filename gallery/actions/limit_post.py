"""Limit a post, by staff: out of explore, hashtags and search; for its author's followers and whoever has the link."""

from ..labels import clear_label, label


def limit_post(post, *, by, reason):
    """Limit `post`: nobody who did not ask for its author or for itself comes across it from the commit on.

    Its page, its member's and its gallery's pages, and the home feeds of followers show it as before. Raises
    PermissionDenied, or ValidationError without a reason, which its author is told; returns the saved post.
    """
    return label(post, "limited", by=by, reason=reason, act="pixlpix.limit", entry="post.limited")


def unlimit_post(post, *, by, reason=""):
    """Let everybody come across it again. Raises PermissionDenied; returns the saved post."""
    return clear_label(post, "limited", by=by, reason=reason, act="pixlpix.unlimit", entry="post.unlimited")
