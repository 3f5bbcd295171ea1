"""What was erased for good is erased again, really: posts, files by order, the shells of members who left.

First it is out of reach. What is kept as evidence in the older database is not erased: it stays hidden, and the log says so.
"""

import re
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from community.actions.empty_account import empty_account
from community.actions.erase_account import erase_account
from community.models import Avatar, Comment, Follow, Like, User
from community.models.users import Standing
from gallery import erasing
from gallery.actions.erase_by_order import destroy_file, forget_around, forget_elsewhere
from gallery.actions.erase_post import erase_post
from gallery.actions.remove_unused_original import remove_unused_original
from gallery.locks import lock
from gallery.models import Original, Photo, PostPage
from gallery.states import TeamState

from . import NotNow, Unknown
from .members import set_standing
from .posts import find, settle

REASON = "it was erased before the site was restored from a backup"


def post(entry):
    """A post with its files, where nothing else needs them; by order, those that were destroyed wherever they are shown."""
    try:
        erase_again(find(entry), entry)
    finally:
        # Also where the post is gone: a replay that was killed may have left them.
        for original in Original.objects.filter(sha256__in=entry.state.get("files", ())):
            remove_unused_original(original, why=REASON)


def erase_again(found, entry):
    hide(found)
    for original in Original.objects.filter(sha256__in=entry.state.get("originals", ())):
        destroy(original)
    first = partial(forget_around, by=None, reason=REASON) if entry.state.get("ordered") else None
    found = PostPage.objects.select_related("author", "gallery").get(pk=found.pk)
    if not erase_post(found, first=first, why=REASON, reason=REASON):
        raise NotNow(
            "it could not be erased again, because it is evidence or its files cannot be deleted. It is hidden."
        )


def hide(found):
    with transaction.atomic():
        locked = lock(found)
        locked.team_state = TeamState.TAKEN_DOWN
        settle(locked)


def destroy(original):
    """The file, and every profile picture of it; photos that show it have entries of their own."""
    erasing.forget_file(original, by=None, reason=REASON)
    destroy_file(original, REASON)


def photo(entry):
    """One photo of a post that stayed: its file was destroyed by order."""
    found = Photo.objects.filter(key=entry.state["photo"]).select_related("picture__original", "post").first()
    if found is None:
        raise Unknown
    original = found.picture.original
    destroy(original)
    forget_elsewhere(found, [original], by=None, reason=REASON)


def member(entry):
    """The shell of a member who left: closed, emptied and erased, by the steps that did so before.

    Its key is the shell's name, which the older database may not know yet: it holds the row's number.
    """
    number = re.fullmatch(r"former-member-(\d+)", entry.key)
    user = User.objects.filter(pk=entry.id or (number and int(number[1]))).first()
    if user is None:
        raise Unknown
    long_ago = entry.at - timedelta(days=settings.LEAVE_DAYS + 1)
    if user.standing != Standing.LEFT:
        set_standing(
            type(entry)(entry.name, "member.left", user.username, long_ago, user.pk, {"standing": Standing.LEFT})
        )
    User.objects.filter(pk=user.pk, emptied_at=None).update(standing_since=long_ago)
    user.refresh_from_db()
    finish(partial(empty_account, user), partial(left_of, user))
    user.refresh_from_db()
    if user.emptied_at is None:
        raise NotNow("the account could not be emptied again, because a case keeps it as evidence. It is closed.")
    if settings.KEEP_LEFT_ACCOUNTS_DAYS is None:
        raise NotNow("it is emptied, and KEEP_LEFT_ACCOUNTS_DAYS is not set here: set it as it was, and it is erased.")
    emptied_at = entry.at - timedelta(days=settings.KEEP_LEFT_ACCOUNTS_DAYS + 1)
    User.objects.filter(pk=user.pk).update(emptied_at=emptied_at)
    if not finish(partial(erase_account, user), partial(left_of, user)):
        raise NotNow(
            "it is emptied and could not be erased again, because something of it is held. The sweeper goes on."
        )


def finish(step, left):
    """Call `step()`, which does a part of its work each time, until it says that it is done, or `left()` changes no more."""
    before = None
    while not step():
        now = left()
        if now == before:
            return False
        before = now
    return True


def left_of(user):
    """What there is of a member still, to see whether it becomes less."""
    counted = (PostPage.objects.of(user), Avatar.objects.filter(user=user), Comment.objects.filter(author=user))
    counted += (Like.objects.filter(user=user), Follow.objects.filter(Q(follower=user) | Q(followed=user)))
    return [rows.count() for rows in (*counted, Original.objects.filter(first_by=user))]


REPLAYED = {
    "post.erased": (post, "erased"),
    "photo.erased": (photo, "erased", ("photo",)),
    "member.erased": (member, "erased"),
}
