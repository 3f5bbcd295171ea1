"""The image library: editorial pictures alone. Members' pictures are looked at and removed where they belong.

The permission policy (`picture_policy.py`) keeps members' out of listings and choosers; here, the addresses that name
one picture lead to its post, or of a profile picture to its member, and deleting one takes the post or picture down.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import FileField
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm, URLGeneratorForm
from wagtail.images.models import Filter
from wagtail.images.views import images, multiple
from wagtail.images.views.bulk_actions import AddTagsBulkAction, AddToCollectionBulkAction, DeleteBulkAction
from wagtail.permissions import policy_registry

from gallery import permissions
from gallery.actions.take_down_in_admin import take_down_in_admin
from gallery.imaging import PictureRefused, inspect
from gallery.models import Picture
from gallery.models.pictures import PictureKind
from gallery.publication import close_picture_publication
from gallery.states import TeamState

from ..actions.take_down_avatar import take_down_avatar
from ..models import Avatar
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
                close_picture_publication(self.instance)
            return super().save(commit=commit)


# --- Addresses that name one picture ----------------------------------------------------------------------------------


def owner_of(image_id):
    """The post, or the Avatar, that a member's picture belongs to, for the guards below; None for an editorial one.

    Raises Http404 for one that belongs to nothing.
    """
    pictures = Picture.objects.filter(pk=image_id).exclude(kind=PictureKind.EDITORIAL)
    picture = pictures.select_related("photo__post", "avatar__user", "original").first()
    if picture is None:
        return None
    if hasattr(picture, "photo"):
        return picture.photo.post
    if hasattr(picture, "avatar"):
        return picture.avatar
    raise Http404


def guarded(view, *, removes=False):
    """`view` for an editorial picture. A member's leads to its post or member; where it `removes`, sending takes it down."""

    def guard(request, *args, **kwargs):
        owner = owner_of(kwargs["image_id"])
        if owner is None:
            return view(request, *args, **kwargs)
        if not permissions.may_look(request.user):
            raise Http404
        if request.method == "POST":
            if not removes:
                raise PermissionDenied(_("A member's picture is not changed."))
            remove_in_library(owner, by=request.user)
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                return JsonResponse({"success": True, "image_id": kwargs["image_id"]})
            messages.success(request, _("It is taken down, with the reason “Removed in the admin”."))
        return redirect(place_of(owner))

    return guard


def preview(request, image_id, filter_spec):
    """Leads to the rendition that `filter_spec` asks for: Wagtail's view decodes the original in the web process."""
    picture = get_object_or_404(Picture, pk=image_id)
    if not policy_registry.get_by_type(Picture).user_has_permission_for_instance(request.user, "change", picture):
        raise PermissionDenied
    try:
        operations = Filter(spec=filter_spec).operations
    except InvalidFilterSpecError:
        operations = []
    if not operations or any(one.method not in URLGeneratorForm.FilterChoices.values for one in operations):
        return HttpResponseBadRequest(_("There is no such size."), content_type="text/plain")
    return redirect(picture.get_rendition(filter_spec).url)


def place_of(owner):
    """Where the console shows a post, or the member of an Avatar."""
    if isinstance(owner, Avatar):
        return reverse("console_members:member", args=[owner.user.username])
    return console_address(owner)


def remove_in_library(owner, *, by):
    """Take the post or profile picture down whose picture staff deleted in the image library."""
    if not permissions.may_take_down(by):
        raise PermissionDenied(_("Only moderators and administrators take posts and pictures down."))
    if not isinstance(owner, Avatar):
        take_down_in_admin(owner, by=by)
    elif owner.team_state == TeamState.NONE:
        take_down_avatar(owner, by=by, reason=_("Removed in the admin"))


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
                    path(f"{one}preview/<str:filter_spec>/", guarded(preview)),
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
    """Delete, in the image library's listing: members' pictures, or the posts they are in, are taken down."""

    def check_perm(self, picture):
        return super().check_perm(picture) if picture.is_editorial else permissions.may_take_down(self.request.user)

    def get_execution_context(self):
        return {**super().get_execution_context(), "user": self.request.user}

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        for picture in objects:
            if not picture.is_editorial:
                remove_in_library(owner_of(picture.pk), by=user)
        editorial = [picture for picture in objects if picture.is_editorial]
        super().execute_action(editorial, **kwargs)
        return len(objects), 0


BULK_ACTIONS = [AddTagsToPictures, AddPicturesToCollection, DeletePictures]


# --- A staff member's own account -------------------------------------------------------------------------------------


class AccountWithoutPicture(AccountView):
    """Wagtail's page of one's own account, without its profile picture: that would be decoded in the web process, by
    whatever decoder a file asks for. Staff have the profile picture of their membership."""

    def get_panels(self):
        return [panel for panel in super().get_panels() if panel.name != "avatar"]


account = never_cache(require_admin_access(AccountWithoutPicture.as_view()))
