from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Front page and editorial pages")

    def ready(self):
        from . import addresses  # noqa: F401  (registers where the front page and the sitemap show posts)
