"""Scenarios of restore drills, for world.py."""


def drill(folder):
    """A drill that finds all well; one that finds a row too few; the live site before and after.

    The site lacks an original and all public files by then: a drill that wrote to its buckets would put them back.
    """
    from django.core.files.storage import storages
    from django.core.management import CommandError, call_command

    from pixlpix.backups import manifest, stores
    from pixlpix.backups.place import Place
    from pixlpix.models import OperationRecord

    from .world import backup, destroy_storage, differing, files, make_people_and_posts, rows

    make_people_and_posts()
    place = Place(folder)
    made_in = place.folder_of(backup(folder))
    storages["vault"].remove_original(min(files("vault", "originals/")), why="a test")
    destroy_storage("media")
    stores.make_missing_buckets()
    before = rows(), files("vault"), files("media")
    call_command("backup_drill", str(folder))
    touched = {
        "rows": differing(before[0], rows()),
        "vault": sorted(before[1].items() ^ files("vault").items()),
        "media": sorted(before[2].items() ^ files("media").items()),
    }
    made = manifest.read(made_in)
    made.rows["gallery_postpage"] += 1
    made.save(place, made_in)
    refused = ""
    try:
        call_command("backup_drill", str(folder))
    except CommandError as error:
        refused = str(error)
    drills = OperationRecord.objects.filter(kind="restore drill").order_by("pk")
    return {"touched": touched, "refused": refused, "records": [[one.went_well, one.words] for one in drills]}


SCENARIOS = {"drill": drill}
