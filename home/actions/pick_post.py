"""Pick a post for the front page, by a curator; and end its pick."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.acts import write_down_staff

from .. import permissions
from ..models import Pick
from ..picking import may_be_picked


def pick_post(post, *, by):
    """Show `post` on the front page from now on, before all other picks; returns the Pick.

    A post that is picked already keeps its pick. Raises PermissionDenied, or ValidationError for a post that not every
    visitor can find.
    """
    if not permissions.may_pick(by):
        raise PermissionDenied(_("Only curators and administrators pick posts."))
    with transaction.atomic():
        if not post.author.featurable:
            raise ValidationError(_("Its author wants not to be featured."))
        if not may_be_picked(by, post):
            raise ValidationError(_("Only a post that everyone can see may be picked."))
        if current := Pick.objects.current().filter(post=post).first():
            return current
        # The archive keeps its numbers: nobody orders it any more.
        Pick.objects.current().order_by().update(position=F("position") + 1)
        pick = Pick.objects.create(post=post, curator=by, position=0)
        write_down_staff(post, "pixlpix.pick", by=by)
    return pick


def end_pick(pick, *, by):
    """Take a pick off the front page now. Its row stays, as the archive of what was shown. Raises PermissionDenied."""
    if not permissions.may_pick(by):
        raise PermissionDenied(_("Only curators and administrators end picks."))
    with transaction.atomic():
        pick.shown_until = max(timezone.now(), pick.shown_from + timedelta(microseconds=1))
        pick.save(update_fields=["shown_until"])
        write_down_staff(pick.post, "pixlpix.end_pick", by=by)
    return pick
