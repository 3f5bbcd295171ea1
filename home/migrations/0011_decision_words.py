"""Administrators write what members are told of decisions."""

from django.db import migrations

VERBS = ("view", "add", "change", "delete")


def give(apps, schema_editor):
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="community", model="decisiontemplate"
    )[0]
    group = apps.get_model("auth", "Group").objects.get_or_create(name="Administrators")[0]
    for verb in VERBS:
        permission = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{verb}_decisiontemplate",
            defaults={"name": f"Can {verb} words for a decision"},
        )[0]
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("home", "0010_announcements_and_guidelines"), ("community", "0019_decision_words")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
