"""One round of both sweepers; see gallery/sweep.py and community/sweep.py. The worker does this every minute."""

import json

from django.core.management.base import BaseCommand

from community.sweep import sweep_people
from gallery.sweep import sweep


class Command(BaseCommand):
    help = "Repeats what a killed worker or a storage that was down has left half-done; prints counts as JSON."

    def handle(self, *args, **options):
        self.stdout.write(json.dumps({**sweep(), **sweep_people()}, indent=2))
