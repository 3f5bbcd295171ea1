"""Scenarios of restore drills, for world.py."""


def drill(folder):
    """A drill that finds all well; one that finds a row too few; the live site before and after."""
    from django.core.management import CommandError, call_command

    from pixlpix.backups import manifest
    from pixlpix.backups.place import Place
    from pixlpix.models import OperationRecord

    from .world import backup, files, make_people_and_posts, rows

    make_people_and_posts()
    place = Place(folder)
    made_in = place.folder_of(backup(folder))
    before = rows(), files("vault"), files("media")
    call_command("backup_drill", str(folder))
    untouched = before == (rows(), files("vault"), files("media"))
    made = manifest.read(made_in)
    made.rows["gallery_postpage"] += 1
    made.save(place, made_in)
    refused = ""
    try:
        call_command("backup_drill", str(folder))
    except CommandError as error:
        refused = str(error)
    drills = OperationRecord.objects.filter(kind="restore drill").order_by("pk")
    return {"untouched": untouched, "refused": refused, "records": [[one.went_well, one.words] for one in drills]}


SCENARIOS = {"drill": drill}
