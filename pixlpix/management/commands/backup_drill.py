"""Rehearse a restore of the newest snapshot, beside the site; see pixlpix/backups/drilling.py."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from pixlpix.backups import manifest, records
from pixlpix.backups.drilling import drill
from pixlpix.backups.errors import BackupError
from pixlpix.backups.place import Place


class Command(BaseCommand):
    help = "Restores the newest snapshot in DIR into a scratch database and folder, counts, compares hashes, looks at pages"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("dir")
        parser.add_argument("--snapshot", default="latest", help="another one than the newest complete one")
        parser.add_argument("--identity", help="file of the age private key, where the backups are encrypted")

    def handle(self, *args, dir, snapshot, identity, **options):
        try:
            place = Place(dir).existing()
            folder = place.folder_of(snapshot)
            found = drill(
                place,
                folder.name,
                engine=manifest.read(folder).engine,
                database_url=settings.DRILL_DATABASE_URL,
                live_name=connection.settings_dict["NAME"],
                identity=identity,
            )
        except BackupError as error:
            records.note("restore drill", went_well=False, words=str(error))
            raise CommandError(str(error)) from error
        words = f"{folder.name}: {found['rows']} rows, {found['originals']} originals, {found['pages']} pages."
        if found["problems"]:
            words = f"{len(found['problems'])} problems, {found['problems'][0]} first. {words}"
        records.note("restore drill", went_well=not found["problems"], words=words)
        for problem in found["problems"]:
            self.stderr.write(problem)
        if found["problems"]:
            raise CommandError(words)
        self.stdout.write(f"{words} All as it should be.")
