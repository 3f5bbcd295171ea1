"""Cases are found by words: a column of tokens, filled for the cases that there are, and on PostgreSQL its index.

A case that the code of before opens between this and its end has none, and is found by everything else; its post's next
edit fills it.
"""

from django.db import migrations, models

from community.freezing import tokens_of
from gallery.tokens import Holds

CHUNK = 500
INDEX = f"CREATE INDEX cases_by_words ON community_case USING gin ({Holds.ARRAY_OF.format('tokens')}) WITH (fastupdate = off)"


def fill(apps, schema_editor):
    Case = apps.get_model("community", "Case")
    cases = Case.objects.select_related("post").order_by("pk")
    last = 0
    while chunk := list(cases.filter(pk__gt=last)[:CHUNK]):
        for case in chunk:
            case.tokens = tokens_of(case.frozen, case.post.caption if case.post else "")
        Case.objects.bulk_update(chunk, ["tokens"])
        last = chunk[-1].pk


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS cases_by_words")


class Migration(migrations.Migration):
    dependencies = [("community", "0025_member_names")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="tokens",
            field=models.TextField(blank=True, db_default="", default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(add_index, remove_index),
    ]
