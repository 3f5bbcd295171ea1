"""Who may do what to posts and galleries, as plain predicates. Actions ask these; so do templates and the console."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from .states import AuthorState, TeamState


def may_share(user):
    """Publish a post, make a gallery: a member whose address is verified, who is neither suspended nor gone."""
    return user.is_authenticated and user.is_active and user.is_member_visible


def is_author(user, thing):
    """The author of a post or gallery, who can still sign in: also one who is suspended may delete what is theirs."""
    return user.is_authenticated and user.is_active and thing.author_id == user.pk


def may_edit(user, post):
    """Change its words and photos, move it: its author in good standing, unless it is deleted or the team's."""
    return (
        may_share(user)
        and is_author(user, post)
        and post.author_state != AuthorState.WITHDRAWN
        and post.team_state == TeamState.NONE
    )


def may_retry(user, post):
    """Have a photo that failed processed again: its author, or staff in the console."""
    return may_edit(user, post) or may_take_down(user)


def may_withdraw(user, post):
    """Delete it: its author, also what the team took down (then neither undo nor Restore alone brings it back)."""
    return is_author(user, post) and post.author_state != AuthorState.WITHDRAWN


def may_undo(user, post):
    """Take a deletion back: its author, within UNDO_DAYS days of deleting it."""
    return (
        is_author(user, post)
        and post.author_state == AuthorState.WITHDRAWN
        and post.team_state != TeamState.ERASED
        and post.withdrawn_at is not None
        and post.withdrawn_at > timezone.now() - timedelta(days=settings.UNDO_DAYS)
    )


def may_look(user):
    """See members' things in the console, private ones too."""
    return user.is_authenticated and user.is_active and user.has_perm("gallery.view_postpage")


def may_take_down(user):
    """Take posts and galleries down, and restore them."""
    return user.is_authenticated and user.is_active and user.has_perm("gallery.change_postpage")


def may_decide_on(user, thing):
    """Decide about this post, gallery or photo's post: as before, and never about what is one's own."""
    return may_take_down(user) and thing.author_id != user.pk


def may_erase(user):
    """Destroy a post with its originals, for a court's order or a person's legal right: administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("gallery.delete_original")


def may_ban_pictures(user):
    """See and keep the list of pictures that nobody may publish again: moderators and administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("gallery.add_bannedpicture")
