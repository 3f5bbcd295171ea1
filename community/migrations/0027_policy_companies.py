"""The companies that a policy names, in a form that settings can be compared with; filled in where the text names one.

No member accepted anything else by it: the text stays as it is.
"""

import json
import uuid

import wagtail.fields
from django.db import migrations

NAME = "DigitalOcean"


def name_in_older_versions(apps, schema_editor):
    """Versions up to now name one company, "whose machines PixlPix runs on"."""
    PolicyVersion = apps.get_model("community", "PolicyVersion")
    for version in PolicyVersion.objects.filter(companies=None, text__contains=NAME):
        version.companies = json.dumps([entry("hosting", "its machines"), entry("storage", "its storage space")])
        version.save(update_fields=["companies"])


def entry(service, purpose):
    value = {"name": NAME, "service": service, "purpose": purpose, "host": ""}
    return {"type": "company", "value": value, "id": str(uuid.uuid4())}


def leave(apps, schema_editor):
    """Nothing to undo: the column goes."""


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0026_case_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='policyversion',
            name='companies',
            field=wagtail.fields.StreamField([('company', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'As it stands in the text.', 'label': 'name', 'max_length': 80}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('hosting', 'Machines, database and cache'), ('storage', 'Storing and handing out files'), ('mail', 'Sending mail'), ('errors', 'Reports of errors')], 'label': 'what it does for us'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'what for, in words', 'max_length': 200, 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'What its host names end with, as in the settings; only for a company that PixlPix does not know.', 'label': 'host name', 'max_length': 120, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('name', 0), ('service', 1), ('purpose', 2), ('host', 3)]], {})}, help_text='Every company that the text names. A deployment that hands data to any other is stopped.', null=True, verbose_name='companies'),
        ),
        migrations.RunPython(name_in_older_versions, leave),
    ]
