from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class OneLanguage:
    """Wagtail's Locale as far as the frame of its admin reads it, `objects.all()`, without a query."""

    class objects:
        @staticmethod
        def all():
            from wagtail.models import Locale

            return [Locale(language_code=settings.LANGUAGES[0][0])]


class CommunityConfig(AppConfig):
    # Said aloud, because this module imports another configuration: Django would take neither, and run no `ready`.
    default = True
    name = "community"
    verbose_name = _("Community")

    def ready(self):
        from django.db.models.signals import post_migrate
        from wagtail.admin.templatetags import wagtailadmin_tags

        from . import addresses, checks, erasing, evidence, freezing, listed_counts, mentioning, reconcile, signals  # noqa: F401  (each registers what it declares)

        # Each page of the console would ask the database for the languages of its content, of which there is one.
        wagtailadmin_tags.Locale = OneLanguage
        evidence.register()
        erasing.register()
        freezing.connect()
        reconcile.register()
        mentioning.connect()
        post_migrate.connect(listed_counts.mend_after_migrate, sender=self, dispatch_uid="community.listed_counts")


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

        from .admin.picture_policy import EditorialPicturePolicy

        # After Wagtail's own, which it replaces.
        register_permission_policy(Picture, EditorialPicturePolicy())
