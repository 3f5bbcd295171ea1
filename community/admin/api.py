"""The admin's own API: pages for the explorer's menu, with members' things taken down or refused; no images.

Wagtail's images endpoint answers everyone with admin access, gives the original's address, and makes a public
rendition by being looked at.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from rest_framework.response import Response
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.models import Page

from gallery.models import MembersPage

from .tree import editorial_only, is_members_thing, remove_in_admin


class PagesEndpoint(PagesAdminAPIViewSet):
    """Editorial pages, as Wagtail has it; of members' things, nothing but their removal."""

    def get_queryset(self):
        return editorial_only(super().get_queryset())

    def action_view(self, request, pk, action_name):
        page = Page.objects.filter(pk=pk).first()
        if page is not None and (is_members_thing(page) or page.specific_class is MembersPage):
            if action_name not in ("unpublish", "delete"):
                raise PermissionDenied(_("This is not done with members' pages."))
            remove_in_admin(page, by=request.user)
            return Response(status=204)
        return super().action_view(request, pk, action_name)


class NoEndpoint:
    """An endpoint in name alone: Wagtail's admin writes its address into every page, and it answers 404."""

    model = None.__class__  # of no model's objects

    @classmethod
    def get_urlpatterns(cls):
        return [path("", cls.nothing, name="listing"), path("<path:rest>", cls.nothing, name="detail")]

    @staticmethod
    def nothing(request, **kwargs):
        raise Http404


def construct_admin_api(router):
    """Hook `construct_admin_api`, after Wagtail's own: our pages for Wagtail's, no images, and no documents at all."""
    router.register_endpoint("pages", PagesEndpoint)
    router.register_endpoint("images", NoEndpoint)
    router.register_endpoint("documents", NoEndpoint)
