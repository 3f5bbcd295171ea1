"""Mark a post as sensitive, by staff: blurred until somebody asks to see it. Its author's own mark is another matter."""

from ..labels import clear_label, label


def label_sensitive(post, *, by, reason):
    """Mark `post` for the team; its author cannot take that back. It stays in everyone's reach, so no ledger.

    Raises PermissionDenied, or ValidationError without a reason, which its author is told; returns the saved post.
    """
    return label(post, "team_sensitive", by=by, reason=reason, act="pixlpix.label_sensitive")


def unlabel_sensitive(post, *, by, reason=""):
    """Take the team's mark away; one that its author set stays. Raises PermissionDenied; returns the saved post."""
    return clear_label(post, "team_sensitive", by=by, reason=reason, act="pixlpix.unlabel_sensitive")
