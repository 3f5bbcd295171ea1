"""The page below which all members stand, and a member's page."""

from django.conf import settings
from django.db import models
from django.http import Http404
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from .tester import MembersRootPermissionTester
from .tree import MembersTreePage, NeverCopied, NeverDeleted


class MembersPage(NeverCopied, NeverDeleted, Page):
    """The one page, /members/, below which all members stand."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["gallery.MemberPage"]
    max_count = 1
    is_creatable = False
    search_fields = []
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("members page")

    def permissions_for_user(self, user):
        return MembersRootPermissionTester(user, self)

    def serve(self, request, *args, **kwargs):
        view, view_args, view_kwargs = resolve(reverse("members"))
        return view(request, *view_args, **view_kwargs)

    def route(self, request, path_components):
        if path_components:
            raise Http404
        return super().route(request, path_components)


class MemberPage(MembersTreePage):
    """A member's page: /members/ana/. Made with the account, in the same transaction."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="member_page", verbose_name=_("member")
    )
    STATES = frozenset({"user"})

    parent_page_types = ["gallery.MembersPage"]
    subpage_types = ["gallery.GalleryPage"]

    class Meta:
        verbose_name = _("member's page")
        verbose_name_plural = _("members' pages")

    def derive(self):
        self.follow(live=self.user.is_member_visible)

    def address(self):
        return reverse("member", args=[self.user.get_username()])
