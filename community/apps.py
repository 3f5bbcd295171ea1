from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CommunityConfig(AppConfig):
    # Said aloud, because this module imports another configuration: Django would take neither, and run no `ready`.
    default = True
    name = "community"
    verbose_name = _("Community")

    def ready(self):
        from . import addresses, checks, signals  # noqa: F401  (each registers what it declares)


class StaffUsersConfig(WagtailUsersAppConfig):
    """wagtail.users with our own views of people: nobody is added, deleted or deactivated in Wagtail's forms."""

    default = False
    user_viewset = "community.admin.users.StaffUserViewSet"


class ImageLibraryConfig(WagtailImagesAppConfig):
    """wagtail.images with our own permissions: nobody has any on a member's picture."""

    default = False

    def ready(self):
        super().ready()
        from wagtail.permissions import register_permission_policy

        from gallery.models import Picture

        from .admin.library_policy import EditorialPicturePolicy

        # After Wagtail's own, which it replaces.
        register_permission_policy(Picture, EditorialPicturePolicy())
