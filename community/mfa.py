"""Where allauth.mfa asks us: what authenticator apps and passkeys are told about the site and the member."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as _

# What stands beside a password, or in its place. Recovery codes alone do not: they are for when one of these is lost.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
PROTECTED = "_is_protected"  # where `staff_rights` puts the answer


def is_protected(user):
    """Whether it takes more than a password to sign in as `user`. No query where their rights are known, else one."""
    if not hasattr(user, PROTECTED):
        setattr(user, PROTECTED, Authenticator.objects.filter(user=user.pk, type__in=SECOND_FACTORS).exists())
    return getattr(user, PROTECTED)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors under the site's name and the member's username: an app's list shows no email address."""

    def get_totp_issuer(self):
        return settings.WAGTAIL_SITE_NAME

    def _get_site_name(self):
        return settings.WAGTAIL_SITE_NAME

    def _get_user_identifier(self, user):
        return user.username

    def generate_authenticator_name(self, user, type):
        """The name that the form proposes for a new passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)d") % {"number": number}
