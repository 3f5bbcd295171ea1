"""Forms on one's own account."""

from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from .actions.come_back import may_come_back
from .adapter import with_suggestions
from .models import User
from .quiet_checks import QuietChecks


class UsernameForm(forms.Form):
    """Another username."""

    username = forms.CharField(
        label=_("Username"),
        max_length=30,
        help_text=_("3 to 30 letters (a to z), digits, - or _. It is your address here, and you sign in with it."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def refuse(self, refusal):
        """Show why the name was not given, with names like it that are free where somebody else has it."""
        if not isinstance(refusal, ValidationError):
            self.add_error(None, str(refusal))
            return
        words = refusal.messages[0]
        if getattr(refusal, "code", "") == "taken" or any(e.code == "reserved" for e in refusal.error_list):
            words = with_suggestions(words, self.cleaned_data["username"])
        self.add_error("username", words)


class ResetPasswordForm(QuietChecks, AllauthResetPasswordForm):
    """Ask for a link to another password: also for who left and may come back, whose account counts as closed."""

    least = 1  # one field, which browsers fill in

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_quiet_checks()

    def clean_email(self):
        email = super().clean_email()
        if not self.users:
            left = User.objects.filter(email=email.lower(), verified_at__isnull=False).first()
            self.users = [left] if left and may_come_back(left) else []
        return email


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey, or a key that is asked for beside the password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label, name.required, name.max_length = _("What you call it"), True, 60
        name.help_text = _("For your own list: “Phone”, “Blue key”.")
        name.widget.attrs.update(dir="auto", maxlength=60)
        name.validators.append(MaxLengthValidator(60))
        alone.label, alone.initial = _("Sign in with it alone, without the password"), True
        alone.help_text = _(
            "It then asks for your finger, your face or a PIN. Otherwise it is asked for after the password."
        )
