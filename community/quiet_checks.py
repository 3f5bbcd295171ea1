"""Two quiet checks that tell people who fill in a public form from machines, without a cookie and without a puzzle.

A field that people do not see stays empty, and nobody reads and fills in a form within a few seconds. A person who runs into
one of them all the same (a browser that fills in everything, a page left open over night) is asked kindly to send it once
more; so is a machine, which learns no more from that. Signing in has neither: password managers fill that in and send it at
once, and limits guard it.
"""

import time

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SALT = "community.quiet_checks"
LEAST, MOST = 3, 24 * 60 * 60  # seconds between showing a form and its coming back

ONCE_MORE = _("We could not tell whether a person sent this. Please look it over and send it once more.")


class QuietChecks:
    """Mixin for forms: `add_quiet_checks` in __init__ turns both checks on; templates include includes/quiet_checks.html."""

    least = LEAST

    def add_quiet_checks(self):
        self.fields["shown"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=shown_now)
        self.fields["website"] = forms.CharField(required=False)

    @property
    def trap(self):
        """The field that people do not see; None where nothing is checked."""
        return self["website"] if "website" in self.fields else None

    @property
    def shown_fields(self):
        """The fields that people see."""
        return [field for field in self if field.name != "website"]

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if self.trap and (cleaned.get("website") or not was_read(cleaned.get("shown", ""), self.least)):
            self.data = self.data.copy()
            self.data[self.add_prefix("shown")], self.data[self.add_prefix("website")] = shown_now(), ""
            raise ValidationError(ONCE_MORE, code="once_more")
        return cleaned


def shown_now(ago=0):
    """A signed note of when a form was shown: now, or so many seconds ago."""
    return signing.dumps(time.time() - ago, salt=SALT)


def was_read(shown, least=LEAST):
    """Whether a form with this note came back neither within `least` seconds nor after a day."""
    try:
        seconds = time.time() - signing.loads(shown, salt=SALT)
    except (signing.BadSignature, TypeError):
        return False
    return least <= seconds <= MOST
