"""What the console's own views share: permission, page furniture, and the record of looks at private things."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from django.views.generic.edit import FormView
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gallery import permissions
from gallery.acts import write_down_look, write_down_look_at_many
from gallery.states import AuthorState, TeamState, Visibility


class ConsoleMixin(WagtailAdminTemplateMixin):
    """A page of the console for whoever `may` says; others are refused before anything is read."""

    may = staticmethod(permissions.may_look)
    # Breadcrumbs between "Home" and this page: (URL name, label).
    section = ("console_posts:index", _("Posts"))

    def dispatch(self, request, *args, **kwargs):
        if not self.may(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        name, label = self.section
        here = self.get_page_subtitle() or self.get_page_title()
        items = [*self.breadcrumbs_items, {"url": reverse(name), "label": label}]
        return [*items, {"url": "", "label": here}] if str(here) != str(label) else items


class ConsoleView(ConsoleMixin, TemplateView):
    """A page to read."""


class ConsoleFormView(ConsoleMixin, FormView):
    """A page with one form that does one thing."""

    template_name = "community/admin/form.html"
    # What the button says, and whether what it does takes something away.
    button = ""
    serious = False

    def post(self, request, *args, **kwargs):
        """What an action refuses is said in the form, in its words."""
        try:
            return super().post(request, *args, **kwargs)
        except PermissionDenied as refusal:
            if not str(refusal):
                raise
            form = self.get_form()
            form.add_error(None, str(refusal))
            return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(button=self.button, serious=self.serious, **kwargs)


class ConsoleMenuItem(MenuItem):
    """An item of the admin's menu, shown to those who may enter where it leads."""

    def __init__(self, *args, may, **kwargs):
        super().__init__(*args, **kwargs)
        self.may = may

    def is_shown(self, request):
        return self.may(request.user)


class ConsoleSearchArea(SearchArea):
    """One of the places that the admin's search offers, shown likewise."""

    def __init__(self, *args, may, **kwargs):
        super().__init__(*args, **kwargs)
        self.may = may

    def is_shown(self, request):
        return self.may(request.user)


# --- Looks at private things ------------------------------------------------------------------------------------------


def is_private(post):
    """Whether a visitor is kept from this post, so that looking at it is something to write down."""
    return not (
        post.is_visible
        and post.effective_visibility != Visibility.FOLLOWERS
        and post.author.is_member_visible
        and post.gallery.author_state == AuthorState.PUBLISHED
        and post.gallery.team_state == TeamState.NONE
        and post.gallery.visibility != Visibility.FOLLOWERS
    )


def write_down_looks(posts, *, by):
    """Log that staff `by` is shown the private ones of `posts`: one row, on the post, or for several on the members page."""
    private = [post for post in posts if is_private(post)]
    if len(private) == 1:
        write_down_look(private[0], by=by)
    elif private:
        write_down_look_at_many(by=by, posts=[post.short_id for post in private])
