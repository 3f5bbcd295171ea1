"""Forms on sharing: a file, galleries, and the words that a post has."""

from django import forms
from django.conf import settings
from django.core import signing
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery import words
from gallery.ids import new_short_id
from gallery.imaging import PictureRefused, inspect
from gallery.models import GalleryPage
from gallery.models.pages import GalleryOrder
from gallery.states import Visibility

from .visibility import members_for

SALT = "community.share"
# Browsers that do not know a type by its name know it by its ending.
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif,image/avif,.heic,.heif,.avif"
FORMATS = "JPEG, PNG, WebP, HEIC, AVIF, GIF"
BROKE_OFF = gettext_lazy("The upload broke off on its way. Please choose the file again and try once more.")


def new_token(user):
    """A token for one form, good for one post: a short id that was drawn for this member."""
    return signing.dumps([user.pk, new_short_id()], salt=SALT)


def short_id_of(token, user):
    """The short id of a form's token; a fresh one where the token is not this member's, or none."""
    try:
        owner, short_id = signing.loads(token or "", salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return new_short_id()
    return short_id if owner == user.pk else new_short_id()


def open_galleries(user):
    """The galleries into which a member can put posts, in their order, by name where they made none."""
    return GalleryPage.objects.open().filter(author=user).select_related("author").order_by("position", "title", "pk")


class UploadForm(forms.Form):
    """A file field that says kindly what is wrong with a file, from its head and without decoding it.

    For a view that `community.uploads.takes_upload` decorates.
    """

    picture = forms.FileField(
        label=gettext_lazy("Photograph"),
        error_messages={
            "required": gettext_lazy("Choose a photograph first."),
            "empty": gettext_lazy("This file is empty. Please choose another one."),
        },
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    # Stands last in the form, behind the file: an upload that broke off on the way does not have it.
    complete = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, request, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)
        self.fields["complete"].initial = "1"
        self.fields["picture"].help_text = _("%(formats)s, up to %(limit)s.") % {
            "formats": FORMATS,
            "limit": filesizeformat(settings.UPLOAD_MAX_BYTES),
        }

    def clean_picture(self):
        picture = self.cleaned_data["picture"]
        try:
            inspect(picture)
        except PictureRefused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
        return picture

    def clean(self):
        cleaned = super().clean()
        if self.request.arrivals.refused:
            self.errors.pop("picture", None)
            self.add_error("picture", list(self.request.arrivals.refused.values()))
        elif not self.data.get("complete"):
            self.errors.pop("picture", None)
            self.add_error("picture", BROKE_OFF)
        return cleaned


class GalleryChoice(forms.ModelChoiceField):
    """One of a member's own open galleries."""

    def __init__(self, **options):
        options.setdefault("label", gettext_lazy("Gallery"))
        options.setdefault("widget", forms.Select(attrs={"dir": "auto"}))
        super().__init__(queryset=GalleryPage.objects.none(), empty_label=None, **options)

    def label_from_instance(self, gallery):
        return gallery.title


def caption_field():
    return forms.CharField(
        label=gettext_lazy("Caption"),
        required=False,
        max_length=words.MOST_IN_CAPTION,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": words.MOST_IN_CAPTION}),
    )


def alt_text_field(**options):
    return forms.CharField(
        label=gettext_lazy("Describe it for people who cannot see it"),
        required=False,
        max_length=words.MOST_IN_ALT_TEXT,
        widget=forms.Textarea(
            attrs={"rows": 2, "class": "short", "placeholder": gettext_lazy("What is in the picture?")}
        ),
        **options,
    )


class ChooseGalleryForm(forms.Form):
    """Into which gallery a post goes."""

    gallery = GalleryChoice(to_field_name="gallery_slug")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["gallery"].queryset = open_galleries(user)


class GalleryForm(forms.Form):
    """Name and describe a gallery; choose whom it is for and in which order its posts stand."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=words.MOST_IN_GALLERY_NAME)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=words.MOST_IN_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": words.MOST_IN_DESCRIPTION}),
    )
    # Left out, both stay as they are.
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who can see it"),
        choices=Visibility.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A post in it is for whom both it and its gallery are."),
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order of the posts"),
        choices=GalleryOrder.choices,
        required=False,
        widget=forms.RadioSelect,
    )


class InviteForm(forms.Form):
    """Whom to invite to a shared gallery, by username; cleaned, a member whom `viewer` may see."""

    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=31,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_username(self):
        name = self.cleaned_data["username"].strip().removeprefix("@").lower()
        found = members_for(self.viewer).filter(username=name).first()
        if found is None:
            raise forms.ValidationError(_("There is nobody of that name."))
        return found


class DeleteGalleryForm(forms.Form):
    """Where the posts of a gallery go that is being deleted: into another one, or away with it."""

    WITHDRAW = "-"  # no address of a gallery looks like it

    posts = forms.ChoiceField(label=gettext_lazy("What happens to its posts?"), widget=forms.RadioSelect)

    def __init__(self, *args, gallery, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = {other.gallery_slug: other for other in open_galleries(gallery.author) if other.pk != gallery.pk}
        moves = [(slug, _("Move them to “%(name)s”") % {"name": other.title}) for slug, other in self.others.items()]
        self.fields["posts"].choices = [*moves, (self.WITHDRAW, _("Delete them all with it"))]

    def target(self):
        """The gallery that the posts move to; None where they are deleted."""
        return self.others.get(self.cleaned_data["posts"])
