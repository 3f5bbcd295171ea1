"""Fill an empty database with demo people, galleries and posts. DEBUG only."""

import logging
import os
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from community.models import PolicyVersion
from pixlpix.demo.content import load
from pixlpix.demo.fill import Found, fill, look
from pixlpix.demo.welcome import who_is_who


class Command(BaseCommand):
    """Says what it found, fills what is empty, and leaves alone what people did."""

    help = "Fill an empty database with demo people, galleries and posts (only with DEBUG on)."

    def add_arguments(self, parser):
        parser.add_argument(
            "--processes",
            type=int,
            default=os.cpu_count() or 1,
            help="how many processes draw and publish at once (default: one for each core)",
        )

    def handle(self, *, processes, **options):
        if not settings.DEBUG:
            raise CommandError("Demo content is for local runs: its passwords are known to everyone. Set DEBUG=1.")
        if PolicyVersion.objects.current() is None:
            raise CommandError("No policy is published, so nobody can join. Run manage.py migrate first.")
        content, found = load(), look()
        if found is Found.IN_USE:
            self.stdout.write("The database is in use: nothing was added.")
            return
        if found is Found.FILLED:
            self.stdout.write("The demo is there already: nothing was changed.")
        else:
            self.fill(content, found, processes)
        for line in who_is_who(content):
            self.stdout.write(line)

    def fill(self, content, found, processes):
        if found is Found.HALF_FILLED:
            self.stdout.write("A fill was interrupted: going on with it.")
        else:
            self.stdout.write(f"Drawing {sum(len(post.pictures) for post in content.posts)} pictures for the demo ...")
        began = time.monotonic()
        # A log line for every page that is made would hide the few that say something.
        logging.disable(logging.INFO)
        try:
            made = fill(content, processes=processes, report=lambda text: self.stdout.write(f"  {text}"))
        finally:
            logging.disable(logging.NOTSET)
        self.stdout.write(f"Published {made} posts in {time.monotonic() - began:.0f} s.")
