import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def say_whose(apps, schema_editor):
    """Receipts of posts that were written before say which post it is, and whose."""
    Receipt, PostPage = (apps.get_model(*name) for name in (("community", "Receipt"), ("gallery", "PostPage")))
    author = PostPage.objects.filter(pk=models.OuterRef("post")).values("author")[:1]
    Receipt.objects.filter(post__isnull=False, reference="").update(
        reference=models.F("about"), member=models.Subquery(author)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0022_look_alikes'),
        ('gallery', '0013_moderation'),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='parts',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='receipt',
            name='kind',
            field=models.CharField(choices=[('post', 'Post'), ('photo', 'Photo of a post'), ('comment', 'Comment'), ('gallery', 'Gallery'), ('name', 'Name of a gallery'), ('member', 'Member'), ('avatar', 'Profile picture'), ('profile', 'What a member says of themselves')], db_default='post', default='post', max_length=7, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='posts_after',
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='receipt',
            name='reference',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=30),
        ),
        migrations.AlterField(
            model_name='receipt',
            name='about',
            field=models.CharField(max_length=120, verbose_name='about'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(fields=['kind', 'reference', '-made_at'], name='receipts_of_thing'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(condition=models.Q(('posts_after__isnull', False)), fields=['due_at'], name='receipts_unfinished'),
        ),
        migrations.RunPython(say_whose, migrations.RunPython.noop),
    ]
