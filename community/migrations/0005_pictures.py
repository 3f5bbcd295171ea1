"""Profile pictures."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0004_console_listings'),
        ('gallery', '0005_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='avatar_large',
            field=models.CharField(blank=True, default='', editable=False, max_length=150),
        ),
        migrations.AddField(
            model_name='user',
            name='avatar_small',
            field=models.CharField(blank=True, default='', editable=False, max_length=150),
        ),
        migrations.CreateModel(
            name='Avatar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', 'Processing'), ('ready', 'Ready'), ('failed', 'Could not be processed')], default='pending', max_length=8, verbose_name='processing')),
                ('failure', models.CharField(blank=True, max_length=200, verbose_name='failure')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('retry_at', models.DateTimeField(blank=True, null=True, verbose_name='try again at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('crop_left', models.PositiveIntegerField(default=0, verbose_name='left')),
                ('crop_top', models.PositiveIntegerField(default=0, verbose_name='top')),
                ('crop_side', models.PositiveIntegerField(default=0, verbose_name='side')),
                ('team_state', models.CharField(choices=[('none', 'Nothing'), ('held', 'Held for review'), ('taken_down', 'Taken down'), ('erased', 'Erased')], default='none', max_length=12, verbose_name="team's state")),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='removed')),
                ('picture', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='avatar', to='gallery.picture', verbose_name='picture')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='avatars', to=settings.AUTH_USER_MODEL, verbose_name='member')),
            ],
            options={
                'verbose_name': 'profile picture',
                'verbose_name_plural': 'profile pictures',
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['retry_at'], name='avatars_to_process')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True), ('state', 'ready')), fields=('user',), name='one_profile_picture_per_member')],
            },
        ),
    ]
