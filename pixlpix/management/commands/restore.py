"""Roll the site back to a snapshot; see docs/backups.md and pixlpix/backups/restoring.py."""

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from pixlpix.backups import records
from pixlpix.backups.errors import BackupError, Busy
from pixlpix.backups.place import Place
from pixlpix.backups.refusing import check_snapshot, newer_data
from pixlpix.backups.restoring import Restore, read_state
from pixlpix.backups.sealing import read_identities


class Command(BaseCommand):
    help = "Rolls database and vault back to a snapshot in DIR; interrupted, it goes on when it is run again"
    # It must run where there is no database yet, or one of older code.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("dir")
        parser.add_argument("--snapshot", default="latest", help="its name; latest (the newest complete one) otherwise")
        parser.add_argument("--identity", help="file of the age private key, where the backups are encrypted")
        parser.add_argument("--yes", action="store_true", help="also where the site has newer data, which is then lost")
        parser.add_argument("--keep-maintenance", action="store_true", help="leave the site closed when all is done")

    def handle(self, *args, dir, snapshot, identity, yes, keep_maintenance, **options):
        place = Place(dir)
        try:
            with place.existing().locked("restore"):
                restore = self.prepare(place, snapshot, read_identities(identity), yes)
                self.stdout.write(restore.go(keep_maintenance=keep_maintenance))
        except Busy as error:
            raise CommandError(str(error)) from error
        except (BackupError, OSError, Error) as error:
            records.note("restore", went_well=False, words=str(error))
            raise CommandError(str(error)) from error

    def prepare(self, place, snapshot, identities, yes):
        """The Restore to go on with, or a new one. Raises BackupError where that must not be."""
        begun = read_state(place)
        if begun is not None:
            folder = place.folder_of(begun["snapshot"])
            if snapshot not in ("latest", folder.name):
                raise BackupError(
                    f"A restore of {folder.name} was interrupted. Finish it (run this without --snapshot), or delete "
                    f"{place.restore} to give it up, and then restore {snapshot}."
                )
            self.stdout.write(f"Going on with the restore of {folder.name} that began {begun['began']}.")
        else:
            folder = place.folder_of(snapshot)
        made = check_snapshot(place, folder, identities)
        newer = "" if begun is not None else newer_data(made)
        if newer and not yes:
            raise BackupError(f"The site has what {made.name} has not: {newer}. With --yes that is rolled back.")
        restore = Restore(place, made, folder, identities, self.stdout.write)
        restore.save()
        return restore
