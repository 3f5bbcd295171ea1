"""What curators are offered on the site itself."""

from django import template

from .. import permissions
from ..models import Pick
from ..picking import may_be_picked

register = template.Library()


@register.inclusion_tag("home/partials/pick.html", takes_context=True)
def pick_button(context, post):
    """The button that picks `post` or ends its pick, for who may. 2 queries for them; none for others, whose rights the
    page's header has asked for already."""
    request = context["request"]
    if not permissions.may_pick(request.user):
        return {}
    picked = Pick.objects.current().filter(post=post).exists()
    return {
        "post": post,
        "picked": picked,
        "offered": picked or may_be_picked(request.user, post),
        "csrf_token": context.get("csrf_token"),
    }
