"""Compare rows and storages; see gallery/reconcile.py."""

import json

from django.core.management.base import BaseCommand

from gallery.reconcile import reconcile


class Command(BaseCommand):
    help = (
        "Finds what rows and storages do not agree on, names it in the log and prints the counts as JSON. Always mends "
        "what is unsafe or was interrupted; with --mend also what only takes room or was lost."
    )

    def add_arguments(self, parser):
        parser.add_argument("--mend", action="store_true", help="mend all that can be mended")
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="take young files and unfinished work too; only where no web process and no worker is running",
        )

        parser.add_argument(
            "--verify",
            action="store_true",
            help="read every original and compare its content with its name, its SHA-256",
        )

    def handle(self, *args, mend, at_once, verify, **options):
        self.stdout.write(json.dumps(reconcile(mend=mend, at_once=at_once, verify=verify), indent=2))
