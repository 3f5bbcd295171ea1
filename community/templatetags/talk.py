"""Template filters for what people write: links in it, and how long ago it was."""

from django import template
from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.translation import gettext as _

from ..linking import linked as with_links

register = template.Library()


@register.filter
def linked(text, people=None):
    """A member's text as safe HTML with #hashtags, addresses and, of `people` {name: present username}, @mentions linked.

    Line ends are kept: the element needs `white-space: pre-line`.
    """
    return with_links(text or "", people or {})


@register.filter(expects_localtime=True)
def ago(moment):
    """How long ago `moment` was, in a few characters; the date where that is more than a week."""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return _("%(number)s min") % {"number": minutes}
    if minutes < 24 * 60:
        return _("%(number)s h") % {"number": minutes // 60}
    if minutes < 7 * 24 * 60:
        return _("%(number)s d") % {"number": minutes // (24 * 60)}
    return date(moment, "j F Y")
