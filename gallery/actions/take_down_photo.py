"""Take one photo of a post down, by staff, with a reason that its author is told; and take that back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import ledger, permissions
from ..acts import write_down_staff
from ..bans import ban_picture_of, lift_ban_of
from ..locks import lock, lock_originals
from ..making import bring_in_step
from ..models import Photo, PostPage
from ..photo_publication import DEADLINE, close_photo, show_photo
from ..states import TeamState
from .take_down_post import MOST_TRIES, take_down_post


def take_down_photo(photo, *, by, reason):
    """Take `photo` down, and its original wherever its author shows it: those posts stay with their other photos.

    A post of which nothing is left that could be seen is taken down itself. The public files are gone when this returns, as
    of a photo that its author takes out; the team keeps them. `by` None is the system. Raises PermissionDenied, or
    ValidationError without a reason; returns the Photo.
    """
    check(by, photo)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: its author is told.")})
    for _attempt in range(MOST_TRIES):
        posts = posts_with(photo)
        with transaction.atomic():
            # In one order, as a takedown of whole posts has it.
            lock_originals(*posts)
            if {post.pk for post in posts_with(photo)} - {post.pk for post in posts}:
                continue
            # Single photos first: a whole post takes along where its author shows the same still.
            for post in [post for post in posts if not take_out(post, photo, by, reason)]:
                take_down_post(post, by=by, reason=reason)
        photo.refresh_from_db()
        return photo
    raise RuntimeError(f"Photo {photo.pk} was shown in more and more posts while it was taken down.")


def posts_with(photo):
    """The posts in which the author of `photo` shows its original and the team has left it, in order of primary key."""
    return list(PostPage.objects.filter(pk__in=shown(photo).values("post")).order_by("pk"))


def shown(photo):
    """Where the author of `photo` shows its original."""
    same = Photo.objects.current().filter(
        picture__original=photo.picture.original_id, post__author=photo.post.author_id, team_state=TeamState.NONE
    )
    return same.exclude(post__team_state=TeamState.ERASED)


def take_out(post, photo, by, reason):
    """Of one post: the photos of that original. False, and nothing is done, where no other would be left."""
    post = lock(post)
    photos = list(shown(photo).filter(post=post).select_related("picture__original", "post"))
    others = post.photos.in_place().filter(team_state=TeamState.NONE).exclude(pk__in=[one.pk for one in photos])
    if not others.exists() and post.team_state == TeamState.NONE and not post.is_draft:
        return False
    for one in photos:
        one.team_state, one.retry_at = TeamState.TAKEN_DOWN, None
        one.save(update_fields=["team_state", "retry_at"])
        # Before its rows stop naming its files: the receipt lists them.
        write_down_staff(post, "pixlpix.take_down_photo", by=by, photo=one.key, reason=reason)
        close_photo(one)
        ban_picture_of(one, by=by, reason=reason)
    bring_in_step(post)
    for one in photos:
        # Last before the commit: whatever a crash interrupts, the ledger errs towards hidden.
        ledger.enter("photo.taken_down", post, photo=one.key)
    return True


def restore_photo(photo, *, by, reason=""):
    """Bring a photo back that was taken down, under new file names, unless its author has taken it out meanwhile.

    Raises PermissionDenied; returns the Photo.
    """
    check(by, photo)
    with transaction.atomic():
        post = lock(photo.post)
        photo = Photo.objects.select_related("picture", "post__author", "post__gallery").get(pk=photo.pk)
        if photo.team_state != TeamState.TAKEN_DOWN:
            raise PermissionDenied(_("This photo is not taken down."))
        photo.team_state = TeamState.NONE
        # Until it is shown the sweeper looks after it.
        photo.retry_at = timezone.now() + DEADLINE if photo.is_ready else photo.retry_at
        photo.save(update_fields=["team_state", "retry_at"])
        lift_ban_of(photo)
        bring_in_step(post)
        write_down_staff(post, "pixlpix.restore_photo", by=by, photo=photo.key, reason=reason.strip())
    show_photo(photo)
    ledger.enter("photo.restored", post, photo=photo.key)
    return photo


def check(by, photo):
    if by is None:
        return
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators do this."))
    if not permissions.may_decide_on(by, photo.post):
        raise PermissionDenied(_("Somebody else must decide about what is yours."))
