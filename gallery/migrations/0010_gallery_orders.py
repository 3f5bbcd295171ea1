"""Orders of galleries: newest first among what has no place yet, and entries in order without a look at their posts."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

VISIBLE = models.Q(author_state="published", hidden_by=0, photos_ready=True, team_state="none")


class Migration(migrations.Migration):
    dependencies = [
        ("gallery", "0009_community_seams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("galleryentry", "entries_by_hand"),
        migrations.RemoveIndex("postpage", "posts_of_gallery_by_hand"),
        migrations.AddField(
            "galleryentry",
            "published_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="post published"),
            preserve_default=False,
        ),
        migrations.AddIndex(
            "galleryentry", models.Index(fields=["gallery", "-published_at"], name="entries_by_date")
        ),
        migrations.AddIndex(
            "galleryentry", models.Index(fields=["gallery", "position", "-published_at"], name="entries_by_hand")
        ),
        migrations.AddIndex(
            "galleryentry", models.Index(fields=["added_by", "gallery"], name="entries_of_contributor")
        ),
        migrations.AddIndex(
            "postpage",
            models.Index(
                fields=["gallery", "gallery_position", "-published_at", "-short_id"],
                name="posts_of_gallery_by_hand",
                condition=VISIBLE,
            ),
        ),
    ]
