"""Forms of the composer: several photographs with their words, as a new post, a draft, or a post that is published."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery import words
from gallery.imaging import PictureRefused, inspect
from gallery.licences import Licence
from gallery.making import MOST_PHOTOS
from gallery.models import Photo
from gallery.states import ProcessingState, TeamState, Visibility

from .forms_sharing import ACCEPT, BROKE_OFF, FORMATS, alt_text_field, caption_field, open_galleries
from .time_zones import zone_of
from .uploads import full, too_large

NEW = "+"  # the choice of a gallery that is still to be made; no address of a gallery looks like it
OPTIONS = ("caption", "sensitive", "sensitive_reason", "show_camera", "allow_download", "comments_off", "licence")


@dataclass
class Item:
    """One photo as its author edits it: the photo, its place from 1 and its fields. Where another one is to take its
    place, `replacement` is that photo: processing, or failed."""

    photo: Photo
    number: int
    last: bool
    alt_text: BoundField
    focus_x: BoundField
    focus_y: BoundField
    replacement: Photo | None = None

    @property
    def key(self):
        return self.photo.key

    @property
    def moving(self):
        """The photo whose state the author waits for."""
        return self.replacement or self.photo

    @property
    def state(self):
        return ProcessingState(self.moving.state)


class PicturesField(forms.FileField):
    """Several files; its value is a list. What is in them, the form looks at."""

    widget = forms.FileInput

    def clean(self, data, initial=None):
        return [one for one in data or [] if one]


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []


class OwnTimeField(forms.DateTimeField):
    """A time in the member's own zone, `zone`."""

    zone = None
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def prepare_value(self, value):
        with timezone.override(self.zone):
            return super().prepare_value(value)

    def to_python(self, value):
        with timezone.override(self.zone):
            return super().to_python(value)


class WordsForm(forms.Form):
    """What is said and decided about a post, and about each of its photos."""

    caption = caption_field()
    gallery = forms.ChoiceField(label=gettext_lazy("Gallery"), widget=forms.Select(attrs={"dir": "auto"}))
    new_gallery = forms.CharField(
        label=gettext_lazy("Name of the new gallery"),
        required=False,
        max_length=words.MOST_IN_GALLERY_NAME,
        help_text=gettext_lazy("Needed only where you chose “A new gallery”."),
    )
    sensitive = forms.BooleanField(
        label=gettext_lazy("Sensitive: not everybody wants to see this unasked"),
        required=False,
        help_text=gettext_lazy("It is blurred until somebody asks for it, in lists and link previews too."),
    )
    sensitive_reason = forms.CharField(
        label=gettext_lazy("What to expect"),
        required=False,
        max_length=words.MOST_IN_SENSITIVE_REASON,
        help_text=gettext_lazy("A few words that help people to decide, such as “surgery” or “a dead animal”."),
    )
    show_camera = forms.BooleanField(
        label=gettext_lazy("Show camera, lens and exposure"),
        required=False,
        help_text=gettext_lazy("Never the place."),
    )
    allow_download = forms.BooleanField(label=gettext_lazy("Others may download the largest copy"), required=False)
    comments_off = forms.BooleanField(label=gettext_lazy("No comments"), required=False)
    # Not required: what was not sent stays as it is.
    visibility = forms.ChoiceField(label=gettext_lazy("Who can see it"), choices=Visibility.choices, required=False)
    licence = forms.ChoiceField(
        label=gettext_lazy("Licence"),
        choices=Licence.choices,
        required=False,
        help_text=gettext_lazy("What others may do with the pictures. It is shown beside the post."),
    )

    def __init__(self, *args, user, post=None, gallery="", needs_gallery=True, **kwargs):
        """`gallery` is the slug that is chosen at first; `needs_gallery` False lets the name of a new one be half typed."""
        super().__init__(*args, **kwargs)
        self.user, self.post, self.needs_gallery = user, post, needs_gallery
        self.galleries = {str(gallery.gallery_slug): gallery for gallery in open_galleries(user)}
        choices = [(slug, gallery.title) for slug, gallery in self.galleries.items()]
        self.fields["gallery"].choices = [*choices, (NEW, _("A new gallery …"))]
        self.fields["gallery"].initial = gallery
        self.fields["visibility"].initial = Visibility.FOLLOWERS if user.is_private else Visibility.PUBLIC
        self.fields["licence"].initial = Licence.ALL_RIGHTS
        if post is not None:
            for name in (*OPTIONS, "visibility"):
                self.fields[name].initial = getattr(post, name)
            self.fields["gallery"].initial = post.gallery.gallery_slug
            # Nothing leaves a gallery that the team took down.
            if post.gallery.team_state != TeamState.NONE:
                del self.fields["gallery"], self.fields["new_gallery"]
        self.photos, self.replacements = photos_of(post)
        for photo in self.photos:
            x, y = focus_of(photo.picture)
            self.fields[f"alt_text_{photo.key}"] = alt_text_field(initial=photo.alt_text)
            self.fields[f"focus_x_{photo.key}"] = per_cent_field(_("From the left, in per cent"), x)
            self.fields[f"focus_y_{photo.key}"] = per_cent_field(_("From the top, in per cent"), y)

    def clean_licence(self):
        return self.cleaned_data["licence"] or (self.post.licence if self.post else Licence.ALL_RIGHTS)

    def clean_visibility(self):
        return self.cleaned_data["visibility"] or (self.post.visibility if self.post else None)

    def clean_gallery(self):
        # None is the new one.
        return self.galleries.get(self.cleaned_data["gallery"])

    def clean(self):
        cleaned = super().clean()
        missing = "gallery" in cleaned and cleaned["gallery"] is None and not cleaned.get("new_gallery", "").strip()
        if missing and self.needs_gallery:
            self.add_error("new_gallery", _("Give the gallery a name."))
        return cleaned

    def items(self):
        """The post's photos in order, as a list of Item. Asks nothing of the database."""
        return [
            Item(
                photo,
                number,
                number == len(self.photos),
                self[f"alt_text_{photo.key}"],
                self[f"focus_x_{photo.key}"],
                self[f"focus_y_{photo.key}"],
                self.replacements.get(photo.pk),
            )
            for number, photo in enumerate(self.photos, start=1)
        ]

    def without_description(self):
        """How many photos have no alternative text yet."""
        return sum(not photo.alt_text for photo in self.photos)

    def changed_options(self):
        """{name: value} of the post's own columns that were changed. What was not sent stays as it is."""
        answers = self.cleaned_data
        return {name: answers[name] for name in OPTIONS if answers[name] != getattr(self.post, name)}

    def changed_alt_texts(self):
        """{photo: text}. A photo that the page did not have when it was sent keeps its words."""
        sent = {photo: f"alt_text_{photo.key}" for photo in self.photos if f"alt_text_{photo.key}" in self.data}
        return {
            photo: self.cleaned_data[name] for photo, name in sent.items() if self.cleaned_data[name] != photo.alt_text
        }

    def changed_focus(self):
        """{photo: (x, y)} in per cent, of photos whose point was changed to one with both numbers."""
        changed = {}
        for photo in self.photos:
            point = self.cleaned_data.get(f"focus_x_{photo.key}"), self.cleaned_data.get(f"focus_y_{photo.key}")
            if None not in point and point != focus_of(photo.picture):
                changed[photo] = point
        return changed


