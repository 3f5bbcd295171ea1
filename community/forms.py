"""Forms on joining, signing in, the policy and one's own account."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from gallery.naming import clean_name

from .models import PolicyVersion, User
from .names import validate_not_the_team
from .quiet_checks import QuietChecks

WHY_ACCEPT = _(
    "Without accepting this there is no account: what the text names is what PixlPix needs to work. "
    "If you would rather not, that is fine. Everything public can be seen without an account."
)
READ_AGAIN = _("Our policy has changed while you were reading. Please read this newer version, then accept it.")


class LoginForm(allauth_forms.LoginForm):
    """Sign in by username or email address."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or email address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        # The link to a reset stands below the form, in words of ours.
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs.update(autocomplete="username", autocapitalize="none", spellcheck="false")


class SignupForm(QuietChecks, allauth_forms.SignupForm):
    """Join: who you are, then the consent step, on one page. The version that was shown travels with the form."""

    field_order = ["name", "email", "username", "password1", "policy", "accept_policy", "confirm_age"]

    name = forms.CharField(
        label=_("Name"),
        max_length=User._meta.get_field("name").max_length,
        help_text=_("Stands with your posts. It need not be the one in your passport."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    policy = forms.IntegerField(widget=forms.HiddenInput, required=False)
    accept_policy = forms.BooleanField(
        label=_("I have read this and accept it"), error_messages={"required": WHY_ACCEPT}
    )
    confirm_age = forms.BooleanField()

    def __init__(self, *args, invitation=None, **kwargs):
        self.invitation = invitation
        self.shown_policy = PolicyVersion.objects.current()
        super().__init__(*args, **kwargs)
        age = {"age": settings.MINIMUM_AGE}
        self.fields["confirm_age"].label = _("I am at least %(age)d years old") % age
        self.fields["confirm_age"].error_messages["required"] = (
            _("PixlPix is for people who are at least %(age)d years old. We do not ask for your date of birth.") % age
        )
        self.fields["username"].help_text = _("3 to 30 letters (a to z), digits, - or _. It becomes your address here.")
        self.fields["username"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        self.fields["email"].help_text = _("Only you and our team see it. We send a link there to confirm it.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if self.shown_policy:
            self.fields["policy"].initial = self.shown_policy.number
        self.add_quiet_checks()
        if invitation:
            self.fields["email"].initial = invitation.email

    def clean_name(self):
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Tell us the name that shall stand with your posts."))
        validate_not_the_team(name)
        return name

    def clean_email(self):
        email = super().clean_email()
        if self.invitation and email.lower() != self.invitation.email.lower():
            raise ValidationError(
                _("Your invitation is for %(email)s: join with that address.") % {"email": self.invitation.email}
            )
        return email

    def clean_password1(self):
        """Checks against what else they typed: a password that is their own name is refused."""
        password = self.cleaned_data["password1"]
        typed = {name: self.cleaned_data.get(name, "") for name in ("username", "email", "name")}
        return get_adapter().clean_password(password, user=User(**typed))

    def clean(self):
        cleaned = super().clean()
        if self.shown_policy is None or cleaned.get("policy") != self.shown_policy.number:
            self.ask_to_read_again()
        return cleaned

    def ask_to_read_again(self):
        """Another version is in force than the one that was on the page: show it, and take nothing for accepted."""
        self.shown_policy = PolicyVersion.objects.current()
        self.data = self.data.copy()
        self.data[self.add_prefix("policy")] = self.shown_policy.number if self.shown_policy else ""
        self.data.pop(self.add_prefix("accept_policy"), None)
        self.errors.pop("accept_policy", None)
        self.add_error("accept_policy", READ_AGAIN)

    def try_save(self, request):
        if self.account_already_exists:
            # As much work as for a new account, so that the time it takes tells nothing about the address.
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def save(self, request):
        # The address is stored with the account, in one transaction, so nothing of allauth's own saving is left to do.
        return get_adapter(request).save_user(request, None, self)

    def refuse(self, refusal):
        """Show what a race took away while this form was on its way; False for an address, which is not to be told."""
        errors = refusal.message_dict
        if "email" in errors:
            self.account_already_exists = True
            return False
        if "policy" in errors:
            self.ask_to_read_again()
        for field, messages in errors.items():
            if field != "policy":
                self.add_error(field if field in self.fields else None, messages)
        return True


class AcceptPolicyForm(forms.Form):
    """Accept a newer version of the policy."""

    policy = forms.IntegerField(widget=forms.HiddenInput)
    accept_policy = forms.BooleanField(
        label=_("I have read this and accept it"),
        error_messages={"required": _("Tick the box to accept, or decline below.")},
    )


class ProfileForm(forms.ModelForm):
    """What others see of a member."""

    class Meta:
        model = User
        fields = ["name"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"})}
        help_texts = {"name": _("Stands with your posts.")}


class LeaveForm(forms.Form):
    """Close one's account: the password once more, or the username of an account that has none."""

    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )
    username = forms.CharField(
        label=_("Your username, once more"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        del self.fields["username" if user.has_usable_password() else "password"]

    def clean_password(self):
        password = self.cleaned_data["password"]
        # By way of allauth, so that its limit on wrong passwords holds here too.
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("incorrect_password")
        return password

    def clean_username(self):
        username = self.cleaned_data["username"].strip().lower()
        if username != self.user.username:
            raise ValidationError(_("This is not your username."))
        return username
