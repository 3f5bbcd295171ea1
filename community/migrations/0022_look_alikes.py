import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0021_bulk_takedowns'),
        ('gallery', '0014_look_alikes'),
    ]

    operations = [
        migrations.CreateModel(
            name='LookAlike',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('distance', models.PositiveSmallIntegerField(verbose_name='distance')),
                ('mirrored', models.BooleanField(default=False, verbose_name='mirrored')),
            ],
            options={
                'verbose_name': 'look-alike',
                'verbose_name_plural': 'look-alikes',
            },
        ),
        migrations.AddField(
            model_name='case',
            name='alike_due_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('alike_due_at__isnull', False)), fields=['alike_due_at'], name='cases_look_alikes_due'),
        ),
        migrations.AddField(
            model_name='lookalike',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='look_alikes', to='community.case', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='lookalike',
            name='photo',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='gallery.photo', verbose_name='photo'),
        ),
        migrations.AddConstraint(
            model_name='lookalike',
            constraint=models.UniqueConstraint(fields=('case', 'photo'), name='one_look_alike_of_case_and_photo'),
        ),
    ]
