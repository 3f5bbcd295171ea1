"""The form on what a member hears of, where and how often."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models.notifications import Kind
from .models.profiles import Digest
from .notification_kinds import FIXED, USUAL, Choice, choice_of


class NotificationsForm(forms.Form):
    """For each kind two ticks, `like_app` and `like_email`; and the rhythm of digests."""

    digest = forms.ChoiceField(
        label=_("Mail what is new together"),
        choices=Digest.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "One mail with what you have not read yet and what was not mailed already. None on a day or in a week "
            "without news."
        ),
    )

    def __init__(self, *args, profile, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["digest"].initial = profile.digest
        for kind in USUAL:
            choice = choice_of(kind, profile.notification_choices)
            for place, words in (("app", _("On the site")), ("email", _("By mail"))):
                self.fields[f"{kind}_{place}"] = forms.BooleanField(
                    label=words, required=False, initial=getattr(choice, place), disabled=kind in FIXED
                )

    def rows(self):
        """What the table shows: (the kind in words, its two ticks as bound fields, whether it can be chosen)."""
        return [
            (Kind(kind).label, [(self[f"{kind}_app"], False), (self[f"{kind}_email"], True)], kind not in FIXED)
            for kind in USUAL
        ]

    def choices(self):
        """What was chosen: {kind: Choice}."""
        ticked = self.cleaned_data
        return {kind: Choice(app=ticked[f"{kind}_app"], email=ticked[f"{kind}_email"]) for kind in USUAL}
