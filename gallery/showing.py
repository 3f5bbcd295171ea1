"""The one piece that brings a post back into reach: undo and restore call it."""

from . import ledger
from .publication import show


def show_again(post, change, *, act):
    """Apply `change(post)` to the locked post and, where that makes it visible, publish it under new rendition names.

    Where something else still hides it, only the states change (see `publication.show`). The ledger is entered after the
    commit. Returns the saved post.
    """
    post = show(post, change)
    ledger.enter(act, post, author=post.author_state, team=post.team_state, hidden_by=post.hidden_by)
    return post
