"""Receivers, only where allauth leaves no other way in. Each says who sends it."""

from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from .actions.confirm_member import confirm_member


@receiver(email_confirmed)
def member_confirmed_their_address(request, email_address, **kwargs):
    """Sent by allauth when somebody followed the link in its mail, inside the adapter's transaction."""
    confirm_member(email_address.user)
