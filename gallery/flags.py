"""Copying to posts what their gallery or their author has become: `hidden_by`, `effective_visibility`, `live`, and the
files on the media host.

The row of the gallery or author was committed before, and `posts_for` tests it, so nothing is in reach while this runs.
In chunks, each post its own transaction: it may be killed and run again at any point. What a post gets is read under its
lock, never handed over: of two runs at once the later one must not bring back what the earlier one knew.
"""

import logging

from django.db import transaction

from .locks import lock
from .publication import close_publications, show
from .states import narrower

logger = logging.getLogger(__name__)

CHUNK = 200  # posts whose keys are held in memory at a time


def follow(posts, *, most=None):
    """Bring up to `most` posts (all, where None) of the queryset `posts` in step with their galleries and authors.

    Returns how many changed. Running it twice changes nothing.
    """
    changed, seen, last = 0, 0, 0
    while keys := list(posts.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        for pk in keys:
            if most is not None and seen >= most:
                return changed
            changed += follow_one(posts.model(pk=pk))
            seen += 1
        last = keys[-1]
    return changed


def follow_one(post):
    """Bring one post in step with its gallery and author: hide or narrow it, or show it where nothing else hides it.

    True when that changed it.
    """
    with transaction.atomic():
        post = lock(post)
        had_files, before = post.has_public_files, (post.hidden_by, post.effective_visibility)
        post.hidden_by = post.gallery.hides | post.author.hides
        post.effective_visibility = narrower(post.visibility, post.gallery.visibility)
        if (post.hidden_by, post.effective_visibility) == before:
            return False
        if had_files or not post.has_public_files:
            post.save(update_fields=["hidden_by", "effective_visibility"])
            if not post.has_public_files:
                close_publications(post)
            return True
    show(post)
    logger.info("Post %s is shown to more people again (was %s).", post.short_id, before)
    return True
