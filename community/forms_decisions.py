"""The form by which a member appeals against a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .actions.decide_case import MOST_WORDS


class AppealForm(forms.Form):
    """Why it was wrong, in the member's words."""

    text = forms.CharField(
        label=_("Why you think that it was wrong"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "data-count": MOST_WORDS}),
    )
