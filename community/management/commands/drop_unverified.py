"""`manage.py drop_unverified`: remove accounts that were never confirmed. The sweeper does the same."""

from django.core.management.base import BaseCommand

from community.actions.drop_unverified import drop_unverified_accounts


class Command(BaseCommand):
    help = "Remove accounts whose email address was not confirmed in time, and free their names."

    def handle(self, *args, **options):
        self.stdout.write(f"{drop_unverified_accounts()} accounts removed.")
