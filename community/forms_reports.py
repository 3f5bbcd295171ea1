"""The forms of reports, and of copyright notices and counter-notices."""

from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models.cases import Category, ProfilePart
from .quiet_checks import QuietChecks
from .words import MOST_IN_REPORT


class SenderMixin(QuietChecks):
    """Who sends it: a member, or a visitor with an address, whom two quiet checks tell from a machine."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if user.is_authenticated:
            return
        self.fields["email"] = forms.EmailField(
            label=_("Your email address"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
            help_text=_("We answer there. Nobody but our team sees it."),
        )
        self.add_quiet_checks()

    @property
    def sender(self):
        """Who sends it, as `file_report` takes it."""
        if self.user.is_authenticated:
            return {"reporter": self.user}
        return {"email": self.cleaned_data["email"]}


class ReportForm(SenderMixin, forms.Form):
    """What is wrong, in a choice and in one's own words; a member may have no more to do with whom it is about."""

    category = forms.ChoiceField(
        label=_("What is wrong?"),
        # Copyright has a form of its own, with what the law asks.
        choices=[choice for choice in Category.choices if choice[0] != Category.COPYRIGHT],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("In your words"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "data-count": MOST_IN_REPORT}),
    )
    block = forms.BooleanField(
        label=_("Block this member too"),
        required=False,
        help_text=_("Neither of you sees the other any more. They are not told."),
    )

    parts = forms.MultipleChoiceField(
        label=_("What of the profile is it?"),
        choices=ProfilePart.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, can_block=True, of_profile=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not of_profile:
            del self.fields["parts"]
        if not (self.user.is_authenticated and can_block):
            del self.fields["block"]


GOOD_FAITH = _("I believe in good faith that this use is allowed by nobody: the owner, somebody for them, or the law.")
ACCURATE = _("What I say here is true. I am the owner of the right, or may act for the owner.")
BY_MISTAKE = _("I believe in good faith that my post was taken down by mistake, or was taken for something else.")
COURT = _("I accept that a court where I live, or where PixlPix is, decides if the other side takes me there.")


class NoticeMixin(SenderMixin):
    """What a notice and a counter-notice have in common, and how their fields are kept and read again."""

    # Fields of the law, in order, as they are kept in `Report.details`.
    asked = ()

    def clean_signature(self):
        signature, name = (" ".join(self.cleaned_data.get(field, "").split()) for field in ("signature", "name"))
        if signature.casefold() != name.casefold():
            raise ValidationError(_("Sign with your name as it stands above."))
        return signature

    def details(self):
        """What the law asks, as it is kept."""
        return {name: self.cleaned_data[name] for name in self.asked}


def name_field():
    return forms.CharField(
        label=_("Your full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


def contact_field():
    return forms.CharField(
        label=_("Your postal address and telephone number"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )


def signature_field():
    return forms.CharField(
        label=_("Signature"), max_length=200, help_text=_("Type your full name: it counts as your signature.")
    )


class CopyrightNoticeForm(NoticeMixin, forms.Form):
    """That a post shows somebody's work without their leave."""

    asked = ("name", "contact", "owner", "work", "original", "address", "good_faith", "accurate", "signature")

    name = name_field()
    contact = contact_field()
    owner = forms.CharField(
        label=_("Whose work it is"), max_length=200, required=False, help_text=_("Empty if it is yours.")
    )
    work = forms.CharField(
        label=_("The work"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Which work it is: its title, what it shows, when and where it was published."),
    )
    original = forms.URLField(
        label=_("Where the original can be seen"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )
    address = forms.CharField(
        label=_("Address of the post on PixlPix"),
        max_length=500,
        help_text=_("As it stands in your browser. One notice for each post, please."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url"}),
    )
    good_faith = forms.BooleanField(label=GOOD_FAITH)
    accurate = forms.BooleanField(label=ACCURATE)
    signature = signature_field()

    def path(self):
        """The path of the address that they gave, whatever host stands before it."""
        address = self.cleaned_data["address"].strip()
        try:
            return urlsplit(address if "//" in address or address.startswith("/") else f"//{address}").path
        except ValueError:
            return ""


class CounterNoticeForm(NoticeMixin, forms.Form):
    """That one's own post was taken down for somebody's copyright by mistake."""

    asked = ("name", "contact", "why", "mistake", "court", "signature")

    name = name_field()
    contact = contact_field()
    why = forms.CharField(
        label=_("Why you may show it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For instance: you took it yourself, you have a licence, or the law allows it."),
    )
    mistake = forms.BooleanField(label=BY_MISTAKE)
    court = forms.BooleanField(label=COURT)
    signature = signature_field()


LABELS = {
    name: field.label
    for form in (CopyrightNoticeForm, CounterNoticeForm)
    for name, field in form.base_fields.items()
    if name in form.asked
}


def details_in_words(details):
    """The fields of a notice as staff read them: [(label, value)], what was ticked as "Yes"."""
    if parts := [label for value, label in ProfilePart.choices if value in details.get("parts", ())]:
        return [(_("About"), ", ".join(str(part) for part in parts))]
    known = [(LABELS[name], value) for name, value in details.items() if name in LABELS and value not in ("", None)]
    return [(label, _("Yes") if value is True else value) for label, value in known]
