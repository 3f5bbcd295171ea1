"""The image library: editorial pictures alone. Members' pictures are their posts' and are looked at and removed there.

The permission policy (`library_policy.py`) keeps members' out of listings and choosers; here, the addresses that name
one picture lead to its post, and deleting one takes its post down.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import FileField
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtail.images.views import images, multiple
from wagtail.images.views.bulk_actions import AddTagsBulkAction, AddToCollectionBulkAction, DeleteBulkAction

from gallery import permissions
from gallery.actions.take_down_in_admin import take_down_in_admin
from gallery.imaging import PictureRefused, inspect
from gallery.models import Picture
from gallery.models.pictures import PictureKind
from gallery.publication import withdraw_editorial_picture

from .tree import console_address

# --- Uploading --------------------------------------------------------------------------------------------------------


class PictureField(WagtailImageField):
    """A file looked at by our own list of formats and limits, from its head; Wagtail's field decodes all of anything."""

    def to_python(self, data):
        file = FileField.to_python(self, data)
        if file is None:
            return None
        try:
            inspect(file)
        except PictureRefused as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        return file


class EditorialPictureForm(BaseImageForm):
    """The form of an editorial picture, wherever Wagtail shows one: `WAGTAILIMAGES_IMAGE_FORM_BASE` names it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            theirs = self.fields["file"]
            self.fields["file"] = PictureField(
                label=theirs.label, required=theirs.required, widget=theirs.widget, help_text=theirs.help_text
            )

    def save(self, commit=True):
        """Save; a file that takes the place of another one also takes that one's public files away."""
        with transaction.atomic():
            if self.instance.pk and "file" in self.changed_data:
                withdraw_editorial_picture(self.instance)
            return super().save(commit=commit)


# --- Addresses that name one picture ----------------------------------------------------------------------------------


def post_of(image_id):
    """The post of a member's picture, for the guards below; None for an editorial one. Raises Http404 for a lost one."""
    picture = Picture.objects.filter(pk=image_id).exclude(kind=PictureKind.EDITORIAL).select_related("photo__post")
    picture = picture.first()
    if picture is None:
        return None
    if not hasattr(picture, "photo"):
        raise Http404
    return picture.photo.post


def guarded(view, *, removes=False):
    """`view` for an editorial picture. A member's leads to its post; where the view `removes`, sending takes that down."""

    def guard(request, *args, **kwargs):
        post = post_of(kwargs["image_id"])
        if post is None:
            return view(request, *args, **kwargs)
        if not permissions.may_look(request.user):
            raise Http404
        if request.method == "POST":
            if not removes:
                raise PermissionDenied(_("A member's picture is not changed."))
            remove_in_library(post, by=request.user)
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                return JsonResponse({"success": True, "image_id": kwargs["image_id"]})
            messages.success(request, _("Its post is taken down, with the reason “Removed in the admin”."))
        return redirect(console_address(post))

    return guard


def remove_in_library(post, *, by):
    """Take the post down whose picture staff deleted in the image library."""
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators take posts down."))
    take_down_in_admin(post, by=by)


def guarded_addresses():
    """Hook `register_admin_urls`, before Wagtail's own: the addresses of the image library that name one picture."""
    one = "<int:image_id>/"
    return [
        path(
            "images/",
            include(
                [
                    path(one, guarded(images.EditView.as_view())),
                    path(f"{one}delete/", guarded(images.DeleteView.as_view(), removes=True)),
                    path(f"{one}preview/<str:filter_spec>/", guarded(images.preview)),
                    path(f"{one}generate_url/", guarded(images.URLGeneratorView.as_view())),
                    path(f"{one}generate_url/output/", guarded(images.URLGeneratorView.as_view(output_only=True))),
                    path(f"usage/{one}", guarded(images.UsageView.as_view())),
                    path(f"multiple/{one}", guarded(multiple.EditView.as_view())),
                    path(f"multiple/{one}delete/", guarded(multiple.DeleteView.as_view(), removes=True)),
                ]
            ),
        )
    ]


class EditorialPictures:
    """Bulk actions name what they cannot act on: members' pictures are not named to those who may not look."""

    def get_actionable_objects(self):
        pictures, others = super().get_actionable_objects()
        if not permissions.may_look(self.request.user):
            left_out = others["items_with_no_access"]
            others["items_with_no_access"] = [picture for picture in left_out if picture.is_editorial]
        return pictures, others


class AddTagsToPictures(EditorialPictures, AddTagsBulkAction):
    """Add tags, in the image library's listing."""


class AddPicturesToCollection(EditorialPictures, AddToCollectionBulkAction):
    """Add to collection, in the image library's listing."""


class DeletePictures(EditorialPictures, DeleteBulkAction):
    """Delete, in the image library's listing: members' pictures have their posts taken down."""

    def check_perm(self, picture):
        return super().check_perm(picture) if picture.is_editorial else permissions.may_take_down(self.request.user)

    def get_execution_context(self):
        return {**super().get_execution_context(), "user": self.request.user}

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        for picture in objects:
            if not picture.is_editorial:
                remove_in_library(post_of(picture.pk), by=user)
        editorial = [picture for picture in objects if picture.is_editorial]
        super().execute_action(editorial, **kwargs)
        return len(objects), 0


BULK_ACTIONS = [AddTagsToPictures, AddPicturesToCollection, DeletePictures]
