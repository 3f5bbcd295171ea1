from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0013_moderation'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bannedpicture',
            name='alike_due_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='bannedpicture',
            index=models.Index(condition=models.Q(('alike_due_at__isnull', False)), fields=['alike_due_at'], name='banned_look_alikes_due'),
        ),
    ]