def focus_of(picture):
    """The middle of what matters most in a picture, (x, y) in per cent from its left and its top; (None, None) for none."""
    if not picture.has_focal_point():
        return None, None
    return round(100 * picture.focal_point_x / picture.width), round(100 * picture.focal_point_y / picture.height)


def per_cent_field(label, initial):
    return forms.IntegerField(
        label=label,
        initial=initial,
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def photos_of(post):
    """(photos in order, {primary key of a photo: the photo that is to take its place}), with pictures and renditions.
    2 queries; nothing for no post."""
    if post is None:
        return [], {}
    current = post.photos.current().select_related("picture").prefetch_related("picture__renditions")
    current = list(current.order_by("position"))
    waiting = {photo.replaces_id: photo for photo in current if not photo.is_in_place}
    return [photo for photo in current if photo.is_in_place], waiting


class ComposerForm(WordsForm):
    """Photographs and words together: what /share/ takes in one go, and what a draft's page and the edit page take more of.

    `kept` are the files that can be shared; what is wrong with the others is in `refused`, a list of messages. Files of
    which none can be shared are an error of the field `picture`.
    """

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    picture = PicturesField(label=gettext_lazy("Photographs"), required=False)
    alt_text = alt_text_field(
        help_text=gettext_lazy("One sentence is enough. Sharing several? Choose “Describe each first”.")
    )
    separately = forms.TypedChoiceField(
        label=gettext_lazy("Several photographs become"),
        choices=[("", gettext_lazy("one post")), ("1", gettext_lazy("a post each"))],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    scheduled_for = OwnTimeField(label=gettext_lazy("Publish it by itself at"), required=False)
    # Stands last in the form, behind the files: an upload that broke off on the way does not have it.
    complete = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, request, **kwargs):
        self.request, self.kept, self.refused = request, [], []
        super().__init__(*args, user=request.user, **kwargs)
        self.fields["complete"].initial = "1"
        self.zone = zone_of(request.user)
        self.fields["scheduled_for"].zone = self.zone
        self.fields["scheduled_for"].help_text = _("In your time zone: %(zone)s.") % {"zone": self.zone.key}
        field = self.fields["picture"]
        field.widget = ManyFiles(attrs={"accept": ACCEPT, "multiple": True, "data-most": settings.UPLOAD_MAX_BYTES})
        field.help_text = _("%(formats)s. Up to %(most)s photos, %(limit)s each.") % {
            "formats": FORMATS,
            "most": MOST_PHOTOS,
            "limit": filesizeformat(settings.UPLOAD_MAX_BYTES),
        }
        self.at_once, self.too_large = settings.UPLOAD_FORM_MAX_BYTES, too_large()
        if self.post is not None:
            del self.fields["token"], self.fields["alt_text"]
            self.fields["scheduled_for"].initial = self.post.scheduled_for
            if not self.post.is_draft:
                del self.fields["separately"], self.fields["scheduled_for"]

    def clean(self):
        cleaned = super().clean()
        arrivals = self.request.arrivals
        if arrivals.names and not self.data.get("complete"):
            self.add_error("picture", BROKE_OFF)
            return cleaned
        self.refused = [arrivals.said_of(place, message) for place, message in sorted(arrivals.refused.items())]
        for place, file in zip(arrivals.kept(), cleaned.get("picture", []), strict=False):
            if message := wrong_with(file):
                self.refused.append(arrivals.said_of(place, message))
            elif len(self.kept) + len(self.photos) >= MOST_PHOTOS:
                self.refused.append(arrivals.said_of(place, full()))
            else:
                self.kept.append(file)
        if self.refused and not self.kept:
            self.add_error("picture", self.refused)
        elif self.post is None and not self.kept:
            self.add_error("picture", _("Choose a photograph first."))
        return cleaned


def wrong_with(file):
    """What is wrong with an uploaded file, in words; None where it is a picture that we take."""
    if not file.size:
        return _("This file is empty. Please choose another one.")
    try:
        inspect(file)
    except PictureRefused as refusal:
        return str(refusal.message)
    return None
