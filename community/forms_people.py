"""Forms on what members say of themselves, and whom their account is for."""

import zoneinfo
from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .actions.edit_profile import check_link
from .forms import ProfileForm
from .models import Follow, Profile
from .privacy import older_posts

# What a profile has beside the account.
WORDS = ("biography", "pronouns", "link", "time_zone")


@lru_cache(maxsize=1)
def time_zones():
    """Choices of time zones by place, as people know them; UTC first. Not those that only aliases and offsets are in."""
    names = zoneinfo.available_timezones()
    places = sorted(name for name in names if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/")))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class LinkField(forms.URLField):
    """A web address; what is typed without a scheme is taken for https."""

    default_validators = [check_link]

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", **kwargs)


class ProfileWordsForm(ProfileForm):
    """All that others see of a member, and in which zone times are shown to them."""

    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    biography = forms.CharField(
        label=_("About you"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("At most 500 characters. Everyone who sees your page reads it."),
    )
    link = LinkField(label=_("Link"), max_length=200, required=False, help_text=_("One web address of yours."))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        required=False,
        help_text=_("In which times are shown to you. Nobody else sees it."),
    )

    def __init__(self, *args, instance, **kwargs):
        profile = Profile.objects.filter(user=instance).first() or Profile()
        initial = {name: getattr(profile, name) for name in WORDS}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        if profile.time_zone not in dict(self.fields["time_zone"].choices):
            zone = profile.time_zone
            self.fields["time_zone"].choices = [(zone, zone), *time_zones()]
        self.fields["link"].widget.attrs |= {"dir": "ltr", "autocomplete": "url", "inputmode": "url"}

    def words(self):
        """What the profile is to say: {name: value}. A zone that was not sent stays."""
        return {name: self.cleaned_data[name] for name in WORDS if name != "time_zone" or self.cleaned_data[name]}


class PrivacyForm(forms.Form):
    """Whom the account is for. What concerns many rows is offered only where there are some, and never ticked."""

    is_private = forms.BooleanField(
        label=_("My account is for followers"),
        required=False,
        help_text=_("Who wants to follow you has to ask. New posts are for followers, unless you say otherwise there."),
    )
    narrow = forms.BooleanField(
        label=_("Make all my older posts for followers, too"),
        required=False,
        help_text=_("At once nobody else reaches them. Making them public again goes post by post."),
    )
    accept = forms.BooleanField(
        label=_("Accept everybody who is waiting to follow me"),
        required=False,
        help_text=_("Only if your account is for everyone from now on. Otherwise answer them one by one."),
    )
    featurable = forms.BooleanField(
        label=_("PixlPix may feature my posts"),
        required=False,
        help_text=_("On the front page, among the picks and with the members. Search finds your posts either way."),
    )

    def __init__(self, *args, user, **kwargs):
        initial = {"is_private": user.is_private, "featurable": user.featurable}
        super().__init__(*args, initial=initial, **kwargs)
        if not older_posts(user, None).exists():
            del self.fields["narrow"]
        if not (user.is_private and Follow.objects.filter(followed=user, accepted_at__isnull=True).exists()):
            del self.fields["accept"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("narrow") and not cleaned.get("is_private"):
            raise ValidationError({"narrow": _("Older posts are narrowed for an account that is for followers.")})
        if cleaned.get("accept") and cleaned.get("is_private"):
            raise ValidationError({"accept": _("To accept everybody, make your account public as well.")})
        return cleaned
