from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WatchingConfig(AppConfig):
    name = "pixlpix.watching"
    verbose_name = _("Watching")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import checks, counting, queries, reporting, tasks  # noqa: F401  (checks registers what it declares)

        queries.connect()
        tasks.connect()
        counting.connect()
        reporting.start()
