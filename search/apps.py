from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Finding posts")

    def ready(self):
        from community.admin import finding

        from . import addresses  # noqa: F401 (registers where search shows posts)
        from .checks import check_search_is_installed
        from .signals import keep_names_after_save, mend_after_migrate

        checks.register(check_search_is_installed, checks.Tags.database)
        finding.use(find_any)
        post_migrate.connect(mend_after_migrate, sender=self, dispatch_uid="search.mend")
        post_save.connect(keep_names_after_save, sender=settings.AUTH_USER_MODEL, dispatch_uid="search.names")


def find_any(text, posts, cursor, size):
    """Find posts by caption for the console: whatever their state, as long as they were seen once."""
    from .backends import engine_of
    from .query import parse

    return engine_of(posts.db).find(parse(text), posts.filter(published_at__isnull=False), cursor, size)
