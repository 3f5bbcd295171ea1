"""A profile for each account that there is already, and whose each name that was taken is."""

from django.db import migrations


def fill(apps, schema_editor):
    User = apps.get_model("community", "User")
    Profile = apps.get_model("community", "Profile")
    TakenName = apps.get_model("community", "TakenName")
    Profile.objects.bulk_create(
        (Profile(user_id=key) for key in User.objects.values_list("pk", flat=True).iterator()), batch_size=1000
    )
    for key, username in User.objects.values_list("pk", "username").iterator():
        TakenName.objects.filter(username=username).update(user_id=key)


class Migration(migrations.Migration):
    dependencies = [("community", "0007_community")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
