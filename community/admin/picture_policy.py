"""Permissions in the image library. Wagtail's views ask them for every listing, chooser and picture."""

from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from gallery.models import Picture
from gallery.models.pictures import PictureKind


class EditorialPicturePolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's permissions on images, which nobody has on a member's picture."""

    def __init__(self):
        super().__init__(Picture, auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user")

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return instance.is_editorial and super().user_has_any_permission_for_instance(user, actions, instance)

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def instances_user_has_any_permission_for(self, user, actions):
        return super().instances_user_has_any_permission_for(user, actions).filter(kind=PictureKind.EDITORIAL)
