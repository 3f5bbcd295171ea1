"""Setting and clearing the labels that the team puts on a post which stays where it is: limited, sensitive."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from . import ledger, permissions
from .acts import write_down_staff
from .locks import lock
from .states import TeamState


def label(post, column, *, by, reason, act, entry=""):
    """Set the boolean `column` of `post`, log `act` and, where it takes reach away, enter `entry` in the ledger.

    `by` None is the system. A post that has the label keeps it, and nothing is said twice. Raises PermissionDenied, or
    ValidationError without a reason; returns the saved post.
    """
    check(by, post)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: its author is told.")})
    with transaction.atomic():
        post = lock(post)
        if post.team_state == TeamState.ERASED:
            raise PermissionDenied(_("This post was erased."))
        if getattr(post, column):
            return post
        change(post, column, True, act, by, reason)
        if entry:
            ledger.enter(entry, post, **{column: True})
    return post


def clear_label(post, column, *, by, reason, act, entry=""):
    """Take the label off again; nothing for a post without it. The ledger follows the commit. Returns the saved post."""
    check(by, post)
    with transaction.atomic():
        post = lock(post)
        if not getattr(post, column):
            return post
        change(post, column, False, act, by, reason)
    if entry:
        ledger.enter(entry, post, **{column: False})
    return post


def check(by, post):
    if by is None:
        return
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators do this."))
    if not permissions.may_decide_on(by, post):
        raise PermissionDenied(_("Somebody else must decide about what is yours."))


def change(post, column, value, act, by, reason):
    setattr(post, column, value)
    post.save(update_fields=[column])
    write_down_staff(post, act, by=by, reason=reason.strip())
