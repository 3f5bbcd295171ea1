
import django.db.models.deletion
import django.utils.timezone
import gallery.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0023_receipts_of_everything'),
        ('gallery', '0014_look_alikes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AvatarMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=gallery.ids.new_short_id, editable=False, max_length=10, unique=True)),
                ('distance', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='distance')),
                ('state', models.CharField(choices=[('held', 'Held for review'), ('let_through', 'Let through'), ('confirmed', 'Confirmed')], default='held', max_length=11, verbose_name='state')),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='found')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('avatar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='community.avatar', verbose_name='profile picture')),
                ('banned', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='avatar_matches', to='gallery.bannedpicture', verbose_name='banned picture')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'match of a profile picture',
                'verbose_name_plural': 'matches of profile pictures',
                'indexes': [models.Index(fields=['state', '-found_at', '-key'], name='avatar_matches_newest')],
                'constraints': [models.UniqueConstraint(fields=('avatar', 'banned'), name='one_match_of_avatar_and_picture')],
            },
        ),
    ]
