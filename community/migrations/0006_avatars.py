"""What a member is told of a takedown, and what "in its place" means of a profile picture."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0005_pictures'),
        ('gallery', '0008_publication'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='avatar',
            name='one_profile_picture_per_member',
        ),
        migrations.AddField(
            model_name='avatar',
            name='team_reason',
            field=models.TextField(blank=True, verbose_name='reason'),
        ),
        migrations.AddIndex(
            model_name='avatar',
            index=models.Index(condition=models.Q(('retry_at__isnull', False), ('state', 'ready')), fields=['retry_at'], name='avatars_to_place'),
        ),
        migrations.AddConstraint(
            model_name='avatar',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True), ('retry_at__isnull', True), ('state', 'ready'), ('team_state', 'none')), fields=('user',), name='one_profile_picture_per_member'),
        ),
    ]
