"""Take a post down, by staff, with a reason that its author is told."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions
from ..acts import write_down_staff
from ..bans import ban_pictures_of, hold_unseen_of, posts_taken_down
from ..hiding import hide
from ..locks import lock_originals
from ..models import Photo, PostPage
from ..states import TeamState

MOST_TRIES = 5


def take_down_post(post, *, by, reason, also=(), only_standing=False):
    """Take `post` down with its author's other posts of the same original, and the posts in `also`, in one transaction.

    `also` are other people's posts of the same original that the moderator ticked (see `posts_of_same_original`).
    `by` None is the system: a deletion that came past every form. Raises PermissionDenied, or ValidationError without a
    reason and, with `only_standing`, where the team has acted on one of them meanwhile (its code is `acted_on`). Returns the
    posts taken down, `post` first. All are out of everyone's reach when this returns.
    """
    if by is not None and not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators take posts down."))
    if by is not None and any(one.author_id == by.pk for one in (post, *also)):
        raise PermissionDenied(_("This is your own: somebody else must decide."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: its author is told.")})

    def change(locked):
        if locked.team_state == TeamState.ERASED:
            raise PermissionDenied(_("This post was erased."))
        if only_standing and locked.team_state != TeamState.NONE:
            raise ValidationError(_("Somebody of the team has acted on it meanwhile."), code="acted_on")
        again = locked.team_state == TeamState.TAKEN_DOWN
        locked.team_state = TeamState.TAKEN_DOWN
        locked.taken_down_at = locked.taken_down_at if again else timezone.now()
        locked.team_reason = reason.strip()
        write_down_staff(locked, "pixlpix.take_down", by=by, reason=locked.team_reason)

    for _attempt in range(MOST_TRIES):
        taken = posts_to_take(post, also)
        with transaction.atomic():
            # All originals before the first post, posts in order of primary key: two takedowns wait instead of crossing.
            lock_originals(*taken.values())
            if posts_to_take(post, also).keys() - taken:
                continue  # one got the original while we waited: its other originals are not locked
            hidden = {pk: hide(taken[pk], change, act="post.taken_down") for pk in sorted(taken)}
            for one in hidden.values():
                ban_pictures_of(one, by=by, reason=one.team_reason)
            others = list(posts_of_same_original(post))
            hold_unseen_of(others)
            posts_taken_down.send(PostPage, posts=list(hidden.values()), others=others, by=by)
        return [hidden[pk] for pk in taken]
    raise RuntimeError(f"Post {post.pk} was shown in more and more posts while it was taken down.")


def posts_to_take(post, also):
    """The posts that go down with `post`, by primary key, `post` first."""
    theirs = posts_of_same_original(post).filter(author=post.author_id)
    return {p.pk: p for p in [post, *theirs, *also]}


def posts_of_same_original(post):
    """Other posts, of anybody, that show an original of this post and that the team has not acted on.

    By the photos that are in them: what somebody or the team took out, or never showed here, is no reason to act.
    """
    left = {"team_state": TeamState.NONE}
    originals = post.photos.current().filter(**left).values("picture__original")
    showing = Photo.objects.current().filter(picture__original__in=originals, **left)
    return (
        PostPage.objects.filter(pk__in=showing.values("post"), team_state=TeamState.NONE)
        .exclude(pk=post.pk)
        .select_related("author", "gallery")
    )
