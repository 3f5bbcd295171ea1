"""Makes the two buckets as they must be, and says what is wrong with them; see docs/deploying.md."""

from botocore.exceptions import BotoCoreError
from django.core.management.base import BaseCommand, CommandError

from gallery.files import StorageUnavailable
from pixlpix.bucket_setup import set_up
from pixlpix.buckets import Outcome, in_buckets


class Command(BaseCommand):
    """Exit status 1 where the site must not run with what was found."""

    help = "Makes both buckets, tells them what they must know, and tries what strangers can read. May be run again."
    requires_system_checks = []  # the check of the vault would end this before it could say what is wrong

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="look only, and change nothing but a probe in each")

    def handle(self, *, check, **options):
        if not in_buckets():
            raise CommandError("VAULT_BUCKET and MEDIA_BUCKET are not set: files are in folders of this machine.")
        wrong = 0
        try:
            for finding in set_up(change=not check):
                wrong += finding.outcome is Outcome.WRONG
                self.stdout.write(f"{finding.outcome.value:>5}  {finding.text}")
        except (StorageUnavailable, BotoCoreError) as error:
            raise CommandError(f"The object store does not answer: {error}") from error
        if wrong:
            raise CommandError(f"{wrong} of this must be mended before the site starts.")
        self.stdout.write("Both buckets are as they must be.")
