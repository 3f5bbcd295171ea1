"""Make a scheduled post a draft again."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down
from ..locks import lock
from ..states import AuthorState


def unschedule_post(post, *, by):
    """`post` waits for its author again; a draft that has no time stays as it is. Returns the saved post.

    Raises PermissionDenied, also where it was published meanwhile.
    """
    with transaction.atomic():
        post = lock(post)
        if not post.is_draft or not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post is not scheduled."))
        if post.author_state == AuthorState.SCHEDULED:
            post.author_state, post.scheduled_for = AuthorState.DRAFT, None
            post.save(update_fields=["author_state", "scheduled_for"])
            write_down(post, "post.unscheduled", by=by)
    return post
