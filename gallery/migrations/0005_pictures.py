"""Photos that come and go in a post, facts of pictures, uploads in parts, and what the CDN must forget."""

import django.db.models.deletion
import django.utils.timezone
import gallery.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0004_sweeper_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Purge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=70, unique=True, verbose_name='folder')),
                ('files_gone_at', models.DateTimeField(blank=True, null=True, verbose_name='files deleted')),
                ('purged_at', models.DateTimeField(blank=True, null=True, verbose_name='purged')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('retry_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='try again at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
            ],
            options={
                'verbose_name': 'purge',
                'verbose_name_plural': 'purges',
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=gallery.ids.new_secret_name, editable=False, max_length=32, unique=True, verbose_name='key')),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('offset', models.PositiveBigIntegerField(default=0, verbose_name='bytes that have come')),
                ('parts', models.JSONField(blank=True, default=list, verbose_name='parts')),
                ('refusal', models.CharField(blank=True, max_length=300, verbose_name='refusal')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'upload',
                'verbose_name_plural': 'uploads',
            },
        ),
        migrations.RemoveConstraint(
            model_name='photo',
            name='one_photo_per_position',
        ),
        migrations.AddField(
            model_name='photo',
            name='key',
            # Filled and made unique by the next two: rows that are there need a key each.
            field=models.CharField(editable=False, max_length=10, null=True, verbose_name='key'),
        ),
        migrations.AddField(
            model_name='photo',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='removed'),
        ),
        migrations.AddField(
            model_name='photo',
            name='replaces',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.photo', verbose_name='replaces'),
        ),
        migrations.AddField(
            model_name='picture',
            name='animated',
            field=models.BooleanField(default=False, editable=False, verbose_name='animated'),
        ),
        migrations.AddField(
            model_name='picture',
            name='camera',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='camera'),
        ),
        migrations.AddField(
            model_name='picture',
            name='colours',
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name='dominant colours'),
        ),
        migrations.AddField(
            model_name='picture',
            name='placeholder',
            field=models.BinaryField(blank=True, default=bytes, max_length=64, verbose_name='placeholder'),
        ),
        migrations.AddField(
            model_name='postpage',
            name='allow_download',
            field=models.BooleanField(default=False, verbose_name='allow download'),
        ),
        migrations.AddField(
            model_name='postpage',
            name='sensitive',
            field=models.BooleanField(default=False, verbose_name='sensitive'),
        ),
        migrations.AddField(
            model_name='postpage',
            name='sensitive_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='why it is sensitive'),
        ),
        migrations.AddField(
            model_name='postpage',
            name='show_camera',
            field=models.BooleanField(default=False, verbose_name='show camera and exposure'),
        ),
        migrations.AddField(
            model_name='postpage',
            name='team_sensitive',
            field=models.BooleanField(default=False, verbose_name='marked sensitive by the team'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('post', 'position'), name='one_photo_per_position'),
        ),
        migrations.AddIndex(
            model_name='purge',
            index=models.Index(condition=models.Q(('purged_at__isnull', True)), fields=['retry_at'], name='purges_due'),
        ),
        migrations.AddField(
            model_name='upload',
            name='original',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='gallery.original', verbose_name='original'),
        ),
        migrations.AddField(
            model_name='upload',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL, verbose_name='owner'),
        ),
        migrations.AddIndex(
            model_name='upload',
            index=models.Index(fields=['changed_at'], name='uploads_to_expire'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(('offset__lte', models.F('size'))), name='upload_holds_no_more_than_announced'),
        ),
    ]
