"""The announcements above every page."""

from django import template

from community import announcing

register = template.Library()


@register.inclusion_tag("includes/announcements.html", takes_context=True)
def announcements(context):
    """What is announced to whoever looks; nothing on a page that is drawn for nobody."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {
        "announcements": announcing.shown_to(user),
        "may_dismiss": user.is_authenticated,
        "here": request.get_full_path() if request.method == "GET" else "/",
        "csrf_token": context.get("csrf_token"),
    }
