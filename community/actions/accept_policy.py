"""A member accepts a newer version of the policy."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.acts import write_down

from ..models import ConsentRecord, PolicyVersion, User


def accept_policy(user, *, number, confirmed_age):
    """Record that `user` accepted version `number`, which must be the one in force. Returns the ConsentRecord.

    Raises ValidationError where a newer one was published while they read. Accepting twice changes nothing.
    """
    current = PolicyVersion.objects.current()
    if current is None or current.number != number:
        raise ValidationError(_("Our policy has changed while you were reading. Please read this newer version."))
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        record, created = ConsentRecord.objects.get_or_create(
            user=locked, policy=current, defaults={"text_sha256": current.text_sha256, "minimum_age": confirmed_age}
        )
        if created:
            write_down(locked, "member.accepted_policy", by=locked, policy=current.number)
        if locked.accepted_policy < current.number:
            locked.accepted_policy = current.number
            locked.save(update_fields=["accepted_policy"])
    user.accepted_policy = current.number
    return record
