"""Choose whom a post is for: everyone, everyone with the link, or followers."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down
from ..locks import lock
from ..publication import close_publications, show
from ..states import Visibility, narrower


def set_visibility(post, *, by, visibility):
    """Make `post` as visible as `visibility` says and its gallery allows; returns the saved post.

    Narrowed to followers, its public files are gone when this returns; widened from there, it is published under new
    names. Between everyone and everyone with the link no file moves. Raises PermissionDenied, or ValidationError for what
    is no visibility.
    """
    if visibility not in Visibility.values:
        raise ValidationError(_("Choose who can see this post."))
    with transaction.atomic():
        post = lock(post)
        if not permissions.may_edit(by, post):
            raise PermissionDenied(_("This post cannot be edited."))
        if post.visibility == visibility:
            return post
        before, post.visibility = post.effective_visibility, visibility
        post.effective_visibility = narrower(visibility, post.gallery.visibility)
        post.save(update_fields=["visibility", "effective_visibility"])
        write_down(post, "post.visibility_changed", by=by, visibility=visibility)
        follow_narrowing(post, before)
    return follow_widening(post, before)


def follow_narrowing(post, before):
    """Inside the transaction, once a locked post is saved: where it is narrower than `before`, others lose it.

    Called last: the ledger has it before the commit.
    """
    if post.is_draft or not is_narrower(post.effective_visibility, before):
        return
    if post.effective_visibility == Visibility.FOLLOWERS:
        close_publications(post)
    enter("post.narrowed", post)


def follow_widening(post, before):
    """After the commit: where a post is wider than `before`, others get it. Returns the post as it is then.

    Interrupted before, the post is seen through the private view, until `reconcile_media` publishes it.
    """
    if post.is_draft or not is_narrower(before, post.effective_visibility):
        return post
    if before == Visibility.FOLLOWERS:
        post = show(post)
    enter("post.widened", post)
    return post


def is_narrower(one, other):
    return one != other and narrower(one, other) == one


def enter(act, post):
    ledger.enter(
        act,
        post,
        author=post.author_state,
        team=post.team_state,
        hidden_by=post.hidden_by,
        visibility=post.effective_visibility,
    )
