"""What the composer and the edit page do with a post: save its words, take files, and carry out what a button says."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404

from gallery.actions.add_photo import add_photo
from gallery.actions.create_gallery import create_gallery
from gallery.actions.edit_post import edit_post
from gallery.actions.move_post import move_post
from gallery.actions.remove_photo import remove_photo
from gallery.actions.reorder_photos import reorder_photos
from gallery.actions.retry_photo import retry_photo
from gallery.actions.set_focus import set_focus
from gallery.actions.set_visibility import set_visibility
from gallery.actions.store_original import store_original
from gallery.imaging import PictureRefused

from .forms_composer import photos_of

# Fields of forms that actions call otherwise.
FIELDS = {"pictures": "picture", "name": "new_gallery"}
# What actions raise to say what cannot be done, in words for people.
REFUSALS = (PermissionDenied, ValidationError, PictureRefused)


@dataclass(frozen=True)
class Wish:
    """What a button of the form asks for, from its value: "publish", "remove:7Hq2mXk9Ta", "place:7Hq2mXk9Ta:3"."""

    act: str
    key: str = ""
    place: str = ""

    @classmethod
    def of(cls, value):
        return cls(*(value or "save").split(":", 2))


def save_words(post, form, *, by, new_gallery=True):
    """Save what a valid `form` (WordsForm) says of `post`, where it differs from what there is; returns the post.

    `new_gallery` False leaves a gallery that is still to be made for later: its name may be half typed. Raises
    PermissionDenied, or ValidationError by field.
    """
    options, alt_texts = form.changed_options(), form.changed_alt_texts()
    if options or alt_texts:
        post = edit_post(post, by=by, alt_texts={photo.key: text for photo, text in alt_texts.items()}, **options)
    visibility = form.cleaned_data.get("visibility")
    if visibility and visibility != post.visibility:
        post = set_visibility(post, by=by, visibility=visibility)
    for photo, (x, y) in form.changed_focus().items():
        set_focus(photo, by=by, x=x, y=y)
    if "gallery" not in form.fields:
        return post
    gallery = form.cleaned_data["gallery"]
    if gallery is None and new_gallery:
        gallery = create_gallery(by, form.cleaned_data["new_gallery"])
    if gallery is not None and gallery.pk != post.gallery_id:
        post = move_post(post, gallery, by=by)
    return post


def take_files(post, files, *, by):
    """Put uploaded `files` at the end of `post`. Raises PermissionDenied, ValidationError or PictureRefused."""
    for file in files:
        add_photo(post, store_original(file, by=by), by=by)


def own_photo(post, key):
    """The photo of `post` with this key that is in it now; Http404 for any other."""
    return get_object_or_404(post.photos.current().select_related("picture", "post"), key=key)


def carry_out(post, wish, *, by):
    """Do what a button beside a photo asks for: "place", "remove" or "retry". Raises Http404 for what there is none of."""
    photo = own_photo(post, wish.key)
    if wish.act == "place":
        place_photo(post, photo, wish.place, by=by)
    elif wish.act == "remove":
        remove_photo(photo, by=by)
    elif wish.act == "retry":
        retry_photo(photo, by=by)
    else:
        raise Http404


def place_photo(post, photo, place, *, by):
    """Put `photo` at `place`, counted from 0; pressed twice, it stays there."""
    keys = [one.key for one in photos_of(post)[0]]
    if not place.isdecimal() or photo.key not in keys:
        raise Http404
    keys.remove(photo.key)
    keys.insert(int(place[:4]), photo.key)
    reorder_photos(post, keys, by=by)


def messages_of(refusal):
    """What a PermissionDenied, ValidationError or PictureRefused says, as a list of texts for people."""
    if isinstance(refusal, ValidationError):
        return list(refusal.messages)
    return [str(getattr(refusal, "message", None) or refusal)]


def add_refusal(form, refusal):
    """Put what an action refused into `form`, beside the field that it names where the form has that one."""
    if isinstance(refusal, ValidationError) and hasattr(refusal, "error_dict"):
        by_field = {FIELDS.get(name, name): errors for name, errors in refusal.error_dict.items()}
        known = {name: errors for name, errors in by_field.items() if name in form.fields}
        others = [error for name, errors in by_field.items() if name not in known for error in errors]
        for name, errors in known.items():
            form.add_error(name, errors)
        if others:
            form.add_error(None, others)
    else:
        form.add_error(None, messages_of(refusal))
