"""Members' pages in Wagtail's page tree: looked at in the console, taken down by Unpublish and Delete, and nothing else.

Wagtail 8 answers every address of one page by the viewset registered for its type, so the viewsets here decide for
members' pages: reading leads to the console's own view, Unpublish and Delete become a takedown, the rest is refused.
Explorer, choosers and reports see editorial pages alone: members' are a million, have a listing of their own, and are
not for curators' eyes.
"""

from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.pages.listing import ExplorableIndexView, GenericPageFilterSet
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, get_page_models
from wagtail.permission_policies.pages import PagePermissionPolicy

from gallery import permissions
from gallery.actions.take_down_in_admin import take_down_in_admin
from gallery.models import GalleryPage, MemberPage, MembersPage, PostPage

from .. import permissions as people
from .standing import suspend_in_admin

MEMBERS_TREE = (MembersPage, MemberPage, GalleryPage, PostPage)
# What stands below the members page: pages by the million.
MEMBERS_THINGS = (MemberPage, GalleryPage, PostPage)


def is_members_thing(page):
    """Whether `page` (specific or not) is a member's page, a gallery or a post. No query."""
    return issubclass(page.specific_class or Page, MEMBERS_THINGS)


@cache
def editorial_models():
    """The page types that Wagtail's explorer, choosers and reports may show."""
    return tuple(model for model in get_page_models() if not issubclass(model, MEMBERS_THINGS))


def editorial_only(pages):
    """The pages of a queryset without members' things, by an index on the type instead of a walk over the tree."""
    types = ContentType.objects.get_for_models(Page, *editorial_models()).values()
    return pages.filter(content_type_id__in=[content_type.pk for content_type in types])


class EditorialPagePolicy(PagePermissionPolicy):
    """Wagtail's permissions on pages, without members' things for whoever may not look at those."""

    def explorable_root_instance(self, user):
        """The page on which they have rights, without a query, where that is one alone."""
        pages = {page.pk: page for page in self.instances_with_direct_explore_permission(user)}
        return next(iter(pages.values())) if len(pages) == 1 else super().explorable_root_instance(user)

    def explorable_instances(self, user):
        pages = super().explorable_instances(user)
        return pages if permissions.may_look(user) else editorial_only(pages)

    def instances_user_has_any_permission_for(self, user, actions):
        pages = super().instances_user_has_any_permission_for(user, actions)
        return pages if permissions.may_look(user) else editorial_only(pages)


def list_editorial_pages(parent_page, pages, request):
    """Hook `construct_explorer_page_queryset`: the explorer, its search and its menu show editorial pages."""
    return editorial_only(pages)


def choose_editorial_pages(pages, request):
    """Hook `construct_page_chooser_queryset`: so do choosers. A member's post enters an editorial page otherwise."""
    return editorial_only(pages)


# --- What Unpublish and Delete become ---------------------------------------------------------------------------------


def remove_in_admin(page, *, by):
    """Take down the post or gallery, or suspend the member, whose page staff removed with Wagtail's own button.

    Raises PermissionDenied for anybody who may not, and for the members page itself.
    """
    page = page.specific
    if isinstance(page, PostPage | GalleryPage):
        if not permissions.may_take_down(by):
            raise PermissionDenied(_("Only moderators and administrators take posts down."))
        take_down_in_admin(page, by=by)
    elif isinstance(page, MemberPage):
        if not people.may_suspend(by):
            raise PermissionDenied(_("Only moderators and administrators suspend members."))
        suspend_in_admin(page.user, by=by)
    else:
        raise PermissionDenied(_("The members page stays."))


def console_address(page):
    """Where the console shows a page of the members' tree."""
    page = page.specific
    if isinstance(page, PostPage):
        return reverse("console_posts:post", args=[page.short_id])
    if isinstance(page, GalleryPage):
        return reverse("console_members:gallery", args=[page.author.username, page.gallery_slug])
    if isinstance(page, MemberPage):
        return reverse("console_members:member", args=[page.user.username])
    return reverse("console_members:index")


# --- The viewsets -----------------------------------------------------------------------------------------------------


class OnePageView(View):
    """A view of one page of the members' tree, whatever Wagtail's address calls its key."""

    def dispatch(self, request, *args, **kwargs):
        if not permissions.may_look(request.user):
            raise PermissionDenied
        key = next(
            (kwargs[name] for name in ("page_id", "page_to_move_id", "parent_page_id", "pk") if name in kwargs), 0
        )
        self.page = Page.objects.filter(pk=key).first()
        if self.page is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class LeadToConsole(OnePageView):
    """Reading a page in Wagtail's own views leads to the console's."""

    http_method_names = ["get", "head"]

    def get(self, request, *args, **kwargs):
        return redirect(console_address(self.page))

    def http_method_not_allowed(self, request, *args, **kwargs):
        raise PermissionDenied(_("Members' pages are not edited here."))


class RemoveView(LeadToConsole):
    """Wagtail's Unpublish and Delete: asked for, they lead to the form that takes a reason; sent, they take down."""

    http_method_names = ["get", "head", "post"]

    def post(self, request, *args, **kwargs):
        remove_in_admin(self.page, by=request.user)
        messages.success(request, _("Taken down, with the reason “Removed in the admin”. You can edit the reason."))
        return redirect(console_address(self.page))


class LeadToListing(View):
    """Wagtail's listings of one type of page lead to the console's own."""

    def get(self, request, *args, **kwargs):
        if not permissions.may_look(request.user):
            raise PermissionDenied
        return redirect("console_posts:index")


class Refused(View):
    """What fits nothing that staff do with members' pages."""

    def dispatch(self, request, *args, **kwargs):
        raise PermissionDenied(_("This is not done with members' pages."))


LEAD = {"edit", "history", "history_results", "index", "index_results", "usage", "view_draft", "workflow_history"}
REMOVE = {"delete", "unpublish"}
LIST = {"content_type_use", "content_type_use_results"}


class MembersTreeViewSet(PageViewSet):
    """Wagtail's views of one type of page in the members' tree. All that is named nowhere above is refused."""

    @property
    def parent_models(self):
        # Listing what stands below a page of this type is this viewset's too.
        return [self.model]

    def get_view_by_name(self, name):
        if name in LEAD:
            return LeadToConsole.as_view()
        if name in REMOVE:
            return RemoveView.as_view()
        return LeadToListing.as_view() if name in LIST else Refused.as_view()


def page_viewsets():
    """One viewset for each type of page in the members' tree, and one for all others."""
    members = [MembersTreeViewSet(f"members_tree_{model._meta.model_name}", model=model) for model in MEMBERS_TREE]
    return [EditorialViewSet(), *members]


# --- The explorer of editorial pages ----------------------------------------------------------------------------------


class EditorialFilterSet(GenericPageFilterSet):
    """Wagtail's filters without those whose choices are looked for in every page of the tree and every row of its log."""

    owner = None
    edited_by = None


class EditorialIndexView(ExplorableIndexView):
    """The explorer."""

    base_filterset_class = EditorialFilterSet


class EditorialViewSet(PageViewSet):
    """Wagtail's views of every other page."""

    model = Page
    name = "editorial_pages"
    index_view_class = EditorialIndexView
    filterset_class = EditorialFilterSet
