"""A member confirmed their email address: from now on they can share, and their page is there for everybody."""

from django.db import transaction
from django.utils import timezone

from gallery.acts import write_down

from ..models import User
from ..standing import bring_pages_in_step


def confirm_member(user):
    """Mark `user` as verified, once; a later address that they confirm changes nothing here. Returns the User."""
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if locked.verified_at is None:
            locked.verified_at = timezone.now()
            locked.save(update_fields=["verified_at"])
            write_down(locked, "member.verified", by=locked)
            bring_pages_in_step(locked)
    user.verified_at = locked.verified_at
    return locked
