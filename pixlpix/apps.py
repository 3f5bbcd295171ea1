from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PixlPixConfig(AppConfig):
    name = "pixlpix"
    verbose_name = _("PixlPix")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community import operations

        from .backups import records

        operations.use(operations.KINDS, records.newest)
