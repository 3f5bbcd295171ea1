"""A key for each photo that was there before photos had one."""

from django.db import migrations

import gallery.ids

CHUNK = 2000


def fill(apps, schema_editor):
    Photo = apps.get_model("gallery", "Photo")
    while photos := list(Photo.objects.filter(key=None).only("pk")[:CHUNK]):
        for photo in photos:
            photo.key = gallery.ids.new_short_id()
        Photo.objects.bulk_update(photos, ["key"])


class Migration(migrations.Migration):
    dependencies = [("gallery", "0005_pictures")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
