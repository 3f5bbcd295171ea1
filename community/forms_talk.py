"""The forms of conversation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .words import MOST_IN_COMMENT, MOST_IN_HIDDEN_WORDS


class CommentForm(forms.Form):
    """The words of a comment. Their length is the action's to judge, once they are cleaned."""

    text = forms.CharField(
        label=_("Comment"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "data-count": MOST_IN_COMMENT}),
    )


class HiddenWordsForm(forms.Form):
    """Words that a member does not want to read in comments."""

    hidden_words = forms.CharField(
        label=_("Hidden words"),
        required=False,
        help_text=_("One a line. Comments with one of them are folded away, for you alone; nobody is told."),
        widget=forms.Textarea(attrs={"rows": 8, "data-count": MOST_IN_HIDDEN_WORDS}),
    )
