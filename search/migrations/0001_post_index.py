"""What the database's search engine keeps: see search/backends/, where its definitions stand, because they are put
back when a table that Django makes anew has lost them."""

from django.db import migrations

from search.backends import ENGINES


def install(apps, schema_editor):
    ENGINES[schema_editor.connection.vendor](schema_editor.connection).install()


def remove(apps, schema_editor):
    ENGINES[schema_editor.connection.vendor](schema_editor.connection).remove()


class Migration(migrations.Migration):
    dependencies = [("gallery", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
