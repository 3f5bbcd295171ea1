"""The one piece that brings a post back into reach: undo and restore call it."""

from django.db import transaction

from . import ledger
from .publication import NotVisible, all_ready, lock, open_publication


def show_again(post, change, *, act):
    """Apply `change(post)` to the locked post and, where that makes it visible, publish it under new rendition names.

    Where something else still hides it (the other side's state, its gallery, its author), or its photos are not ready,
    only the states change. The ledger is entered after the commit. Returns the saved post.
    """

    def change_and_check_photos(locked):
        change(locked)
        locked.photos_ready = all_ready(locked)

    try:
        post = open_publication(post, change_and_check_photos)
    except NotVisible:
        with transaction.atomic():
            post = lock(post)
            change_and_check_photos(post)
            post.save()
    ledger.enter(act, post, author=post.author_state, team=post.team_state, hidden_by=post.hidden_by)
    return post
