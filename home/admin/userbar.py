"""Wagtail's userbar on the site: what staff can do about the post or the page that they look at."""

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.userbar import BaseItem, ContentCheckerItem, Userbar
from wagtail.models import Page

from community.permissions import may_see_cases
from gallery.models import PostPage
from gallery.permissions import may_decide_on, may_look
from gallery.states import TeamState

from ..picking import offer_of


class LinkItem(BaseItem):
    """A way to another page."""

    template_name = "home/userbar/link.html"

    def __init__(self, label, address, icon):
        self.label, self.address, self.icon = label, address, icon


class PickItem(BaseItem):
    """One press picks the post, or ends its pick: the form of the button on the page, in the bar."""

    template_name = "home/userbar/pick.html"

    def __init__(self, post, offer):
        self.post, self.offer = post, offer

    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        return {**context, "csrf_token": get_token(context["request"])}


def userbar_of(about, context):
    """The bar about a post or one of the staff's pages, as HTML; nothing about anything else."""
    if isinstance(about, PostPage):
        # Wagtail's own entries are about its tree, where posts are neither made nor edited: it is told of no page, and the
        # hook below puts ours in.
        context["request"].post_in_userbar = about
        about = None
    elif not isinstance(about, Page):
        return ""
    bar = Userbar(object=about).render_html(context)
    # It is made to stand on other hosts as well, and names ours everywhere.
    return mark_safe(bar.replace(f'"//{context["request"].get_host()}/', '"/'))  # noqa: S308 (drawn by Wagtail's templates)


def fill_userbar(request, items, page):
    """Hook `construct_wagtail_userbar`: what can be done about a post; and no checker, which would search the page for
    mistakes of its author's, with a policy of ours that keeps it from writing its styles."""
    items[:] = [item for item in items if not isinstance(item, ContentCheckerItem)]
    if post := getattr(request, "post_in_userbar", None):
        items += items_about(post, request.user)


def items_about(post, user):
    """The entries about `post` that `user` may use."""
    if (offer := offer_of(user, post)) and offer.offered:
        yield PickItem(post, offer)
    if may_look(user):
        yield LinkItem(_("Open in the console"), reverse("console_posts:post", args=[post.short_id]), "view")
    if may_see_cases(user):
        cases = f"{reverse('console_cases:index')}?q={post.short_id}"
        yield LinkItem(_("Cases of this post"), cases, "clipboard-list")
    if may_decide_on(user, post) and post.team_state == TeamState.NONE:
        yield LinkItem(_("Take down"), reverse("console_posts:take_down", args=[post.short_id]), "no-view")
