"""Copying to posts what their gallery or their author has become: `hidden_by`, `live`, and the files on the media host.

The row of the gallery or author was committed before, and `posts_for` tests it, so nothing is in reach while this runs.
In chunks, each its own transaction: it may be killed and run again at any point.
"""

import logging

from django.db import transaction

from .publication import NotVisible, close_publications, lock, open_publication

logger = logging.getLogger(__name__)

CHUNK = 200  # posts whose keys are held in memory at a time


def follow(posts, *, flags, mask):
    """Give every post of `posts` the `flags` among the bits of `mask`; hide or show each accordingly.

    Returns how many posts changed. Running it twice changes nothing.
    """
    changed, last = 0, 0
    while keys := list(posts.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        for pk in keys:
            changed += follow_one(posts.model(pk=pk), flags, mask)
        last = keys[-1]
    return changed


def follow_one(post, flags, mask):
    """Set the flags of one post; True when that changed it."""
    with transaction.atomic():
        post = lock(post)
        wanted = post.hidden_by & ~mask | flags
        if wanted == post.hidden_by:
            return False
        before = post.hidden_by
        if wanted:
            post.hidden_by = wanted
            post.save(update_fields=["hidden_by"])
            close_publications(post)
            return True

    def show(locked):
        locked.hidden_by &= ~mask

    try:
        open_publication(post, show)
    except NotVisible:
        with transaction.atomic():
            post = lock(post)
            show(post)
            post.save(update_fields=["hidden_by"])
    logger.info("Post %s is no longer hidden (was %s).", post.short_id, before)
    return True
