"""What a script needs, as a data attribute: pages have no inline script, not even one that only holds data."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value):
    """`value` as JSON, to be escaped like any other text."""
    return json.dumps(value, cls=DjangoJSONEncoder)
