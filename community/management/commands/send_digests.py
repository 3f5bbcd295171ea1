"""Mail the digests that are due; run it every hour, or once a day."""

import json

from django.core.management.base import BaseCommand

from community.actions.send_digests import send_digests


class Command(BaseCommand):
    help = "Mails what is new to members who chose daily or weekly digests; prints counts as JSON."

    def handle(self, *args, **options):
        self.stdout.write(json.dumps(send_digests()))
