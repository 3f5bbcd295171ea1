"""In the place of Wagtail's command of this name, which deletes every rendition and makes new ones of everything."""

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Refuses. Wagtail's would publish anew what was taken down, under files that no publication names."""

    help = "Refused: renditions are made by the worker, once for each photo. See reconcile_media."

    def add_arguments(self, parser):
        parser.add_argument("--purge-only", action="store_true", help="Refused as well.")
        parser.add_argument("--chunk-size", type=int, default=50, help="Not used.")

    def handle(self, *args, **options):
        raise CommandError(
            "Renditions are not made anew: their addresses are what a takedown answers for. "
            "`manage.py reconcile_media` names and repairs what is missing."
        )
