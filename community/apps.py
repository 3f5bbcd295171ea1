from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self):
        from . import checks  # noqa: F401  (registers the checks)


class StaffUsersConfig(WagtailUsersAppConfig):
    """wagtail.users with our own views of people: nobody is added, deleted or deactivated in Wagtail's forms."""

    default = False
