"""Photos are found by their key: unique, and never empty."""

from django.db import migrations, models

import gallery.ids


class Migration(migrations.Migration):
    dependencies = [("gallery", "0006_photo_keys")]

    operations = [
        migrations.AlterField(
            model_name="photo",
            name="key",
            field=models.CharField(
                default=gallery.ids.new_short_id, editable=False, max_length=10, unique=True, verbose_name="key"
            ),
        ),
    ]
