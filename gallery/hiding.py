"""The one piece that takes a post out of reach. Every action that hides calls it; nobody repeats it."""

from django.db import transaction

from . import ledger
from .locks import lock
from .publication import close_publications


def hide(post, change, *, act):
    """Take `post` out of everyone's reach in one transaction, and its files off the media host before returning.

    `change(post)` gets the locked post as it is now, sets the columns of its states and writes the log; it may raise to
    refuse. The ledger is entered last before the commit. Returns the saved post.
    """
    with transaction.atomic():
        post = lock(post)
        change(post)
        post.save(states=True)
        close_publications(post)
        ledger.enter(act, post, author=post.author_state, team=post.team_state, hidden_by=post.hidden_by)
    return post
