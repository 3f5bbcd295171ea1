"""Taking up an invitation to the staff: the link is remembered in the session until the account is there."""

from django.db import transaction
from django.utils import timezone

from gallery.acts import write_down

from .models import Invitation

SESSION_KEY = "community.invitation"


def remember(request, token):
    """Keep the token of an invitation for the sign-up that follows."""
    request.session[SESSION_KEY] = token


def from_session(request):
    """The open invitation that this visitor came with, or None."""
    token = request.session.get(SESSION_KEY) if request is not None and hasattr(request, "session") else None
    if not token:
        return None
    return Invitation.objects.open().for_token(token).select_related("group").first()


def redeem_from_session(request, user):
    """Let `user` take up the invitation that the visitor came with, if it is for their address."""
    invitation = from_session(request)
    if invitation is not None and redeem(invitation, user):
        del request.session[SESSION_KEY]


def redeem(invitation, user):
    """Make `user` a member of the invitation's group; False for another address, a used or an expired invitation.

    They cannot sign in before they confirmed that address, so a link in wrong hands is worth nothing.
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.open()
            .select_for_update(of=("self",))
            .select_related("group")
            .filter(pk=invitation.pk)
            .first()
        )
        if invitation is None or invitation.email.lower() != user.email.lower():
            return False
        invitation.used_at = timezone.now()
        invitation.used_by = user
        invitation.save(update_fields=["used_at", "used_by"])
        user.groups.add(invitation.group)
        write_down(user, "member.took_up_invitation", by=user, group=invitation.group.name)
    return True
