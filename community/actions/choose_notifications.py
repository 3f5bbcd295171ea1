"""Choose what to hear of, where, and how often what is new is mailed together; and stop mails from a link in one."""

from django.db import transaction
from django.utils import timezone

from gallery.acts import write_down

from ..mailing import DIGEST
from ..models import Profile
from ..models.profiles import Digest
from ..notification_kinds import USUAL as KINDS
from ..notification_kinds import Choice, choice_of, differing


def choose_notifications(member, choices, digest):
    """Set the choices of `member`: {kind: Choice} for every kind, and a Digest. The team's decisions cannot be chosen."""
    with transaction.atomic():
        profile = locked(member)
        profile.notification_choices = differing(choices)
        set_digest(profile, digest)
        profile.save(update_fields=["notification_choices", "digest", "digest_sent_at"])
        write_down(member, "member.notifications_chosen", by=member)


def unsubscribe(member, what):
    """Stop mails of one kind (or DIGEST) to `member`: what is told on the site stays as it is. Twice is once."""
    with transaction.atomic():
        profile = locked(member)
        if what == DIGEST:
            set_digest(profile, Digest.NEVER)
        else:
            chosen = {kind: choice_of(kind, profile.notification_choices) for kind in KINDS}
            chosen[what] = Choice(app=chosen[what].app, email=False)
            profile.notification_choices = differing(chosen)
        profile.save(update_fields=["notification_choices", "digest", "digest_sent_at"])
        write_down(member, "member.unsubscribed", by=member, what=what)


def locked(member):
    """The member's profile as it is now, locked: two choices at once keep both what they changed."""
    return Profile.objects.select_for_update().get(user=member.pk)


def set_digest(profile, digest):
    """Another rhythm begins now: the first digest tells of what comes from here on."""
    if profile.digest != digest:
        profile.digest, profile.digest_sent_at = digest, timezone.now()
