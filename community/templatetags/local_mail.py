"""Where a local run's mail lies, for the pages that say "check your inbox"."""

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@register.simple_tag
def local_mail():
    """The address of the newest mail while DEBUG is on; nothing otherwise."""
    return reverse("local_mail") if settings.DEBUG else ""
