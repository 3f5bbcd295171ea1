"""What staff are offered on the site itself."""

from django import template

from community.permissions import may_enter_console

from ..admin.userbar import userbar_of
from ..picking import offer_of

register = template.Library()


@register.inclusion_tag("home/partials/pick.html", takes_context=True)
def pick_button(context, post):
    """The button that picks `post` or ends its pick, for who may. 2 queries for them; none for others, whose rights the
    page's header has asked for already."""
    offer = offer_of(context["request"].user, post)
    if offer is None:
        return {}
    return {"post": post, "picked": offer.picked, "offered": offer.offered, "csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def userbar(context):
    """Wagtail's userbar about the post or the page that is shown, for staff. Nothing, and no query, for others: the page's
    header has asked for their rights already. Nor in a preview, which has one of Wagtail's own frame around it."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not may_enter_console(user) or getattr(request, "is_preview", False):
        return ""
    about = context.get("post") or context.get("page")
    return userbar_of(about, context) if about else ""
