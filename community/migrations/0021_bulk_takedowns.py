import django.db.models.deletion
import django.utils.timezone
import gallery.ids
from django.conf import settings
from django.db import migrations, models


# What is told until administrators write it better, as in 0019.
NAME, ACT = "Usual", "take_all"
TEXT = "What you post breaks a rule of our guidelines, and we took all your posts down. The rule: {rule}."


def write(apps, schema_editor):
    apps.get_model("community", "DecisionTemplate").objects.get_or_create(name=NAME, act=ACT, rule="", defaults={"text": TEXT})


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0020_day_numbers'),
        ('gallery', '0013_moderation'),
    ]

    operations = [
        migrations.AlterField(
            model_name='decision',
            name='act',
            field=models.CharField(choices=[('no_action', 'No action'), ('sensitive', 'Label as sensitive'), ('limit', 'Limit'), ('take_down', 'Take down'), ('warn', 'Take down and warn'), ('suspend', 'Suspend'), ('take_all', 'Take down all posts')], max_length=10, verbose_name='decision'),
        ),
        migrations.AlterField(
            model_name='decisiontemplate',
            name='act',
            field=models.CharField(choices=[('no_action', 'No action'), ('sensitive', 'Label as sensitive'), ('limit', 'Limit'), ('take_down', 'Take down'), ('warn', 'Take down and warn'), ('suspend', 'Suspend'), ('take_all', 'Take down all posts')], max_length=10, verbose_name='decision'),
        ),
        migrations.CreateModel(
            name='BulkTakedown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=gallery.ids.new_short_id, editable=False, max_length=10, unique=True, verbose_name='reference')),
                ('undo_reason', models.TextField(blank=True, verbose_name='why it is undone')),
                ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('stopped', 'Stopped'), ('undoing', 'Being undone'), ('undone', 'Undone')], default='running', max_length=7, verbose_name='state')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='posts')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='taken down')),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='failed')),
                ('restored', models.PositiveIntegerField(default=0, verbose_name='brought back')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='begun')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken down by')),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='bulk', to='community.decision', verbose_name='decision')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bulk_takedowns', to=settings.AUTH_USER_MODEL, verbose_name='member')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by')),
            ],
            options={
                'verbose_name': 'takedown of all posts',
                'verbose_name_plural': 'takedowns of all posts',
            },
        ),
        migrations.CreateModel(
            name='BulkTakedownPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('taken', 'Taken down'), ('failed', 'Could not be taken down'), ('stuck', 'Could not be brought back'), ('restored', 'Brought back')], default='taken', max_length=8, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='why not')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to='community.bulktakedown', verbose_name='takedown')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bulk_takedowns', to='gallery.postpage', verbose_name='post')),
            ],
            options={
                'verbose_name': 'post of such a takedown',
                'verbose_name_plural': 'posts of such takedowns',
            },
        ),
        migrations.AddIndex(
            model_name='bulktakedown',
            index=models.Index(fields=['member', '-made_at'], name='bulk_takedowns_of_member'),
        ),
        migrations.AddIndex(
            model_name='bulktakedown',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='bulk_takedowns_due'),
        ),
        migrations.AddConstraint(
            model_name='bulktakedown',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['running', 'undoing'])), fields=('member',), name='one_bulk_takedown_of_a_member'),
        ),
        migrations.AddIndex(
            model_name='bulktakedownpost',
            index=models.Index(fields=['job', 'state', 'post'], name='bulk_takedown_posts_by_state'),
        ),
        migrations.AddConstraint(
            model_name='bulktakedownpost',
            constraint=models.UniqueConstraint(fields=('job', 'post'), name='one_row_of_a_post_in_a_bulk_takedown'),
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
