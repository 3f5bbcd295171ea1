"""What the pages of members, galleries and posts share as pages of Wagtail's tree."""

import logging

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.http import Http404
from django.urls import resolve
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from .tester import MembersPagePermissionTester

logger = logging.getLogger(__name__)

# Treebeard's own columns. An instance may hold them stale (somebody published into the gallery meanwhile), and writing
# a stale `numchild` back breaks every later publish there.
TREE_COLUMNS = {"path", "depth", "numchild"}


class NeverDeleted:
    """Pages that are taken down or closed, never deleted; Erase sets `may_be_erased` on the instance."""

    def delete(self, *args, **kwargs):
        """Refused before anything is touched: treebeard changes the parent's count of children first of all."""
        if not getattr(self, "may_be_erased", False):
            raise ProtectedError(_("Members' pages are never deleted: take them down instead."), {self})
        return super().delete(*args, **kwargs)


class NeverCopied:
    """Pages of which there is one: a copy or an alias would stay live, on the same pictures, after they are gone."""

    def copy_all_child_relations(self, *args, **kwargs):
        """Refused where each of Wagtail's ways to copy (copy, alias, translation) passes before it saves anything.

        Their permission checks are no guard: code can skip them.
        """
        raise PermissionDenied(_("Members' pages are neither copied nor aliased."))


class MembersTreePage(NeverCopied, NeverDeleted, Page):
    """What member's pages, galleries and posts share. Abstract."""

    # Kept out of Wagtail's search index (each save would aggregate over the whole index table) and of its reference
    # index (each save would queue tasks). The console has a search of its own.
    search_fields = []
    wagtail_reference_index_ignore = True
    private_page_options = []
    is_creatable = False
    # A page that is never a site's root: Wagtail would ask the database at every save.
    _is_site_root = False

    # Columns that decide who can reach it. Written only by who holds the lock and says so.
    STATES = frozenset()

    class Meta:
        abstract = True

    def save(self, clean=False, user=None, log_action=None, *, states=False, **kwargs):
        """Save without Wagtail's validation (the actions have validated) and never the tree's columns of a known row.

        Nor its STATES, unless `states` or `update_fields` say so: Wagtail's actions save whole instances, which may have
        been read before somebody withdrew the page.
        """
        self.derive()
        if not self._state.adding:
            fields = kwargs.get("update_fields")
            if fields:
                fields = {*fields, "live"}
            else:
                fields = self.all_columns() - (set() if states else {*self.STATES, "live"})
            kwargs["update_fields"] = fields - TREE_COLUMNS
        super().save(clean=clean, user=user, log_action=log_action, **kwargs)

    def with_content_json(self, content):
        """A revision never brings back states, visibility, dates or addresses: those belong to the page as it is."""
        page = super().with_content_json(content)
        for name in self.STATES:
            attribute = self._meta.get_field(name).attname
            setattr(page, attribute, getattr(self, attribute))
        return page

    @classmethod
    def all_columns(cls):
        return {field.name for field in cls._meta.concrete_fields if not field.primary_key}

    def derive(self):
        """Set what follows from the states. Logs what it corrects; never raises: Wagtail's scheduler has no net."""

    def follow(self, *, live):
        if not self._state.adding and self.live != live:
            logger.info("live of page %s follows its states: %s", self.pk, live)
        self.live = live

    def permissions_for_user(self, user):
        return MembersPagePermissionTester(user, self)

    # Wagtail's serving leads to the views of ours, by name: gallery never imports them.
    def serve(self, request, *args, **kwargs):
        view, view_args, view_kwargs = resolve(self.address())
        return view(request, *view_args, **view_kwargs)

    def serve_preview(self, request, mode_name):
        return self.serve(request)

    def route(self, request, path_components):
        # Members' addresses are answered by views before Wagtail's; whatever still walks the tree finds nothing.
        raise Http404

    def address(self):
        """The path of its page on the site, starting with a slash."""
        raise NotImplementedError

    def get_absolute_url(self):
        return self.address()

    def get_url_parts(self, request=None):
        # No look at the tree: the address is known.
        return (None, settings.SITE_URL, self.address())

    @property
    def preview_modes(self):
        return []
