"""Read every file of the backups again and compare it with its hash; see pixlpix/backups/verifying.py."""

from django.core.management.base import BaseCommand, CommandError

from pixlpix.backups.errors import BackupError
from pixlpix.backups.place import Place
from pixlpix.backups.sealing import read_identities
from pixlpix.backups.verifying import Verification


class Command(BaseCommand):
    help = (
        "Reads and hashes every file of the backups in DIR; fails on one wrong byte, one missing or one unknown file."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("dir")
        parser.add_argument("--snapshot", help="one snapshot by name, or latest, with all that it names; all otherwise")
        parser.add_argument("--identity", help="file of the age private key: opens encrypted files as well")

    def handle(self, *args, dir, snapshot, identity, **options):
        try:
            place = Place(dir).existing()
            verification = Verification(place, read_identities(identity))
            if snapshot:
                verification.snapshot(place.folder_of(snapshot))
            else:
                verification.everything()
        except BackupError as error:
            raise CommandError(str(error)) from error
        for problem in verification.problems:
            self.stderr.write(problem)
        if verification.problems:
            raise CommandError(f"{len(verification.problems)} problems in {place}.")
        self.stdout.write(f"{verification.files} files, {verification.bytes} bytes: all as they were written.")
