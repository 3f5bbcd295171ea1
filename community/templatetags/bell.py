"""Template tags on notifications: the number at the bell, asked for only by pages that show it; words and addresses."""

from django import template

from community import telling
from community.bell import COUNTED, unread_count

register = template.Library()


@register.simple_tag
def unread(member):
    """How many unread notifications `member` has: "", "7" or "99+". One query."""
    count = unread_count(member)
    if count >= COUNTED:
        return f"{COUNTED - 1}+"
    return str(count) if count else ""


@register.filter
def told(notification):
    """A notification in one sentence, as HTML."""
    return telling.in_html(notification)


@register.filter
def rule_told(notification):
    """The rule that it names, with its address."""
    return telling.rule_told(notification)


@register.filter
def quoted(notification):
    """What somebody wrote, of which it tells."""
    return telling.quoted(notification)
