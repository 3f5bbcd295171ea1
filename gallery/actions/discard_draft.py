"""Discard a draft: it goes for good, since nobody but its author ever saw anything of it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions, text
from ..acts import write_down
from ..captions import follow_caption
from ..forgetting import forget_photos
from ..locks import lock
from ..states import AuthorState


def discard_draft(post, *, by):
    """Discard the draft `post` with its words, photos, and originals that nothing else uses; returns the saved post.

    `by` is its author, or None for the sweep of drafts that were begun and left empty, and still are. The page stays,
    withdrawn, since no page of a member's is ever deleted; there is no undo, since there is nothing left to bring back:
    nothing of it was ever public, so the team has no need of it either. Raises PermissionDenied, also for what is no draft.
    """
    with transaction.atomic():
        post = lock(post)
        allowed = permissions.may_withdraw(by, post) if by is not None else is_empty(post)
        if not post.is_draft or not allowed:
            raise PermissionDenied(_("This is no draft of yours."))
        forget_photos(list(post.photos.all()), why="its draft was discarded")
        post.caption = post.tokens = post.sensitive_reason = ""
        post.title = post.draft_title = text.title_of("", post.author.name)
        post.author_state = AuthorState.WITHDRAWN
        post.withdrawn_at = post.scheduled_for = None  # no undo
        post.save(states=True)
        follow_caption(post)
        write_down(post, "post.draft_discarded", by=by or post.author, swept=by is None)
    return post


def is_empty(post):
    """Whether a draft has neither words nor a photo."""
    return not post.caption and not post.photos.exists()
