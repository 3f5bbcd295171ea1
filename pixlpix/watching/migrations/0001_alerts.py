# What somebody is to be told of: see pixlpix/watching/alerts.py.

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, unique=True, verbose_name='kind')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='how many')),
                ('words', models.TextField(blank=True, verbose_name='what')),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last seen')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed')),
                ('is_untold', models.BooleanField(default=False, verbose_name='could not be mailed')),
            ],
            options={
                'verbose_name': 'alert',
                'verbose_name_plural': 'alerts',
            },
        ),
    ]
