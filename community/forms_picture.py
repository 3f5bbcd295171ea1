"""Forms on one's profile picture: a file, and the square that is cut from it."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.actions.receive_upload import taken

from .forms_sharing import UploadForm
from .uploads import too_large


class SquareForm(forms.Form):
    """The square, in pixels of the upright picture. Empty without scripts: then it is the largest one in the middle."""

    left = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    top = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    side = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if any(name in self.errors for name in ("left", "top", "side")):
            self.add_error(None, _("This square cannot be cut. Please choose it once more."))
        return cleaned

    def square(self):
        """(left, top, side) as the actions take it."""
        return tuple(self.cleaned_data.get(name) or 0 for name in ("left", "top", "side"))


class PictureForm(UploadForm, SquareForm):
    """Choose a profile picture: a file, or the key of an upload that a script has sent in parts."""

    upload = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ["left", "top", "side", "upload", "picture", "complete"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["picture"]
        field.label = gettext_lazy("Choose a picture")
        field.error_messages["required"] = _("Choose a picture first.")
        field.required = not self.data.get("upload")
        field.widget.attrs |= {"data-most": settings.UPLOAD_MAX_BYTES, "data-too-large": too_large()}

    def clean_picture(self):
        return super().clean_picture() if self.cleaned_data["picture"] else None

    def clean(self):
        cleaned = super().clean()
        if key := cleaned.get("upload"):
            try:
                cleaned["original"] = taken(key, self.request.user)
            except forms.ValidationError as refusal:
                self.add_error("picture", refusal)
        return cleaned
