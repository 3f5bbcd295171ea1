"""`manage.py drop_unverified`: remove accounts that were never confirmed. The sweeper does the same, day by day."""

from datetime import timedelta

from django.core.management.base import BaseCommand

from community.actions.drop_unverified import drop_unverified_accounts


class Command(BaseCommand):
    help = "Remove accounts whose email address was not confirmed in time, and free their names."

    def add_arguments(self, parser):
        parser.add_argument(
            "--older-than",
            type=int,
            metavar="HOURS",
            help="those that joined so many hours ago or earlier, in a wave of sign-ups; the days of the settings otherwise",
        )

    def handle(self, *args, older_than, **options):
        time = None if older_than is None else timedelta(hours=older_than)
        removed = 0
        while went := drop_unverified_accounts(older_than=time):
            removed += went
        self.stdout.write(f"{removed} accounts removed.")
