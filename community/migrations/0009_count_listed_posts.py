"""Count every member's listed posts, and have the database keep that number: see community/listed_counts.py."""

from django.db import migrations


def install(apps, schema_editor):
    from community import listed_counts

    listed_counts.install(schema_editor.connection)


def remove(apps, schema_editor):
    from community import listed_counts

    listed_counts.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("community", "0008_profiles"), ("gallery", "0009_community_seams")]
    operations = [migrations.RunPython(install, remove)]
