"""Who of the staff may handle cases, answer appeals, read receipts, keep the list of banned pictures, and erase."""

from django.db import migrations

MODERATE = [
    ("community", "case", "view_case"),
    ("community", "case", "change_case"),
    ("community", "decision", "add_decision"),
    ("community", "appeal", "change_appeal"),
    ("community", "receipt", "view_receipt"),
    ("gallery", "bannedpicture", "view_bannedpicture"),
    ("gallery", "bannedpicture", "add_bannedpicture"),
    ("gallery", "bannedpicture", "delete_bannedpicture"),
]
ADMINISTER = [
    ("community", "case", "handle_child_safety"),
    ("gallery", "original", "delete_original"),
]
GROUPS = {"Administrators": MODERATE + ADMINISTER, "Moderators": MODERATE}
NAMES = {"handle_child_safety": "Can see and decide cases of child safety"}


def give(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    for name, rights in GROUPS.items():
        group = Group.objects.get_or_create(name=name)[0]
        for app, model, codename in rights:
            content_type = ContentType.objects.get_or_create(app_label=app, model=model)[0]
            verb, _dash, noun = codename.partition("_")
            label = NAMES.get(codename, f"Can {verb} {noun}")
            permission = Permission.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": label}
            )[0]
            group.permissions.add(permission)


def leave(apps, schema_editor):
    """Staff keep what they may do: taking it away on the way back would stop them in the middle of a case."""


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0007_picks_of_erased_members"),
        ("community", "0016_cases"),
        ("gallery", "0013_moderation"),
    ]

    operations = [migrations.RunPython(give, leave)]
