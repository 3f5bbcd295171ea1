"""Template tags for what machines read in a page's head."""

import json

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()
# So that nothing in the data ends the element or begins another.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data):
    """`data` as JSON-LD: an element of data that no browser runs."""
    text = json.dumps(data, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 (escaped above)


@register.simple_tag
def training_refused():
    """Whether pages say that machines may not be trained on them."""
    return settings.REFUSE_AI_TRAINING
