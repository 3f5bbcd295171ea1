"""Not again: pictures that staff took down are known when they come back, and wait for staff before anybody sees them.

The same bytes are refused where they are uploaded (`store_original`). What only looks alike is found once its renditions
are made, compared with every banned picture, and held: a post that nobody has seen yet as a whole, in one that is visible
the photo that came to it. Staff let it through or confirm it. What a member deleted is no banned picture.
"""

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import ledger
from .acts import is_confidential, write_down_staff
from .likeness import distance
from .locks import lock
from .look_alikes import likenesses_in
from .models import BanMatch, BannedPicture, Original, Photo, PostPage
from .models.pictures import PictureKind
from .photo_publication import close_photo
from .states import TeamState

logger = logging.getLogger(__name__)

HELD_REASON = gettext_noop("It looks like a picture that the team took down before: the team looks at it first.")
# Sent in the transaction of a takedown with `posts`, those that were taken down, `others`, other people's posts of the same
# original that still stand, and `by`: whoever knows of cases listens (community/signals.py).
posts_taken_down = Signal()


# --- The list ---------------------------------------------------------------------------------------------------------


def ban_pictures_of(post, *, by, reason):
    """Inside the transaction that takes `post` down: the pictures that it shows must not come back. Two queries."""
    ban(Original.objects.filter(pictures__photo__in=post.photos.current()).distinct(), post, by=by, reason=reason)


def ban_picture_of(photo, *, by, reason):
    """Likewise for one photo of a post that stays."""
    ban([photo.picture.original], photo.post, by=by, reason=reason)


def ban(originals, post, *, by, reason):
    if is_confidential():  # the list is read by more people
        by, reason = None, _("Decided by administrators.")
    now = timezone.now()
    rows = [
        BannedPicture(
            sha256=original.sha256,
            likeness=original.likeness,
            reason=reason,
            about=post.short_id,
            added_by=by,
            alike_due_at=now if original.likeness else None,
        )
        for original in originals
    ]
    BannedPicture.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.alike_due_at for row in rows):
        find_look_alikes()


def find_look_alikes():
    """Queue the task that finds public posts which look like what was just banned."""
    from .tasks import find_banned_look_alikes

    find_banned_look_alikes.enqueue()


def lift_bans_of(post):
    """The pictures of a post that was restored may be shared again, but for those that are down elsewhere, or alone."""
    return lift(Original.objects.filter(pictures__photo__post=post), but=post)


def lift_ban_of(photo):
    """Likewise for one photo that was restored."""
    return lift(Original.objects.filter(pk=photo.picture.original_id))


def lift(originals, but=None):
    down = PostPage.objects.filter(team_state=TeamState.TAKEN_DOWN).exclude(pk=but.pk if but else None)
    still = Photo.objects.current().filter(Q(post__in=down) | Q(team_state=TeamState.TAKEN_DOWN))
    free = originals.exclude(pk__in=still.values("picture__original")).values("sha256")
    return BannedPicture.objects.filter(sha256__in=free).exclude(about="").delete()[0]


# --- Finding what comes back ------------------------------------------------------------------------------------------


def look_at(photo):
    """Look whether a photo that has just become ready may be shown, and hold it if not; whether it was held.

    Running it twice holds nothing twice, and nothing that staff have let through.
    """
    new = new_matches(photo.picture, BanMatch.objects.filter(photo=photo))
    if new:
        hold(photo, new)
    return bool(new)


def new_matches(picture, known):
    """The banned pictures that `picture`, whose renditions are made, is or looks like, as {primary key: bits}, but for those
    of its Matches `known`. Of a profile picture the whole counts, and the square that is cut from it."""
    original, likenesses = learn_likeness(picture)
    if picture.kind == PictureKind.AVATAR:
        likenesses = likenesses + likenesses_in(picture, shown=True)
    matches = find_matches(original.sha256, likenesses)
    before = set(known.values_list("banned", flat=True)) if matches else ()
    return {banned: bits for banned, bits in matches.items() if banned not in before}


def learn_likeness(picture):
    """(its Original, the likenesses of the picture and of its mirror image), from a rendition of ours; kept where new."""
    likenesses = likenesses_in(picture)
    if likenesses and picture.original.likeness != likenesses[0]:
        Original.objects.filter(pk=picture.original_id).update(likeness=likenesses[0])
        picture.original.likeness = likenesses[0]
        unknown = BannedPicture.objects.filter(sha256=picture.original.sha256, likeness="")
        if unknown.update(likeness=likenesses[0], alike_due_at=timezone.now()):
            find_look_alikes()
    return picture.original, likenesses


def find_matches(sha256, likenesses):
    """The banned pictures that this is or looks like: {primary key: bits that differ, None for the same bytes}.

    Reads the whole list: ten thousand take some hundredths of a second in the worker, and no index knows nearness.
    """
    found = {}
    for key, banned, likeness in BannedPicture.objects.values_list("pk", "sha256", "likeness").iterator():
        if banned == sha256:
            found[key] = None
        elif likeness and likenesses:
            bits = min(distance(likeness, one) for one in likenesses)
            if bits <= settings.BANNED_DISTANCE:
                found[key] = bits
    return found


def hold(photo, matches):
    """Hold `photo`, or its post where nobody has seen that yet, for `matches` {banned: bits}; in one transaction."""
    with transaction.atomic():
        post = lock(photo.post)
        BanMatch.objects.bulk_create(
            [BanMatch(photo=photo, banned_id=banned, distance=bits) for banned, bits in matches.items()],
            ignore_conflicts=True,
        )
        if post.team_state != TeamState.NONE:
            return
        if post.published_at is not None:
            photo = Photo.objects.get(pk=photo.pk)
            photo.team_state = TeamState.HELD
            photo.save(update_fields=["team_state"])
            close_photo(photo)
        else:
            post.team_state, post.team_reason = TeamState.HELD, _(HELD_REASON)
            post.save(states=True)
        write_down_staff(post, "pixlpix.hold", by=None, reason=_(HELD_REASON), photo=photo.key)
        ledger.enter("post.held", post, team=post.team_state, photo=photo.key)
    logger.warning("Photo %s of post %s looks like a banned picture and is held.", photo.key, post.short_id)


def hold_unseen_of(posts):
    """Hold posts that nobody has seen yet and that show what was just banned: drafts, and what is being processed."""
    for post in posts:
        if post.published_at is None and post.team_state == TeamState.NONE:
            photos = list(post.photos.current().select_related("picture__original", "post"))
            hashes = [photo.picture.original.sha256 for photo in photos]
            banned = dict(BannedPicture.objects.filter(sha256__in=hashes).values_list("sha256", "pk"))
            for photo in photos:
                if key := banned.get(photo.picture.original.sha256):
                    hold(photo, {key: None})
