"""Rows for the hashtags of posts that were there before hashtags had rows."""

from django.db import migrations

from gallery.hashtags import add_rows, hashtags_in

BATCH = 500


def add(apps, schema_editor):
    """In steps along the primary key, each with what a few hundred captions need."""
    PostPage, Hashtag, PostHashtag = (apps.get_model("gallery", name) for name in ("PostPage", "Hashtag", "PostHashtag"))
    last = 0
    while True:
        posts = PostPage.objects.filter(pk__gt=last).exclude(caption="").order_by("pk")
        batch = list(posts.values_list("pk", "short_id", "published_at", "caption")[:BATCH])
        if not batch:
            return
        last = batch[-1][0]
        tagged = [(key, short_id, at, hashtags_in(caption)) for key, short_id, at, caption in batch]
        add_rows(tagged, hashtags=Hashtag, rows=PostHashtag)


class Migration(migrations.Migration):
    dependencies = [("gallery", "0011_open_search")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
