"""Background work of the project."""

from django_tasks import task

from gallery.reconcile import reconcile

# What a roll-back may leave to be made: never originals without a row, which may be the only copy of somebody's picture.
MADE_AGAIN = ("rendition_without_file",)


@task()
def make_missing_files_again():
    """After a restore: publish what may be seen and is not there, and have renditions made that are gone."""
    reconcile(also=MADE_AGAIN, at_once=True)
