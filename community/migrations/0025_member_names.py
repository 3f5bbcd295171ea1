from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0024_avatar_matches'),
    ]

    operations = [
        migrations.AddField(
            model_name='profile',
            name='name_taken_down',
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name='name taken down'),
        ),
        migrations.AlterField(
            model_name='receipt',
            name='kind',
            field=models.CharField(choices=[('post', 'Post'), ('photo', 'Photo of a post'), ('comment', 'Comment'), ('gallery', 'Gallery'), ('name', 'Name of a gallery'), ('member', 'Member'), ('called', 'Name of a member'), ('avatar', 'Profile picture'), ('profile', 'What a member says of themselves')], db_default='post', default='post', max_length=7, verbose_name='kind'),
        ),
    ]
