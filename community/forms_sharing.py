"""Forms on sharing: a photograph, its words, galleries."""

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
from gallery.states import TeamState

SALT = "community.share"
NEW = "+"  # the choice of a gallery that is still to be made; no address of a gallery looks like it
ACCEPT = "image/jpeg,image/png,image/webp"


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
    """The galleries into which a member can put posts, by name."""
    return GalleryPage.objects.open().filter(author=user).select_related("author").order_by("title", "pk")


class UploadForm(forms.Form):
    """A file field that says kindly what is wrong with a file, from its head and without decoding it."""

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
        self.fields["picture"].widget.attrs["data-most"] = settings.UPLOAD_MAX_BYTES
        limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
        self.fields["picture"].widget.attrs["data-too-large"] = self.too_large
        self.fields["picture"].help_text = _("JPEG, PNG or WebP, up to %(limit)s.") % {"limit": limit}

    @property
    def too_large(self):
        limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
        return _("This file is larger than %(limit)s. Please choose a smaller one.") % {"limit": limit}

    def clean_picture(self):
        picture = self.cleaned_data["picture"]
        try:
            inspect(picture)
        except PictureRefused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
        return picture

    def clean(self):
        cleaned = super().clean()
        if getattr(self.request, "upload_too_large", False):
            self.errors.pop("picture", None)
            self.add_error("picture", self.too_large)
        elif not self.data.get("complete"):
            self.errors.pop("picture", None)
            self.add_error(
                "picture", _("The upload broke off on its way. Please choose the file again and try once more.")
            )
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
        help_text=gettext_lazy("One sentence on what is in the picture is enough. It also helps others to find it."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
        **options,
    )


class ShareForm(UploadForm):
    """Share one photograph."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    caption = caption_field()
    alt_text = alt_text_field()
    gallery = forms.ChoiceField(label=gettext_lazy("Gallery"), widget=forms.Select(attrs={"dir": "auto"}))
    new_gallery = forms.CharField(
        label=gettext_lazy("Name of the new gallery"),
        required=False,
        max_length=words.MOST_IN_GALLERY_NAME,
        help_text=gettext_lazy("Needed only where you chose “A new gallery”."),
    )
    field_order = ["token", "picture", "alt_text", "caption", "gallery", "new_gallery", "complete"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.galleries = {str(gallery.gallery_slug): gallery for gallery in open_galleries(user)}
        choices = [(slug, gallery.title) for slug, gallery in self.galleries.items()]
        self.fields["gallery"].choices = [*choices, (NEW, _("A new gallery …"))]

    def clean_gallery(self):
        # None is the new one.
        return self.galleries.get(self.cleaned_data["gallery"])

    def clean(self):
        cleaned = super().clean()
        if "gallery" in cleaned and cleaned["gallery"] is None and not cleaned.get("new_gallery", "").strip():
            self.add_error("new_gallery", _("Give the gallery a name."))
        return cleaned


class EditPostForm(forms.Form):
    """A post's caption, the alternative text of each photo, and its gallery."""

    caption = caption_field()

    def __init__(self, *args, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.post = post
        self.photos = list(post.photos.select_related("picture").order_by("position"))
        self.fields["caption"].initial = post.caption
        for number, photo in enumerate(self.photos, start=1):
            self.fields[f"alt_text_{number}"] = alt_text_field(initial=photo.alt_text)
        # Nothing leaves a gallery that the team took down.
        if post.gallery.team_state == TeamState.NONE:
            self.fields["gallery"] = GalleryChoice(to_field_name="gallery_slug")
            self.fields["gallery"].queryset = open_galleries(post.author)
            self.fields["gallery"].initial = post.gallery.gallery_slug

    def alt_texts(self):
        """{photo's primary key: text}, as the action wants it."""
        return {photo.pk: self.cleaned_data[f"alt_text_{number}"] for number, photo in enumerate(self.photos, start=1)}


class ChooseGalleryForm(forms.Form):
    """Into which gallery a post goes."""

    gallery = GalleryChoice(to_field_name="gallery_slug")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["gallery"].queryset = open_galleries(user)


class GalleryForm(forms.Form):
    """Name and describe a gallery."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=words.MOST_IN_GALLERY_NAME)
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=words.MOST_IN_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": words.MOST_IN_DESCRIPTION}),
    )


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
